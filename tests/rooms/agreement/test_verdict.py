"""The verdict against a plain reading of section 5 that walks hour by hour."""

from datetime import UTC, datetime, timedelta
from math import floor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchard.agreement.verdict import Terms, Verdict, line, met
from orchard.engine.compile import compiled
from orchard.engine.conditions import Score, read
from orchard.engine.duck import Duck, Limits
from orchard.engine.types import Catalogue, ColumnType, Field, TableSpec
from orchard.scoring.types import MICRO, EngagementRule, FitRule, Rules
from tests.make import oracle
from tests.make.conditions import arrow

T = ColumnType
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
WALK = 24 * 8

CONTACTS = TableSpec(
    "contacts",
    {
        "contact_id": T.BIGINT,
        "account_id": T.BIGINT,
        "contact__country": T.TEXT,
        "contact__is_competitor": T.BOOLEAN,
        "contact__created_at": T.TIMESTAMP,
    },
    "",
)
FACTS = TableSpec(
    "facts",
    {
        "contact_id": T.BIGINT,
        "kind": T.TEXT,
        "occurred_at": T.TIMESTAMP,
        "human": T.BOOLEAN,
        "amount": T.BIGINT,
    },
    "",
)
KINDS = ("show.visited", "quote.requested", "form.submitted", "email.sent")
CATALOGUE = Catalogue(
    {"contacts": CONTACTS, "facts": FACTS},
    (
        Field("contact.country", T.TEXT, "country", "contact__country"),
        Field("contact.is_competitor", T.BOOLEAN, "competitor", "contact__is_competitor"),
        Field("contact.created_at", T.TIMESTAMP, "known since", "contact__created_at"),
        Field("amount", T.BIGINT, "amount", "amount", "facts"),
    ),
    dict.fromkeys(KINDS, "done it"),
)
RULES = Rules(
    (
        FitRule("Here", read({"field": "contact.country", "in": ["CA", "US"]}), 12_300_000),
        FitRule("Elsewhere", read({"field": "contact.country", "is": "XX"}), -5 * MICRO),
        FitRule("New", read({"field": "contact.created_at", "within_days": 2}), 4_050_000),
    ),
    (
        EngagementRule("Booth", ("show.visited",), 25 * MICRO, 1, 50 * MICRO),
        EngagementRule("Quote", ("quote.requested", "form.submitted"), 10_700_000, 3, 30 * MICRO),
        EngagementRule(
            "Big", ("quote.requested",), 7 * MICRO, 2, 7 * MICRO, read({"field": "amount", "gt": 2})
        ),
    ),
)
NEVER = read({"field": "contact.is_competitor", "is": True})
TERMS = {
    "a sum under caps": Terms(
        RULES,
        read(
            {
                "any": [
                    {"all": [{"score": "total", "at_least": 40}, {"score": "fit", "at_least": 10}]},
                    {"did": ["quote.requested"], "within_days": 2, "at_least": 2},
                ]
            }
        ),
        NEVER,
    ),
    "bounds on both sides": Terms(
        RULES,
        read(
            {
                "all": [
                    {"score": "engagement", "at_least": 5.5, "at_most": 42},
                    {"not": {"score": "total", "at_least": 60}},
                ]
            }
        ),
    ),
    "nothing but fields": Terms(Rules(), read({"field": "contact.country", "is": "CA"}), NEVER),
    "the account": Terms(RULES, read({"score": "account", "at_least": 55}), NEVER),
}
DUCK = Duck(Limits(memory_mib=256, threads=1))

moments = st.builds(
    lambda minutes, micros: NOW - timedelta(minutes=minutes, microseconds=micros),
    st.integers(-59, 59) | st.integers(0, 6 * 1440) | st.integers(0, 6).map(lambda days: days * 1440),
    st.sampled_from([0, 0, 1, 499_999]),
)
ahead = st.integers(60, 4_000).map(lambda minutes: NOW + timedelta(minutes=minutes))
people = st.fixed_dictionaries(
    {
        "account_id": st.sampled_from([None, 1, 1, 2]),
        "contact__country": st.sampled_from(["CA", "XX", None]),
        "contact__is_competitor": st.sampled_from([None, None, False, True]),
        "contact__created_at": moments,
    }
)


def deeds(at):
    return st.fixed_dictionaries(
        {
            "contact_id": st.integers(0, 4),
            "kind": st.sampled_from(KINDS),
            "occurred_at": at,
            "human": st.sampled_from([True, True, True, False]),
            "amount": st.sampled_from([None, 1, 3]),
        }
    )


companies = st.lists(people, min_size=5, max_size=5).map(
    lambda rows: [{"contact_id": place, **row} for place, row in enumerate(rows)]
)


def assess(terms, contacts, facts, now=NOW):
    """Return the verdicts of the compiled expression, by contact."""
    tables = terms.tables(CATALOGUE)
    query = compiled((terms, "test"), Verdict(terms, CATALOGUE), tables)
    rows = {"contacts": contacts, "facts": facts}
    inputs = {table.name: arrow(table, [_only(table, row) for row in rows[table.name]]) for table in tables}
    return {row["contact_id"]: row for row in DUCK.run(query.bind(now=now), inputs).to_pylist()}


def _only(table, row):
    return {name: row[name] for name in table.columns}


class Plain:
    """Section 5 read slowly: one contact among all, at any hour."""

    def __init__(self, terms, contact, contacts, facts, known):
        self.terms, self.contact, self.contacts, self.facts = terms, contact, contacts, facts
        self._known = known

    def lines(self, now, contact=None):
        contact = contact or self.contact
        key = (contact["contact_id"], now)
        if key not in self._known:
            self._known[key] = self._lines(now, contact)
        return self._known[key]

    def _lines(self, now, contact):
        mine = [fact for fact in self.facts if fact["contact_id"] == contact["contact_id"] and fact["human"]]
        fit = [rule.points * self._field(rule.when, contact, now) for rule in self.terms.rules.fit]
        return fit + [min(rule.cap, self._earned(rule, mine, now)) for rule in self.terms.rules.engagement]

    def _earned(self, rule, facts, now):
        named = [fact for fact in facts if fact["kind"] in rule.kinds and self._where(rule, fact)]
        ages = (max(timedelta(0), now - fact["occurred_at"]) / timedelta(days=1) for fact in named)
        return sum(floor(rule.points * 2 ** (-age / rule.half_life_days) + 0.5) for age in ages)

    def _where(self, rule, fact):
        return rule.where is None or (fact["amount"] or 0) > rule.where.gt

    def _field(self, leaf, contact, now):
        value = contact[CATALOGUE.find(leaf.field).column]
        if leaf.operator == "within_days":
            return now - timedelta(days=leaf.within_days) < value <= now
        return value in leaf.in_ if leaf.in_ else value is not None and value == leaf.is_

    def scores(self, now):
        lines = self.lines(now)
        fits = len(self.terms.rules.fit)
        account = [each for each in self.contacts if each["account_id"] == self.contact["account_id"]]
        known = self.contact["account_id"] is not None
        return {
            "fit": sum(lines[:fits]),
            "engagement": sum(lines[fits:]),
            "total": sum(lines),
            "account": sum(sum(self.lines(now, each)) for each in account) if known else None,
        }

    def truths(self, now):
        """Return the truths of all reasons, then those of the fit rules."""
        scores = self.scores(now)
        atoms = [self._leaf(atom.leaf, scores, now) for atom in self.terms.atoms]
        return atoms + [bool(self._field(rule.when, self.contact, now)) for rule in self.terms.rules.fit]

    def _leaf(self, leaf, scores, now):
        if isinstance(leaf, Score):
            score = scores[leaf.score]
            low = -(10**18) if leaf.at_least is None else round(leaf.at_least * MICRO)
            high = 10**18 if leaf.at_most is None else round(leaf.at_most * MICRO)
            return score is not None and low <= score <= high
        if hasattr(leaf, "field"):
            return bool(self._field(leaf, self.contact, now))
        return oracle.holds(leaf, self.contact, self.facts, now)

    def turns(self):
        """Return the first full hour after now at which a truth is otherwise, None where none is for days."""
        before = self.truths(NOW)
        hours = (NOW + HOUR * step for step in range(1, WALK))
        return next((hour for hour in hours if self.truths(hour) != before), None)


def due(row):
    return row["due_at"] and EPOCH + timedelta(microseconds=row["due_at"])


@pytest.mark.parametrize("terms", TERMS.values(), ids=TERMS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(contacts=companies, facts=st.lists(deeds(moments), max_size=30))
def test_score_reasons_and_hour_are_those_of_a_plain_reading(terms, contacts, facts):
    found, known = assess(terms, contacts, facts), {}
    for contact in contacts:
        plain, row = Plain(terms, contact, contacts, facts, known), found[contact["contact_id"]]
        lines = [row[line(place)] for place in range(len(terms.rules.names))]
        assert lines == plain.lines(NOW)
        scores = plain.scores(NOW)
        parts = [part for part in scores if part != "account" or terms.asks_account]
        assert {part: row[part] for part in parts} == {part: scores[part] for part in parts}
        truths = plain.truths(NOW)[: len(terms.atoms)]
        assert [row[met(place)] for place in range(len(terms.atoms))] == truths
        turns = plain.turns()
        if turns is not None:
            assert due(row) is not None
            assert due(row) <= turns
            if not terms.asks_account:
                assert due(row) >= turns - HOUR


@settings(max_examples=25)
@given(contacts=companies, facts=st.lists(deeds(moments | ahead), max_size=20))
def test_facts_dated_ahead_never_make_the_next_look_late(contacts, facts):
    terms = TERMS["a sum under caps"]
    found, known = assess(terms, contacts, facts), {}
    for contact in contacts:
        turns = Plain(terms, contact, contacts, facts, known).turns()
        if turns is not None:
            assert due(found[contact["contact_id"]]) <= turns


@settings(max_examples=25)
@given(contacts=companies, facts=st.lists(deeds(moments), max_size=20), data=st.data())
def test_the_order_in_which_facts_arrive_does_not_matter(contacts, facts, data):
    terms = TERMS["a sum under caps"]
    shuffled = data.draw(st.permutations(facts))
    assert assess(terms, contacts, facts) == assess(terms, contacts, shuffled)
