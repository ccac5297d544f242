"""What the agreement says of contacts: the score and verdict of now, what was told of them, and why."""

import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Count, Q, Sum

from orchard.agreement.models import Verdict
from orchard.agreement.queries.asking import questions_of
from orchard.agreement.queries.behind import fields_of
from orchard.agreement.queries.computing import everybody, of_contacts
from orchard.agreement.queries.names import names_of
from orchard.agreement.queries.stages import decided_and_staged
from orchard.agreement.queries.terms import Force, in_force, of_version, terms_of
from orchard.agreement.types import Document
from orchard.agreement.verdict import line, met
from orchard.engine.conditions import Score, in_words, is_negated
from orchard.engine.expressions import MICROS_PER_DAY
from orchard.engine.types import Catalogue
from orchard.kit import clock
from orchard.scoring.queries import shown
from orchard.scoring.types import MICRO, TENTH

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_SAID = 3
"""So many reasons stand on a line of a list."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition of the hand-off in words: whether it is met, and how many tenths of a point a score lacks.

    `ask` is the question that could close the gap, where the condition is not as it should be and one can.
    """

    path: str
    words: str
    met: bool
    never: bool
    lacks: int | None = None
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a score, in tenths of a point; `fit` says what a contact is, the others what they did.

    `place` is where the line stands among all. `fields` are name and label of the fields that a fit line rests on.
    """

    name: str
    tenths: int
    fit: bool = False
    place: int = 0
    fields: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class VerdictShown:
    """A verdict as pages show it: the score cut to tenths, its lines that add up to it, and every reason."""

    contact_id: int
    version: int
    qualified: bool
    tenths: int
    lines: Sequence[Line]
    reasons: Sequence[Reason]
    score_at: datetime
    due_at: datetime | None
    fresh_at: datetime | None
    decided: bool | None
    """What the last assessment decided; None before the first."""
    decided_at: datetime | None

    @property
    def met(self) -> list[Reason]:
        """What speaks for a hand-off."""
        return [reason for reason in self.reasons if reason.met and not reason.never]

    @property
    def missing(self) -> list[Reason]:
        """What is not there yet, and what forbids a hand-off."""
        return [reason for reason in self.reasons if reason.met == reason.never]


@dataclass(frozen=True, slots=True)
class Told:
    """What the ledger was last told of a contact: qualified or not, by which version, why."""

    contact_id: int
    qualified: bool
    version_id: int
    total: int
    lines: Sequence[int]
    met: Sequence[bool]
    fresh_at: datetime | None
    fact_id: int | None
    fresh_days: int


@dataclass(frozen=True, slots=True)
class Assessed:
    """The score of the last assessment (millionths) and the newest fact that keeps a lead fresh."""

    total: int
    fresh_at: datetime | None
    account_id: int | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What the last assessment decided of a contact: the score cut to tenths, and every reason in words."""

    contact_id: int
    qualified: bool
    tenths: int
    reasons: Sequence[Reason]
    score_at: datetime
    because: Sequence[str]
    """Why it is qualified, in a few words; nothing where it is not."""


@dataclass(frozen=True, slots=True)
class AccountRipeness:
    """How many people of an account are qualified, and their points together in tenths, by the last assessment."""

    qualified: int
    tenths: int


@dataclass(frozen=True, slots=True)
class Ripe:
    """How many contacts a document would hand over now, and how many of these are fresh."""

    contacts: int
    fresh: int
    seconds: float


def verdict_of(contact_id: int, *, now: datetime) -> VerdictShown | None:
    """Return the verdict of a living contact as of now, beside what was decided last; None without an agreement.

    The score is computed from what stands now, at the last full UTC hour; nothing is written.
    """
    force = in_force()
    if force is None:
        return None
    hour = clock.full_hour(now)
    found = of_contacts(force.terms, [contact_id], hour).to_pylist()
    if not found:
        return None
    (row,) = found
    lines = [row[line(place)] for place in range(len(force.terms.rules.names))]
    truths = [row[met(place)] for place in range(len(force.terms.atoms))]
    score, names = shown(lines), names_of(force)
    parts = {part: row[part] for part in ("total", "fit", "engagement", "account")}
    reasons = _reasons(force, truths, parts, [in_words(atom.leaf, names) for atom in force.terms.atoms])
    lacks = [reason.lacks for reason in reasons]
    asks = (
        [""] * len(reasons)
        if row["qualified"]
        else questions_of(force, names, contact_id, truths=truths, lacks=lacks, lines=lines)
    )
    decided = decided_and_staged(contact_id)
    return VerdictShown(
        contact_id=contact_id,
        version=force.number,
        qualified=row["qualified"],
        tenths=score.total,
        lines=_lines(force, score.lines, names),
        reasons=[replace(reason, ask=ask) for reason, ask in zip(reasons, asks, strict=True)],
        score_at=hour,
        due_at=moment(row["due_at"]),
        fresh_at=moment(row["fresh_at"]),
        decided=decided[0] if decided else None,
        decided_at=decided[1] if decided else None,
    )


def reasons_of(
    *, version_id: int, lines: Sequence[int], truths: Sequence[bool]
) -> tuple[list[Line], list[Reason]]:
    """Return in words why a decision was taken, from what was stored of it and the version it was taken by."""
    force = of_version(version_id)
    return _lines(force, shown(lines).lines), _reasons(force, truths, {})


def because_of(decisions: Iterable[tuple[int, Sequence[bool], Sequence[int]]]) -> list[list[str]]:
    """Return in a few words why each decision fell that is given as its version, truths and lines of the score.

    A threshold of the score says nothing of a person: what earned most of the score stands for it.
    """
    versions: dict[int, _Because] = {}
    found = []
    for version_id, truths, lines in decisions:
        if version_id not in versions:
            versions[version_id] = _Because.of(of_version(version_id))
        found.append(versions[version_id].say(truths, lines))
    return found


@dataclass(frozen=True, slots=True)
class _Because:
    """What a version's decisions fall by: its conditions in words, None for what must not hold; its rules' names."""

    words: Sequence[str | None]
    scores: Sequence[bool]
    names: Sequence[str]

    @classmethod
    def of(cls, force: Force) -> "_Because":
        atoms = force.terms.atoms
        told = zip(atoms, words_of(force), strict=True)
        return cls(
            [None if atom.id.startswith("never") or is_negated(atom.id) else said for atom, said in told],
            [isinstance(atom.leaf, Score) for atom in atoms],
            force.terms.rules.names,
        )

    def say(self, truths: Sequence[bool], lines: Sequence[int]) -> list[str]:
        met = [
            (words, score)
            for words, score, holds in zip(self.words, self.scores, truths, strict=True)
            if holds and words
        ]
        said = [words for words, score in met if not score]
        if len(said) < len(met):
            best = sorted(range(len(self.names)), key=lambda place: (-lines[place], place))
            earned = [self.names[place] for place in best if lines[place] > 0]
            said += earned[: max(MOST_SAID - len(said), 0)]
        return said or [words for words, _ in met]


def told_of(contact_ids: Collection[int]) -> dict[int, Told]:
    """Return what the ledger was last told of these contacts; who is absent was never qualified."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact_id, qualified, version_id, total, lines, met, fresh_at, fact_id FROM verdict_announced"
            " WHERE contact_id = ANY (%s)",
            [list(contact_ids)],
        )
        return {
            contact: Told(
                contact,
                qualified,
                version,
                total,
                lines,
                met,
                fresh_at,
                fact,
                of_version(version).terms.fresh_days,
            )
            for contact, qualified, version, total, lines, met, fresh_at, fact in cursor.fetchall()
        }


def fresh_days_of(version_id: int) -> int:
    """Return after how many days without a fact that counts a lead of this version is stale."""
    return of_version(version_id).terms.fresh_days


def joins_at_account(version_id: int) -> bool:
    """Return whether, by this version, a ripe colleague joins the open lead of an account."""
    return of_version(version_id).document.handoff.at_account == "join"


def assessed(contact_ids: Collection[int]) -> dict[int, Assessed]:
    """Return the last assessment of these contacts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact_id, total, fresh_at, account_id FROM verdict WHERE contact_id = ANY (%s)",
            [list(contact_ids)],
        )
        return {row[0]: Assessed(*row[1:]) for row in cursor.fetchall()}


def decided_of(contact_ids: Collection[int]) -> dict[int, Decided]:
    """Return what the last assessment decided of these contacts, with every reason in words."""
    rows = list(Verdict.objects.filter(contact_id__in=list(contact_ids)))
    words = {version: words_of(of_version(version)) for version in {row.version_id for row in rows}}
    ripe = [row for row in rows if row.qualified]
    why = because_of((row.version_id, row.met, row.lines) for row in ripe)
    because = dict(zip((row.contact_id for row in ripe), why, strict=True))
    return {
        row.contact_id: Decided(
            row.contact_id,
            row.qualified,
            row.total // TENTH,
            _reasons(
                of_version(row.version_id),
                row.met,
                {"total": row.total, "fit": row.fit, "engagement": row.engagement, "account": row.account},
                words[row.version_id],
            ),
            row.score_at,
            because.get(row.contact_id, ()),
        )
        for row in rows
    }


def ripeness_of_accounts(account_ids: Collection[int]) -> dict[int, AccountRipeness]:
    """Return how ripe the people of these accounts are together, by the last assessment of each."""
    rows = (
        Verdict.objects.filter(account_id__in=list(account_ids))
        .values("account_id")
        .annotate(people=Count("contact_id", filter=Q(qualified=True)), points=Sum("total"))
        .values_list("account_id", "people", "points")
    )
    return {
        account: AccountRipeness(people, points // TENTH)
        for account, people, points in rows
        if account is not None
    }


def best_of_accounts(account_ids: Collection[int]) -> dict[int, int]:
    """Return of each of these accounts the contact who is ripest, by the last assessment: qualified, else by points."""
    rows = Verdict.objects.filter(account_id__in=list(account_ids)).order_by(
        "account_id", "-qualified", "-total", "contact_id"
    )
    return {
        account_id: contact_id
        for account_id, contact_id in rows.distinct("account_id").values_list("account_id", "contact_id")
        if account_id is not None
    }


def ripe_account_ids() -> list[int]:
    """Return the accounts that have somebody qualified, by the last assessment."""
    rows = Verdict.objects.filter(qualified=True, account_id__isnull=False)
    return [each for each in rows.values_list("account_id", flat=True).distinct() if each is not None]


def qualified_ids() -> list[int]:
    """Return the contacts who are qualified by their last assessment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(contact_id) FROM verdict WHERE qualified")
        return list(cursor.fetchone()[0] or ())


def nearest_ids(stages: Collection[str], *, limit: int) -> list[int]:
    """Return those in these stages with the most points who are not qualified, by their last assessment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.contact_id FROM verdict v LEFT JOIN stage s ON s.contact_id = v.contact_id"
            " WHERE NOT v.qualified AND v.total > 0 AND coalesce(s.stage, 'contact') = ANY (%s)"
            " ORDER BY v.total DESC, v.contact_id DESC LIMIT %s",
            [list(stages), limit],
        )
        return [row[0] for row in cursor.fetchall()]


def qualified_count() -> int:
    """Return how many contacts are qualified by their last assessment."""
    return Verdict.objects.filter(qualified=True).count()


def ripe_now(document: Document, *, now: datetime) -> Ripe:
    """Count whom `document` would hand over now, were it in force: everybody is assessed, nothing is written."""
    begun = time.monotonic()
    terms = terms_of(document)
    with everybody(terms, clock.full_hour(now)) as found:
        fresh_since = int(now.timestamp() * 1_000_000) - terms.fresh_days * MICROS_PER_DAY
        (row,) = found.ask(
            "SELECT count(*) AS contacts, count(*) FILTER (fresh_at IS NULL OR fresh_at > $since) AS fresh"
            " FROM found WHERE qualified",
            since=fresh_since,
        ).to_pylist()
    return Ripe(row["contacts"], row["fresh"], round(time.monotonic() - begun, 3))


def moment(micros: int | None) -> datetime | None:
    """Return the time that an expression gives as microseconds since 1970."""
    return None if micros is None else EPOCH + timedelta(microseconds=micros)


def _lines(force: Force, tenths: Sequence[int], names: Catalogue | None = None) -> list[Line]:
    fit = len(force.terms.rules.fit)
    return [
        Line(
            name,
            each,
            place < fit,
            place,
            fields_of(force.terms.rules.fit[place], names) if names and place < fit else (),
        )
        for place, (name, each) in enumerate(zip(force.terms.rules.names, tenths, strict=True))
    ]


def words_of(force: Force) -> list[str]:
    """Return every condition of a version in words."""
    names = names_of(force)
    return [in_words(atom.leaf, names) for atom in force.terms.atoms]


def _reasons(
    force: Force,
    truths: Sequence[bool],
    scores: dict[str, int | None],
    words: Sequence[str] | None = None,
) -> list[Reason]:
    """Return the reasons of a contact; whoever asks for many hands in the `words` of the version."""
    found = []
    for atom, holds, said in zip(force.terms.atoms, truths, words or words_of(force), strict=True):
        lacks = None
        if isinstance(atom.leaf, Score) and atom.leaf.at_least is not None and not holds:
            score = scores.get(atom.leaf.score)
            lacks = None if score is None else -((score - round(atom.leaf.at_least * MICRO)) // TENTH)
        found.append(Reason(atom.id, said, bool(holds), atom.id.startswith("never"), lacks))
    return found
