"""Whether Orchard is set up as it must be: who may come in, what is secret, where mail goes, who can act."""

import os
import smtplib
import stat
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import checks
from django.core.mail import get_connection
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orchard.agreement import queries as agreement
from orchard.engine import spark
from orchard.kit import logs
from orchard.kit.errors import Refused
from orchard.reports.types import Finding, Grade
from orchard.team import queries as team
from orchard.team.types import Role, Side

DUCKDB = "duckdb"
SHORTEST_SECRET, FEWEST_LETTERS = 32, 8

# Of what Django says of a deployment: what we say better, and what the proxy in front of us decides.
_SAID = frozenset(
    {
        "security.W001",  # our own web/ui/csp.py sends those headers
        "security.W002",
        "security.W004",  # HSTS is the proxy's
        "security.W008",  # so is leading to HTTPS
        "security.W009",  # the secret key, below
        "security.W012",  # cookies without TLS: only where nobody comes from outside
        "security.W016",
        "security.W018",  # debug, below
        "security.W020",  # hosts, below
        "security.W021",  # HSTS again
        "security.W005",
    }
)

_RIGHTS = """
SELECT count(*) FILTER (WHERE NOT has_table_privilege(c.oid, 'SELECT')),
       count(*) FILTER (WHERE NOT has_table_privilege(c.oid, 'INSERT')),
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user), current_setting('TimeZone')
  FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
"""


def set_up() -> list[Finding]:
    """Return how the settings are; only what is not well, and a word for each thing that is."""
    return [one for look in _LOOKS for one in look()]


def mail_answers() -> Finding:
    """Connect to the mail server, log in there, and send nothing."""
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    if "smtp" not in settings.EMAIL_BACKEND:
        return Finding(_("Mail server"), Grade.WELL, _("None is set, so none is asked."))
    mail = get_connection()
    try:
        mail.open()
    except smtplib.SMTPAuthenticationError as error:
        words = _("%(server)s does not let us in (code %(code)s).") % {
            "server": server,
            "code": error.smtp_code,
        }
        return Finding(
            _("Mail server"), Grade.BROKEN, words, _("Mend user and password in ORCHARD_EMAIL_URL.")
        )
    except OSError as error:
        said = logs.words_of(error) or type(error).__name__
        words = _("%(server)s does not answer as a mail server: %(said)s.") % {"server": server, "said": said}
        todo = _("Mend host, port and TLS in ORCHARD_EMAIL_URL, or let this machine reach it.")
        return Finding(_("Mail server"), Grade.BROKEN, words, todo)
    mail.close()
    return Finding(_("Mail server"), Grade.WELL, _("%(server)s answers.") % {"server": server})


def engine_answers() -> Finding:
    """Look whether what assesses everybody is to be had, and give it nothing to do."""
    about, engine = _("Engine"), settings.ORCHARD_ENGINE
    try:
        if engine != DUCKDB:
            spark.check(engine)
    except Refused as error:
        todo = _(
            "Mend that, or let ORCHARD_ENGINE be duckdb: until then a new agreement holds only for whom something"
            " happens to."
        )
        return Finding(about, Grade.BROKEN, str(error), todo)
    return Finding(about, Grade.WELL, _("Everybody is assessed by %(engine)s.") % {"engine": engine})


def _secret() -> Iterator[Finding]:
    about, key = _("Secret key"), settings.SECRET_KEY
    todo = _(
        "Make a new one, for example with `openssl rand -base64 48`; everybody logs in again after that."
    )
    path = Path(settings.ORCHARD_HOME) / "secret"
    if len(key) < SHORTEST_SECRET or len(set(key)) < FEWEST_LETTERS:
        yield Finding(
            about, Grade.BROKEN, _("The secret key can be guessed: it is too short or too plain."), todo
        )
    elif (
        not os.environ.get("ORCHARD_SECRET_KEY")
        and path.exists()
        and stat.S_IMODE(path.stat().st_mode) & 0o077
    ):
        words = _("Others on this machine may read the secret key in %(path)s.") % {"path": path}
        yield Finding(about, Grade.LOOK, words, _("Take that from them: `chmod 600` that file."))
    else:
        yield Finding(about, Grade.WELL, _("It is long enough."))


def _hosts() -> Iterator[Finding]:
    about, hosts = _("Address"), settings.ORCHARD_HOSTS
    if not hosts:
        yield Finding(
            about,
            Grade.WELL,
            _("Orchard is reached from this machine only, as ORCHARD_HOSTS names no other name."),
        )
        return
    wrong = [
        name
        for name in hosts
        if "*" in name or "/" in name or ":" in name or urlsplit(f"//{name}").hostname != name.lower()
    ]
    if wrong:
        words = _("ORCHARD_HOSTS holds what is no host name: %(names)s.") % {"names": ", ".join(wrong)}
        todo = _(
            "Write the names alone, such as orchard.company.example, with commas between; no scheme, port or star."
        )
        yield Finding(about, Grade.BROKEN, words, todo)
    else:
        yield Finding(about, Grade.WELL, _("Orchard is reached as https://%(host)s.") % {"host": hosts[0]})


def _debug() -> Iterator[Finding]:
    if settings.DEBUG:
        grade = Grade.BROKEN if settings.ORCHARD_HOSTS else Grade.LOOK
        yield Finding(
            _("Debug"),
            grade,
            _("Faults show code and settings to whoever meets them."),
            _("Take ORCHARD_DEBUG away."),
        )


@cache
def _said_by_django() -> tuple[checks.CheckMessage, ...]:
    return tuple(checks.run_checks(include_deployment_checks=True))


def _django() -> Iterator[Finding]:
    """Tell what Django finds wrong and nothing else says; it is the same as long as the process runs."""
    for found in _said_by_django():
        if found.level >= checks.WARNING and found.id not in _SAID:
            grade = Grade.BROKEN if found.is_serious() else Grade.LOOK
            yield Finding(_("Django"), grade, f"{found.msg} ({found.id})", str(found.hint or ""))


def _database() -> Iterator[Finding]:
    about = _("Database role")
    with connection.cursor() as cursor:
        cursor.execute(_RIGHTS)
        unread, unwritten, is_super, zone = cursor.fetchone()
    if unread or unwritten:
        words = ngettext(
            "The database role may not read or add rows in %(n)s table.",
            "The database role may not read or add rows in %(n)s tables.",
            max(unread, unwritten),
        ) % {"n": max(unread, unwritten)}
        yield Finding(
            about, Grade.BROKEN, words, _("GRANT SELECT, INSERT on all tables to the role in DATABASE_URL.")
        )
    elif is_super and not settings.ORCHARD_EMBEDDED:
        words = _("Orchard works as a superuser of PostgreSQL.")
        yield Finding(
            about, Grade.LOOK, words, _("Give it a role of its own that owns this database and nothing else.")
        )
    else:
        yield Finding(about, Grade.WELL, _("It may do what it must."))
    if zone != "UTC":
        words = _("The database session runs in %(zone)s instead of UTC.") % {"zone": zone}
        yield Finding(_("Time zone"), Grade.BROKEN, words, _("Take the option TimeZone out of DATABASE_URL."))
    if settings.ORCHARD_EMBEDDED and settings.ORCHARD_HOSTS:
        yield Finding(
            _("Embedded PostgreSQL"),
            Grade.LOOK,
            _("Others reach this Orchard, and its database is the embedded one."),
            _("For a company that relies on it, set DATABASE_URL to a PostgreSQL that somebody backs up."),
        )


def _zones() -> Iterator[Finding]:
    names = {member.time_zone for member in team.active()} | {one.time_zone for one in team.territories()}
    unknown = sorted(name for name in names if not _is_zone(name))
    if unknown:
        words = _("This machine does not know these time zones: %(names)s.") % {"names": ", ".join(unknown)}
        yield Finding(_("Time zone"), Grade.BROKEN, words, _("Install the system's package tzdata."))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True


def _home() -> Iterator[Finding]:
    home = Path(settings.ORCHARD_HOME)
    try:
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        facts = {"home": home, "said": logs.words_of(error)}
        words = _("Nothing can be written to %(home)s: %(said)s.") % facts
        yield Finding(
            _("Data folder"), Grade.BROKEN, words, _("Let the user that runs Orchard own that folder.")
        )
    else:
        yield Finding(_("Data folder"), Grade.WELL, _("%(home)s can be written to.") % {"home": home})


def _mail() -> Iterator[Finding]:
    if "smtp" in settings.EMAIL_BACKEND:
        facts = {"host": settings.EMAIL_HOST, "port": settings.EMAIL_PORT}
        yield Finding(_("Mail"), Grade.WELL, _("Mails leave by %(host)s:%(port)s.") % facts)
        return
    grade = Grade.LOOK if settings.ORCHARD_HOSTS else Grade.WELL
    todo = _(
        "Set ORCHARD_EMAIL_URL, such as smtp://user:password@host:587?tls=1&from=orchard@company.example."
    )
    words = _(
        "No mail server is set: mails are only printed where the worker runs. That does for trying Orchard out."
    )
    if settings.ORCHARD_HOSTS:
        words = _("No mail server is set: mails are only printed where the worker runs, and reach nobody.")
    yield Finding(_("Mail"), grade, words, todo if settings.ORCHARD_HOSTS else "")


def _demo() -> Iterator[Finding]:
    if team.demo_logins() and settings.ORCHARD_HOSTS:
        yield Finding(
            _("Demo company"),
            Grade.BROKEN,
            _("Others reach this Orchard, and everybody knows the passwords of its demo logins."),
            _(
                "Start a company of your own with --no-demo in another ORCHARD_HOME, or take ORCHARD_HOSTS away."
            ),
        )


def _members() -> Iterator[Finding]:
    about, people = _("Members"), team.active()
    if not any(one.role == Role.ADMIN for one in people):
        words = _("Nobody who can log in is an admin.")
        todo = _("Invite one: `orchard member add --email you@company.example --role admin`.")
        yield Finding(about, Grade.BROKEN, words, todo)
    else:
        words = ngettext("%(n)s member can log in.", "%(n)s members can log in.", len(people)) % {
            "n": len(people)
        }
        yield Finding(about, Grade.WELL, words)
    for side in Side:
        if not team.signers(side):
            words = _("Nobody may sign the agreement for %(side)s.") % {"side": side.value.capitalize()}
            yield Finding(
                _("Signatures"), Grade.LOOK, words, _("Give somebody that right on the page Members.")
            )


def _agreement() -> Iterator[Finding]:
    about, version = _("Agreement"), agreement.in_force()
    if version is None:
        words = _("No agreement is in force, so nobody becomes a lead.")
        yield Finding(about, Grade.LOOK, words, _("Write one under Agreement and let both sides sign it."))
    else:
        yield Finding(about, Grade.WELL, _("Version %(n)s is in force.") % {"n": version.number})


_LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _hosts,
    _secret,
    _debug,
    _django,
    _database,
    _zones,
    _home,
    _mail,
    _demo,
    _members,
    _agreement,
)
