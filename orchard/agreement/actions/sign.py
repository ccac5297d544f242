"""A signature; the second one brings the version into force and retires the one before."""

from datetime import datetime

from django.db import transaction

from orchard.agreement.actions.rights import may_sign
from orchard.agreement.models import AgreementVersion, Signature
from orchard.agreement.types import State
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.journal import actions as journal
from orchard.kit.errors import Conflict, NotFound
from orchard.kit.words import Phrase
from orchard.team.types import Side


@transaction.atomic
def sign(*, member_id: int, version_id: int, side: Side | str, text_hash: str, now: datetime) -> State:
    """Sign the text with this hash for `side`; return the version's state, `in_force` after the second signature.

    One member who holds both rights may sign for both sides, each by an act of its own. Raises `NotAllowed`,
    `NotFound`, and `Conflict` where the text is another, the side has signed, or nothing waits.
    """
    side = Side(side)
    may_sign(member_id, side)
    row = AgreementVersion.objects.select_for_update().filter(pk=version_id).first()
    if row is None:
        raise NotFound("There is no such version of the agreement.")
    if row.state != State.PROPOSED:
        raise Conflict("This version does not wait for signatures. Reload the page to see what became of it.")
    if row.text_hash != text_hash:
        raise Conflict("The text is not the one that you read. Reload the page, read it again, then sign.")
    sides = set(Signature.objects.filter(version=row, lost_at=None).values_list("side", flat=True))
    if side in sides:
        raise Conflict("Somebody has already signed for {side}.", side=Phrase(side.value.capitalize()))
    Signature.objects.create(version=row, side=side, member_id=member_id, text_hash=text_hash, signed_at=now)
    _tell("agreement.signed", row, member_id, now, side=side.value)
    if sides | {side} != set(Side):
        return State.PROPOSED
    _bring_into_force(row, member_id, now)
    return State.IN_FORCE


def _bring_into_force(row: AgreementVersion, member_id: int, now: datetime) -> None:
    AgreementVersion.objects.filter(state=State.IN_FORCE).update(state=State.RETIRED, retired_at=now)
    AgreementVersion.objects.filter(pk=row.pk).update(state=State.IN_FORCE, in_force_at=now)
    _tell("agreement.in_force", row, member_id, now)


def _tell(kind: str, row: AgreementVersion, member_id: int, now: datetime, **details: str) -> None:
    subject = ("agreement", row.pk)
    ledger.append([NewFact(kind, now, subject=subject, member_id=member_id)], now=now)
    journal.record(
        actor_id=member_id,
        action=kind,
        subject=subject,
        details={"number": row.number, "text_hash": row.text_hash, **details},
        now=now,
    )
