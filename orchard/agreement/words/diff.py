"""What changed between two agreements, said in words and marked in the contract: struck before, new after."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from orchard.agreement.words.runs import Clause, Mark, Sentence


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the clause as numbered now, and the sentence before and after, empty where it was not there."""

    clause: int
    title: str
    before: str
    after: str


def marked(before: Sequence[Clause], after: Sequence[Clause]) -> list[Clause]:
    """Return the clauses of `after`, with what stood there `before` struck out beside it.

    A figure that changed in an unchanged sentence carries `was`; other changes mark whole sentences. A clause that
    is gone comes last, with number 0.
    """
    old = {clause.key: clause for clause in before}
    found = [
        replace(clause, sentences=_sentences(_of(old.get(clause.key)), clause.sentences)) for clause in after
    ]
    kept = {clause.key for clause in after}
    gone = [clause for clause in before if clause.key not in kept]
    return found + [replace(clause, number=0, sentences=_sentences(clause.sentences, ())) for clause in gone]


def changes(before: Sequence[Clause], after: Sequence[Clause]) -> list[Change]:
    """Return every change in the order of the contract; empty where both say the same."""
    old = {sentence.id: sentence for clause in before for sentence in clause.sentences}
    found: list[Change] = []
    for clause in marked(before, after):
        new = {s.id for s in clause.sentences if s.mark is Mark.ADDED}
        for sentence in clause.sentences:
            if sentence.mark is Mark.REMOVED and sentence.id in new:
                continue  # told with the sentence that took its place
            was = old[sentence.id].core if sentence.id in old else ""
            if sentence.mark is Mark.REMOVED:
                found.append(Change(clause.number, clause.title, sentence.core, ""))
            elif sentence.mark is Mark.ADDED or any(run.was for run in sentence.runs):
                found.append(Change(clause.number, clause.title, was, sentence.core))
    return found


def _of(clause: Clause | None) -> tuple[Sentence, ...]:
    return clause.sentences if clause else ()


def _sentences(before: Sequence[Sentence], after: Sequence[Sentence]) -> tuple[Sentence, ...]:
    old = {sentence.id: sentence for sentence in before}
    kept = {sentence.id for sentence in after}
    found: list[Sentence] = []
    matcher = SequenceMatcher(a=[s.id for s in before], b=[s.id for s in after], autojunk=False)
    for _, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        found.extend(
            replace(sentence, mark=Mark.REMOVED)
            for sentence in before[a_from:a_to]
            if sentence.id not in kept
        )
        for sentence in after[b_from:b_to]:
            found.extend(_beside(old.get(sentence.id), sentence))
    return tuple(found)


def _beside(old: Sentence | None, new: Sentence) -> list[Sentence]:
    if old is None:
        return [replace(new, mark=Mark.ADDED)]
    if old.shape != new.shape:
        return [replace(old, mark=Mark.REMOVED), replace(new, mark=Mark.ADDED)]
    runs = tuple(
        replace(run, was=_differing(was.text, run.text)) if was.text != run.text else run
        for was, run in zip(old.runs, new.runs, strict=True)
    )
    return [replace(new, runs=runs)]


def _differing(was: str, now: str) -> str:
    """Return what of `was` differs at its beginning: 60, where 60 points became 50 points."""
    before, after = was.split(" "), now.split(" ")
    while len(before) > 1 and len(after) > 1 and before[-1] == after[-1]:
        before.pop()
        after.pop()
    return " ".join(before)
