"""A proposal: the text is frozen under its hash until both sides have signed it or it is withdrawn."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from orchard.agreement.actions.rights import may_draft
from orchard.agreement.document import parse, text_hash, written
from orchard.agreement.models import AgreementVersion, Signature
from orchard.agreement.queries.names import known
from orchard.agreement.types import BadDocument, Document, State
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.journal import actions as journal
from orchard.kit.errors import Conflict, Refused


@transaction.atomic
def propose(*, member_id: int, revision: int, now: datetime) -> int:
    """Propose the draft as the member last saw it; return the version's id.

    Raises `BadDocument` with every mistake, `Conflict` where the draft changed or another proposal waits.
    """
    may_draft(member_id)
    row = AgreementVersion.objects.select_for_update().filter(state=State.DRAFT, revision=revision).first()
    if row is None:
        raise Conflict(
            "Somebody else has changed this draft meanwhile. Look at it again before you propose it."
        )
    return _freeze(row, member_id, now)


@transaction.atomic
def propose_text(*, text: str, member_id: int | None, now: datetime) -> int:
    """Propose `text` beside whatever draft there is, as the command line does; return the version's id.

    `member_id` None is the operator of this machine. The text that is already proposed is returned as it stands.
    """
    if member_id is not None:
        may_draft(member_id)
    document = _document(text)
    waiting = AgreementVersion.objects.filter(state=State.PROPOSED, text_hash=text_hash(document)).first()
    if waiting is not None:
        return waiting.pk
    row = AgreementVersion(
        text=text,
        based_on=AgreementVersion.objects.filter(state=State.IN_FORCE).first(),
        created_by_id=member_id,
        created_at=now,
        changed_by_id=member_id,
        changed_at=now,
    )
    return _freeze(row, member_id, now)


@transaction.atomic
def withdraw(*, member_id: int | None, version_id: int, now: datetime) -> None:
    """Take a proposal back: its signatures are lost, and its text becomes the draft where there is none.

    The withdrawn version stays in the history as it was proposed. Raises `Conflict`.
    """
    if member_id is not None:
        may_draft(member_id)
    row = AgreementVersion.objects.select_for_update().filter(pk=version_id, state=State.PROPOSED).first()
    if row is None:
        raise Conflict(
            "This version is not waiting for signatures any more. Reload the page to see what became of it."
        )
    Signature.objects.filter(version=row, lost_at=None).update(lost_at=now)
    AgreementVersion.objects.filter(pk=row.pk).update(state=State.RETIRED, retired_at=now)
    AgreementVersion.objects.bulk_create(
        [
            AgreementVersion(
                state=State.DRAFT,
                text=row.text,
                based_on_id=row.based_on_id,
                created_by_id=member_id,
                created_at=now,
                changed_by_id=member_id,
                changed_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    _tell("agreement.withdrawn", row, member_id, now)


def _document(text: str) -> Document:
    found = parse(text, known())
    if isinstance(found, list):
        raise BadDocument(found)
    return found


def _freeze(row: AgreementVersion, member_id: int | None, now: datetime) -> int:
    document = _document(row.text)
    row.document, row.text_hash, row.state = written(document), text_hash(document), State.PROPOSED
    in_force = AgreementVersion.objects.filter(state=State.IN_FORCE).first()
    if in_force is not None and in_force.text_hash == row.text_hash:
        raise Refused(
            "This says the same as version {number}, which is in force. Change something first.",
            number=in_force.number,
        )
    waiting = AgreementVersion.objects.filter(state=State.PROPOSED).first()
    if waiting is not None:
        raise Conflict(
            "Version {number} waits for signatures. Sign it, or withdraw it first.", number=waiting.number
        )
    row.based_on = in_force
    row.number = _next_number()
    row.proposed_at, row.proposed_by_id = now, member_id
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict("Somebody else proposed a version at the same moment. Look at it first.") from error
    _tell("agreement.proposed", row, member_id, now)
    return row.pk


def _next_number() -> int:
    highest: int | None = AgreementVersion.objects.aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def _tell(kind: str, row: AgreementVersion, member_id: int | None, now: datetime) -> None:
    subject = ("agreement", row.pk)
    ledger.append([NewFact(kind, now, subject=subject, member_id=member_id)], now=now)
    journal.record(
        actor_id=member_id,
        action=kind,
        subject=subject,
        details={"number": row.number, "text_hash": row.text_hash},
        now=now,
    )
