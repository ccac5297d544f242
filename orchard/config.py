"""What the operator may set, read from the environment once, each wrong value with a sentence."""

import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from orchard.kit import embedded_postgres
from orchard.kit.errors import Refused

KNOWN = (
    "ORCHARD_DEBUG",
    "ORCHARD_EMAIL_URL",
    "ORCHARD_ENGINE",
    "ORCHARD_ERASURES",
    "ORCHARD_HOME",
    "ORCHARD_HOSTS",
    "ORCHARD_LOG",
    "ORCHARD_LOG_LEVEL",
    "ORCHARD_METRICS_TOKEN",
    "ORCHARD_PARENT",  # ours: whose death ends a server's workers
    "ORCHARD_SECRET_KEY",
    "ORCHARD_SLOW_MS",
)
"""Every variable that Orchard reads, besides DATABASE_URL."""

OURS = "ORCHARD_"
HOUR_MS = 3_600_000
SHORTEST_TOKEN = 24


@dataclass(frozen=True, slots=True)
class Mail:
    """How e-mail leaves, as Django's mail backends ask for it."""

    backend: str
    sender: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    start_tls: bool = False
    ssl: bool = False


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one installation."""

    home: Path
    database_url: str
    engine: str
    hosts: tuple[str, ...]
    debug: bool
    email_url: str
    log: str
    log_level: str
    slow_ms: int
    metrics_token: str
    erasures: Path | None
    """Where the list of erasures lies; None: in `home`."""

    @property
    def embedded(self) -> bool:
        """Whether Orchard runs its own PostgreSQL."""
        return not self.database_url

    def secret(self) -> str:
        """Return the installation's secret key; made on first use and kept in its home with mode 0600."""
        if given := self.secret_given():
            return given
        self.home.mkdir(parents=True, exist_ok=True)
        path = self.home / "secret"
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        return path.read_text().strip()

    def secret_given(self) -> str:
        """Return the secret key that the environment names; empty where the home keeps it."""
        return os.environ.get("ORCHARD_SECRET_KEY", "")

    def database(self) -> dict[str, object]:
        """Return Django's settings of the database connection."""
        if self.embedded:
            return {**embedded_postgres.address(self.home).django()}
        return from_url(self.database_url)

    def mail(self) -> Mail:
        """Return how e-mail leaves."""
        return mail_from_url(self.email_url)


def from_url(url: str) -> dict[str, object]:
    """Read `postgresql://user:password@host:port/name?host=/socket&option=…` into Django's settings."""
    wanted = "DATABASE_URL must look like postgresql://user:password@host:5432/name."
    parts = _split(url, wanted)
    if parts.scheme not in {"postgres", "postgresql"} or len(parts.path) < 2:  # noqa: PLR2004 - "/" and a name
        raise Refused(wanted)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
    }


def _split(url: str, wanted: str) -> SplitResult:
    """Take a URL apart; what it holds, passwords among it, is in no complaint."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise Refused(
            f"{wanted} In a password write % as %25, / as %2F, # as %23, ? as %3F, @ as %40, : as %3A, [ as %5B and"
            " ] as %5D."
        ) from None
    return parts


def mail_from_url(url: str) -> Mail:
    """Read `console://` or `smtp://user:password@host:587?tls=1&from=us@company.example` (`smtps://`: TLS at once)."""
    wanted = (
        "ORCHARD_EMAIL_URL must be console:// or look like"
        " smtp://user:password@host:587?tls=1&from=orchard@company.example."
    )
    parts = _split(url, wanted)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    sender = options.pop("from", "")
    start_tls = options.pop("tls", "0") == "1"
    if options:
        raise Refused(wanted)
    if parts.scheme == "console":
        return Mail("django.core.mail.backends.console.EmailBackend", sender or "orchard@localhost")
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not _is_address(parseaddr(sender)[1]):
        raise Refused(wanted)
    ssl = parts.scheme == "smtps"
    return Mail(
        backend="django.core.mail.backends.smtp.EmailBackend",
        sender=sender,
        host=parts.hostname,
        port=parts.port or (465 if ssl else 587 if start_tls else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        start_tls=start_tls and not ssl,
        ssl=ssl,
    )


def _is_address(text: str) -> bool:
    try:
        address = Address(addr_spec=text)
    except (ValueError, IndexError, HeaderParseError):
        return False
    return bool(address.username and address.domain)


def engine(setting: str, text: str) -> str:
    """Return the engine that `setting` names."""
    if text != "duckdb" and not text.startswith(("spark://", "local[")):
        raise Refused(f"{setting} must be duckdb or a Spark master such as spark://host:7077.")
    return text


def read(environment: Mapping[str, str]) -> Config:
    """Read the settings from `environment`."""
    slow = environment.get("ORCHARD_SLOW_MS", "500")
    if not (slow.isascii() and slow.isdigit()) or not 0 < int(slow) <= HOUR_MS:
        raise Refused("ORCHARD_SLOW_MS must be a whole number of milliseconds from 1 to 3600000.")
    token = environment.get("ORCHARD_METRICS_TOKEN", "")
    if token and len(token) < SHORTEST_TOKEN:
        raise Refused(
            f"ORCHARD_METRICS_TOKEN must have at least {SHORTEST_TOKEN} characters. "
            "`openssl rand -hex 24` makes a good one."
        )
    return Config(
        home=Path(environment.get("ORCHARD_HOME", ".orchard")).expanduser().absolute(),
        database_url=environment.get("DATABASE_URL", ""),
        engine=engine("ORCHARD_ENGINE", environment.get("ORCHARD_ENGINE", "duckdb")),
        hosts=tuple(name.strip() for name in environment.get("ORCHARD_HOSTS", "").split(",") if name.strip()),
        debug=environment.get("ORCHARD_DEBUG", "") == "1",
        email_url=environment.get("ORCHARD_EMAIL_URL", "console://"),
        log=_one_of(environment, "ORCHARD_LOG", ("text", "json")),
        log_level=_one_of(environment, "ORCHARD_LOG_LEVEL", ("info", "debug", "warning", "error")),
        slow_ms=int(slow),
        metrics_token=token,
        erasures=Path(given).expanduser().absolute()
        if (given := environment.get("ORCHARD_ERASURES"))
        else None,
    )


def strangers(environment: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return each variable that looks like ours and is not, with the one that was probably meant, or nothing."""
    known = {name.removeprefix(OURS): name for name in KNOWN}
    ours = sorted(name.removeprefix(OURS) for name in environment if name.startswith(OURS))
    return [
        (OURS + name, known[meant[0]] if (meant := get_close_matches(name, known, n=1)) else "")
        for name in ours
        if name not in known and not name.startswith("TEST_")
    ]


def _one_of(environment: Mapping[str, str], name: str, allowed: Sequence[str]) -> str:
    """Return the value of a variable that knows few words; the first is meant where nothing is said."""
    given = environment.get(name, "").lower() or allowed[0]
    if given not in allowed:
        raise Refused(f"{name} must be one of {', '.join(allowed)}.")
    return given


@cache
def current() -> Config:
    """Return the settings of this process."""
    return read(os.environ)
