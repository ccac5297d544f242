"""The draft: any text may be kept, also a wrong one, so that nobody loses work."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from orchard.agreement.actions.rights import may_draft
from orchard.agreement.document import MOST_CHARACTERS
from orchard.agreement.models import AgreementVersion
from orchard.agreement.types import State
from orchard.journal import actions as journal
from orchard.kit.errors import Conflict, Refused


@transaction.atomic
def save_draft(*, member_id: int, text: str, revision: int | None, now: datetime) -> int:
    """Keep `text` as the draft and return the draft's new revision.

    `revision` is the one that the member had open, None to begin a draft. Raises `Conflict` where somebody else
    saved or began one in between; nothing is overwritten.
    """
    may_draft(member_id)
    if len(text) > MOST_CHARACTERS or "\x00" in text:
        raise Refused("An agreement is plain text of at most {at_most} characters.", at_most=MOST_CHARACTERS)
    if revision is None:
        begun = _begin(member_id, text, now)
        _note(begun, 1, by=member_id, now=now)
        return 1
    changed = AgreementVersion.objects.filter(state=State.DRAFT, revision=revision).update(
        text=text, revision=F("revision") + 1, changed_by_id=member_id, changed_at=now
    )
    if not changed:
        raise Conflict(
            "Somebody else has saved this draft, or it was proposed. Reload it; your text is still here to copy."
        )
    draft = AgreementVersion.objects.values_list("id", flat=True).get(state=State.DRAFT)
    _note(draft, revision + 1, by=member_id, now=now)
    return revision + 1


def discard_draft(*, member_id: int, revision: int, now: datetime) -> None:
    """Throw the draft away; its text stays in the journal. Raises `Conflict` where it changed meanwhile."""
    may_draft(member_id)
    with transaction.atomic():
        row = (
            AgreementVersion.objects.select_for_update().filter(state=State.DRAFT, revision=revision).first()
        )
        if row is None:
            raise Conflict(
                "Somebody else has changed this draft meanwhile. Look at it again before you discard it."
            )
        journal.record(
            actor_id=member_id,
            action="agreement.draft_discarded",
            subject=("agreement", row.pk),
            details={"version": revision, "text": row.text},
            now=now,
        )
        row.delete()


def _note(draft_id: int, revision: int, *, by: int, now: datetime) -> None:
    """Note in the audit book who saved the draft, and which text of it by its number; never the text."""
    journal.record(
        actor_id=by,
        action="agreement.draft_saved",
        subject=("agreement", draft_id),
        details={"version": revision},
        now=now,
    )


def _begin(member_id: int, text: str, now: datetime) -> int:
    base = AgreementVersion.objects.filter(state=State.IN_FORCE).first()
    try:
        with transaction.atomic():
            draft = AgreementVersion.objects.create(
                state=State.DRAFT,
                text=text,
                based_on=base,
                created_by_id=member_id,
                created_at=now,
                changed_by_id=member_id,
                changed_at=now,
            )
    except IntegrityError as error:
        raise Conflict("There is a draft already. Open it and go on from there.") from error
    return draft.pk
