"""The room's vocabulary: scopes and tokens, facts that other systems state, and the ways to refuse a call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from orchard.interactions.types import Fact
from orchard.kit.errors import Conflict, NotAllowed, NotFound, Refused
from orchard.kit.words import Phrase
from orchard.team.types import Reach

DOOR = "/api/"
"""Where every address of the door begins."""

TOKEN_NAME = 80
"""How many characters the name of a token has at most."""

MOST_FACTS = 1_000
"""How many facts one call may state."""

LIVE_FACTS = 100
"""Up to how many facts of one call go into the live lane; more stand behind what people do meanwhile."""

AHEAD = timedelta(minutes=5)
"""How far the clock of another system may be ahead of ours."""

KEY_LENGTH = 255
"""How many characters an `Idempotency-Key` has at most."""

KEPT = timedelta(hours=24)
"""How long what a key was answered is kept."""


class Scope(StrEnum):
    """What a token may be used for; its member's role narrows it further."""

    CONTACTS_READ = "contacts:read"
    CONTACTS_WRITE = "contacts:write"
    FACTS_READ = "facts:read"
    FACTS_WRITE = "facts:write"
    LEADS_READ = "leads:read"
    LEADS_WRITE = "leads:write"
    SEGMENTS_READ = "segments:read"

    @property
    def label(self) -> str:
        """The words for it on a page."""
        return {
            "contacts:read": Phrase("read contacts"),
            "contacts:write": Phrase("add and change contacts"),
            "facts:read": Phrase("read what happened with contacts"),
            "facts:write": Phrase("state what happened with contacts"),
            "leads:read": Phrase("read leads"),
            "leads:write": Phrase("take, return and give leads, and log what happened with them"),
            "segments:read": Phrase("read segments and who is in them"),
        }[self.value]


OFFERED = (
    Scope.CONTACTS_READ,
    Scope.CONTACTS_WRITE,
    Scope.FACTS_READ,
    Scope.FACTS_WRITE,
    Scope.LEADS_READ,
    Scope.LEADS_WRITE,
    Scope.SEGMENTS_READ,
)
"""The scopes that some operation asks for; a test says when one is missing."""


class State(StrEnum):
    """Whether a token works, and if not, why."""

    WORKS = "works"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    MEMBER_OFF = "member off"


@dataclass(frozen=True, slots=True)
class Made:
    """A token just made, with the secret that is shown this once and kept nowhere."""

    id: int
    name: str
    secret: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a token, the member it acts for, and the scopes that the two leave together."""

    token_id: int
    token: str
    prefix: str
    member_id: int
    member: str
    role: str
    reach: Reach
    scopes: frozenset[Scope]
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact as another system states it; `sign` says whom it is about: our id, an e-mail address, (system, id)."""

    sign: int | str | tuple[str, str]
    kind: str
    occurred_at: datetime | None = None
    campaign: str = ""
    content: str = ""
    words: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a stated fact: its id (None where its key had been stated before), and its contact."""

    id: int | None
    contact_id: int


@dataclass(frozen=True, slots=True)
class FactShown:
    """A fact with what its campaign, content and member are called, and the words around it."""

    fact: Fact
    campaign: str
    content: str
    member: str
    words: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one part of a request: where it stands, and a sentence.

    `pointer` is a JSON pointer into the body; a part that stands elsewhere has a `place` (`query`, `header`, `path`)
    and a `parameter`.
    """

    detail: str
    pointer: str = ""
    place: str = ""
    parameter: str = ""


class ApiRefused(Refused):
    """A refusal by the door itself; `problem` names it for programs, `headers` go with the answer."""

    problem = ""
    headers: Mapping[str, str]

    def __init__(self, sentence: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.headers = dict(headers or {})


class NotKnown(ApiRefused):
    """Nobody knows who calls: there is no token, or none that works."""

    status, problem = 401, "token-not-accepted"


class OutOfScope(ApiRefused, NotAllowed):
    """The token, or the role of its member, does not reach that far."""

    status, problem = 403, "scope-missing"


class RoleLacking(ApiRefused, NotAllowed):
    """The scope reaches that far, the role of the token's member does not."""

    status, problem = 403, "role-missing"


class KeyMissing(ApiRefused):
    """A POST without an `Idempotency-Key`, or with one that is none."""

    status, problem = 400, "idempotency-key-missing"


class KeyReused(ApiRefused):
    """The key was used for another call."""

    status, problem = 422, "idempotency-key-reused"


class StillRunning(ApiRefused, Conflict):
    """A call with this key is at work."""

    status, problem = 409, "call-still-running"


class AnswerErased(ApiRefused):
    """The call was done once; what it was answered was erased together with the person."""

    status, problem = 410, "answer-erased"


class Changed(ApiRefused):
    """The record is not what the caller saw any more, or the caller saw none of ours."""

    status, problem = 412, "changed-meanwhile"


class NotSeen(ApiRefused):
    """The caller does not say what it saw."""

    status, problem = 428, "if-match-missing"


class TooLarge(ApiRefused):
    """The body is larger than the door lets in."""

    status, problem = 413, "body-too-large"


class WrongMedia(ApiRefused):
    """The body is no JSON by its own words."""

    status, problem = 415, "media-type-not-accepted"


class NotJson(ApiRefused):
    """The body is no JSON."""

    status, problem = 400, "not-json"


class Flawed(ApiRefused):
    """Parts of the request do not fit; each is named."""

    status, problem = 422, "parts-do-not-fit"

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__("Some parts of this request do not fit; `errors` names each.")
        self.flaws = tuple(flaws)


class UnknownToken(NotFound):
    """There is no such token."""


@dataclass(frozen=True, slots=True)
class TokenFields:
    """What is said of a token when it is made."""

    name: str
    member_id: int
    scopes: frozenset[Scope] = field(default_factory=frozenset)
    expires_at: datetime | None = None
