"""Reads of versions: the draft, the one that waits for signatures, the one in force, and those before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.db.models import Prefetch, QuerySet

from orchard.agreement.document import parse
from orchard.agreement.models import AgreementVersion, Signature
from orchard.agreement.queries.names import known
from orchard.agreement.types import Document, State
from orchard.kit import once
from orchard.kit.errors import NotFound
from orchard.team.types import Side

_TEMPLATE = Path(__file__).parents[1] / "starters" / "default.yaml"


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed for a side, and when."""

    side: Side
    name: str
    member_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class VersionShown:
    """A version as pages, the command line and other rooms read it. `document` is None while a draft has mistakes."""

    id: int
    number: int | None
    state: State
    text: str
    text_hash: str
    revision: int
    document: Document | None
    based_on: int | None
    changed_by: str
    changed_at: datetime
    proposed_by: str
    proposed_at: datetime | None
    in_force_at: datetime | None
    retired_at: datetime | None
    signed: tuple[Signed, ...]

    def signed_for(self, side: Side | str) -> Signed | None:
        """Return the signature that stands for `side`."""
        return next((each for each in self.signed if each.side == side), None)


def in_force() -> VersionShown | None:
    """Return the version that the house works by now; None before the first was signed."""
    return once.asked("agreement.in_force.shown", lambda: _one(_versions().filter(state=State.IN_FORCE)))


def proposed() -> VersionShown | None:
    """Return the version that waits for signatures."""
    return _one(_versions().filter(state=State.PROPOSED))


def draft() -> VersionShown | None:
    """Return the draft that is being worked on; there is at most one."""
    return _one(_versions().filter(state=State.DRAFT))


def version(version_id: int) -> VersionShown:
    """Return a version by its id. Raises `NotFound`."""
    return _found(_one(_versions().filter(pk=version_id)))


def version_numbered(number: int) -> VersionShown:
    """Return a version by the number that people know it by. Raises `NotFound`."""
    return _found(_one(_versions().filter(number=number)))


def history() -> Sequence[VersionShown]:
    """Return every version that was ever proposed, the newest first."""
    return [_shown(row) for row in _versions().filter(number__isnull=False).order_by("-number")]


def numbers_of(version_ids: Iterable[int | None]) -> dict[int, int | None]:
    """Return the numbers of these versions, None for a draft; those that are not there are left out."""
    wanted = {each for each in version_ids if each is not None}
    return dict(AgreementVersion.objects.filter(pk__in=wanted).values_list("pk", "number")) if wanted else {}


@lru_cache(maxsize=1)
def template_text() -> str:
    """Return the agreement that a new company starts from."""
    return _TEMPLATE.read_text(encoding="utf-8")


def _versions() -> QuerySet[AgreementVersion]:
    valid = Signature.objects.filter(lost_at__isnull=True).select_related("member").order_by("signed_at")
    return AgreementVersion.objects.select_related("changed_by", "proposed_by").prefetch_related(
        Prefetch("signatures", queryset=valid, to_attr="valid_signatures")
    )


def _one(rows: QuerySet[AgreementVersion]) -> VersionShown | None:
    row = rows.first()
    return _shown(row) if row else None


def _found(shown: VersionShown | None) -> VersionShown:
    if shown is None:
        raise NotFound("There is no such version of the agreement.")
    return shown


def _shown(row: AgreementVersion) -> VersionShown:
    signatures: list[Signature] = getattr(row, "valid_signatures", [])
    return VersionShown(
        id=row.pk,
        number=row.number,
        state=State(row.state),
        text=row.text,
        text_hash=row.text_hash,
        revision=row.revision,
        document=_document(row),
        based_on=row.based_on_id,
        changed_by=row.changed_by.name if row.changed_by else "",
        changed_at=row.changed_at,
        proposed_by=row.proposed_by.name if row.proposed_by else "",
        proposed_at=row.proposed_at,
        in_force_at=row.in_force_at,
        retired_at=row.retired_at,
        signed=tuple(Signed(Side(s.side), s.member.name, s.member_id, s.signed_at) for s in signatures),
    )


def _document(row: AgreementVersion) -> Document | None:
    """Read a frozen version without looking its names up: it was right when it was proposed."""
    if row.state != State.DRAFT and row.document is not None:
        return Document.model_validate(row.document)
    found = parse(row.text, known())
    return found if isinstance(found, Document) else None
