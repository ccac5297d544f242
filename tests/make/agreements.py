"""Agreements for tests: the example of the design, a small one without fields, and members who sign."""

from datetime import UTC, datetime
from itertools import count

from orchard.agreement import actions, queries
from orchard.engine import catalogue
from orchard.engine.types import Catalogue, ColumnType, Field
from orchard.team.models import Member

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
_numbers = count(1)

EXAMPLE = """\
name: Leads 2027
score:
  fit:
    - {name: Our industries,    when: {field: account.industry, in: [packaging, printing, retail]}, points: 15}
    - {name: Can decide,        when: {field: contact.seniority, in: [director, vp, c_level]},      points: 20}
  engagement:
    - {name: Visited our booth, kinds: [show.visited],       points: 25, half_life_days: 90, cap: 50}
    - {name: Read a case study, kinds: [content.downloaded], where: {field: content.type, is: case_study}, points: 8, half_life_days: 45, cap: 24}
handoff:
  any:
    - all: [{score: total, at_least: 60}, {score: fit, at_least: 20}]
    - {did: [quote.requested], within_days: 7}
  never: {field: contact.is_competitor, is: true}
  at_account: join
  fresh_days: 14
promises:
  calendar: {days: [mon, tue, wed, thu, fri], hours: "09:00-17:30"}
  sales:     {accept_within_hours: 4, first_attempt_within_hours: 8, attempts_before_no_answer: 6}
  marketing: {ripe_per_month: 120, answer_question_within_days: 10, clock_show_follow_up_within_hours: 24, leads_with_phone_share: 0.8}
routing:
  - {when: {field: account.country, in: [CA, US]}, to: {team: north_america}, by: turn}
  - {when: {did: [show.visited], within_days: 30}, to: who_met_them}
returns:
  - {reason: wrong_timing, label: Not now,   ask: wake_on, eligible_after_days: 60}
  - {reason: no_answer,    label: No answer, needs: attempts_before_no_answer, eligible_after_days: 30}
  - {reason: not_a_fit,    label: Wrong fit, disqualifies: true}
rot: {contact_days: 120, lead_days: 3, longest_plan_days: 60}
attention: {long_term_share: 0.25, longest_wait_days: 45}
goals: [{quarter: 2027-Q1, measure: won_amount, target: 1200000 CAD}]
"""  # noqa: E501 - a table reads across

SMALL = """\
name: Small
score:
  engagement:
    - {name: Visited our booth, kinds: [show.visited], points: 25, half_life_days: 90, cap: 50}
handoff:
  any: [{score: total, at_least: 40}, {did: [quote.requested], within_days: 7}]
promises:
  sales: {accept_within_hours: 4, attempts_before_no_answer: 6}
  marketing: {ripe_per_month: 120}
returns:
  - {reason: wrong_timing, label: Not now, ask: wake_on, eligible_after_days: 60}
"""


def known() -> Catalogue:
    """Return this process's catalogue with the fields that the example names."""
    text, yes_no = ColumnType.TEXT, ColumnType.BOOLEAN
    return catalogue.installed().extended(
        [
            Field("account.industry", text, "the account's industry", "account_industry"),
            Field("account.country", text, "the account's country", "account_country"),
            Field("account.employees", ColumnType.BIGINT, "the account's employees", "account_employees"),
            Field("contact.seniority", text, "seniority", "seniority"),
            Field("contact.is_competitor", yes_no, "competitor", "is_competitor"),
            Field("content.type", text, "type of content", "content_type", "facts"),
        ]
    )


def member(name: str, role: str = "sales", *, sales: bool = False, marketing: bool = False) -> Member:
    """Make a member with rights to sign."""
    return Member.objects.create(
        email=f"{name.split(maxsplit=1)[0].lower()}{next(_numbers)}@example.com",
        name=name,
        role=role,
        scope="own" if role == "sales" else "all",
        signs_for_sales=sales,
        signs_for_marketing=marketing,
        created_at=NOW,
    )


def in_force(text: str = SMALL, *, now: datetime = NOW) -> queries.VersionShown:
    """Bring `text` into force by two signatures and return the version."""
    nora, sam = member("Nora Lind", sales=True), member("Sam Okafor", "marketing", marketing=True)
    version_id = actions.propose_text(text=text, member_id=sam.pk, now=now)
    digest = queries.version(version_id).text_hash
    for who, side in ((sam, "marketing"), (nora, "sales")):
        actions.sign(member_id=who.pk, version_id=version_id, side=side, text_hash=digest, now=now)
    return queries.version(version_id)
