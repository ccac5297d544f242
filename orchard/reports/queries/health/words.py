"""What the parts, the work by the clock and the troubles of the house are called by who is no engineer."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from orchard.interactions.types import Consumer
from orchard.kit.words import Phrase, said

PARTS = {
    "live": Phrase("what happens now"),
    "bulk": Phrase("imports and what follows from them"),
    "work": Phrase("long work"),
    "web": Phrase("pages"),
}
"""The processes."""

WORK = {
    "agreement.due": Phrase("verdicts that time turns"),
    "agreement.refresh": Phrase("assessing everybody by a new agreement"),
    "agreement.refresh_daily": Phrase("assessing everybody once a day"),
    "api.forget_answers": Phrase("forgetting old answers to other systems"),
    "connect.imports": Phrase("imports"),
    "contacts.forget_files": Phrase("deleting removed files"),
    "contacts.note_erasures": Phrase("the list of erasures"),
    "engine.lake": Phrase("the copy that reports read"),
    "engine.lake_tail": Phrase("the copy that reports read"),
    "interactions.read_aside": Phrase("segments and search"),
    "leads.draw": Phrase("offering leads"),
    "leads.look_round": Phrase("leads of who is away"),
    "leads.tick": Phrase("the clocks of leads"),
    "nurture.move": Phrase("moving contacts on in programs"),
    "nurture.sweep": Phrase("looking for who fits into programs"),
    "outbox.deliver_email": Phrase("sending mails"),
    "outbox.forget_old": Phrase("forgetting old mails"),
    "reports.orchard": Phrase("drawing the orchard"),
    "segments.count": Phrase("counting segments"),
    "segments.turn_due": Phrase("segments that time turns"),
    "tasks.forget_notices": Phrase("forgetting old notices"),
    "tasks.mail_digests": Phrase("mails to members about what is new"),
    "tasks.remind": Phrase("reminders"),
    "team.forget_sessions": Phrase("forgetting old logins"),
}
"""What the clock asks for."""

_AWAY = (
    "ConnectionRefusedError",
    "ConnectionResetError",
    "TimeoutError",
    "gaierror",
    "SMTPServerDisconnected",
)
_MAIL = {
    **dict.fromkeys(_AWAY, Phrase("The mail server does not answer.")),
    "SMTPConnectError": Phrase("The mail server does not answer."),
    "SMTPAuthenticationError": Phrase("The mail server does not let Orchard in: user or password is wrong."),
    "SMTPRecipientsRefused": Phrase("The mail server does not take mail for this address."),
    "SMTPSenderRefused": Phrase("The mail server does not take mail from the sender that is set."),
    "SMTPDataError": Phrase("The mail server refused what the mail says."),
}


def beside(words: str, machine: str) -> str:
    """Return words with the name beside them by which logs speak of the same."""
    return _("%(words)s (`%(machine)s`)") % {"words": words, "machine": machine}


def part_named(part: str) -> str:
    """Return what a process of that name does."""
    return beside(said(PARTS[part]), part) if part in PARTS else part


def work_named(place: str, consumers: Iterable[Consumer] = ()) -> str:
    """Return what goes on in the worker at that place; empty where it is none of its."""
    readers = {each.name: each.named for each in consumers}
    return said(readers.get(place) or WORK.get(place) or PARTS.get(place) or "")


def why_not_sent(error: str) -> Phrase:
    """Return in a sentence why a mail did not leave, by the kind of error that was kept."""
    return _MAIL.get(error.partition(":")[0], Phrase("Orchard could not hand this mail over."))
