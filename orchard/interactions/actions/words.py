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


def change_words(*, interaction_id: int, text: str) -> None:
    """Let other words stand around a fact, in the caller's transaction."""
    Words.objects.filter(interaction_id=interaction_id).update(text=text[:LONGEST])


def move_words(*, interaction_id: int, to: int) -> bool:
    """Let the words around a fact stand around another; return whether there were any."""
    return bool(Words.objects.filter(interaction_id=interaction_id).update(interaction_id=to))


def give_words(*, interaction_id: int, contact_id: int) -> None:
    """Let the words around a fact be words about somebody else, in the caller's transaction."""
    Words.objects.filter(interaction_id=interaction_id).update(contact_id=contact_id)


def forget_words_around(*, interaction_ids: Sequence[int]) -> int:
    """Delete the words around these facts; return how many there were."""
    deleted, _ = Words.objects.filter(interaction_id__in=interaction_ids).delete()
    return deleted


def forget_words(*, contact_ids: Sequence[int]) -> int:
    """Delete all words about these contacts; return how many there were."""
    deleted, _ = Words.objects.filter(contact_id__in=contact_ids).delete()
    return deleted
