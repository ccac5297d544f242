"""How the words around a fact are kept beside the ledger, and erased."""

from collections.abc import Iterable, Sequence

from orchard.interactions.models import Words

# A longer text is content, not a remark.
LONGEST = 20_000


def keep_words(texts: Iterable[tuple[int, int | None, str]]) -> None:
    """Keep (interaction id, contact id, text) for each, in the caller's transaction; empty texts are left out."""
    Words.objects.bulk_create(
        [
            Words(interaction_id=interaction_id, contact_id=contact_id, text=text[:LONGEST])
            for interaction_id, contact_id, text in texts
            if text
        ],
        ignore_conflicts=True,
        batch_size=2_000,
    )


def forget_words(*, contact_ids: Sequence[int]) -> int:
    """Delete all words about these contacts; return how many there were."""
    deleted, _ = Words.objects.filter(contact_id__in=contact_ids).delete()
    return deleted
