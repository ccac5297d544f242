"""Every condition answers alike on DuckDB and Spark, on data and trees that Hypothesis makes."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from orchard.engine.conditions import read
from orchard.engine.plan import assess
from orchard.engine.truths import Given, Truth
from tests.make.conditions import CATALOGUE, CONTACTS, FACTS, arrow, trees, worlds

SLOW_ENGINE = settings(
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # each run of Spark takes a second: shrinking would take minutes
)

EVERY_OPERATOR = [
    {"field": "contact.country", "is": "CA"},
    {"field": "contact.country", "in": ["CA", "it's"]},
    {"field": "contact.country", "contains": "ÖST"},
    {"field": "contact.country", "empty": True},
    {"field": "account.employees", "gt": 3},
    {"field": "account.employees", "lt": 3},
    {"field": "contact.fit", "between": [0.1, 2.5]},
    {"field": "contact.is_competitor", "is": False},
    {"field": "contact.born", "is": "2026-11-20"},
    {"field": "contact.born", "before": "2026-11-20"},
    {"field": "contact.created_at", "after": "2026-11-20T10:00:00+02:00"},
    {"field": "contact.created_at", "between": ["2026-11-20", "2026-11-21"]},
    {"field": "contact.created_at", "within_days": 2},
    {"field": "custom.revenue", "gt": 1},
    {"field": "custom.renewal", "within_days": 3},
    {"did": "quote.requested"},
    {"did": ["quote.requested", "show.visited"], "within_days": 2},
    {"did": "form.submitted", "within_days": 3, "at_least": 2},
    {"did": "form.submitted", "within_days": 3, "at_most": 0},
    {"did": "form.submitted", "within_days": 3, "at_least": 1, "at_most": 2},
    {"did": "form.submitted", "since": "last_return"},
    {"did": "form.submitted", "since": "2026-11-20", "where": {"field": "content.type", "is": "case_study"}},
    {
        "did": "show.visited",
        "where": {"any": [{"field": "amount", "gt": 1}, {"field": "content.type", "empty": True}]},
    },
    {"score": "total", "at_least": 1.5},
    {"stage": ["qualified", "customer"]},
    {"segment": "known"},
    {"not": {"all": [{"stage": "contact"}, {"any": [{"score": "total", "at_most": 1}]}]}},
]


def asked(conditions):
    def build(F, tables, now):
        beside = Given(
            scores={"total": F.col("total")},
            stages=F.col("stage"),
            anchors={"last_return": F.col("last_return_at")},
            segments={"known": Truth(F.col("account__employees") > 1, F.col("total") + 1)},
        )
        return assess(F, tables, now, catalogue=CATALOGUE, conditions=conditions, beside=beside)

    return build


def tables(world):
    contacts, facts = world
    return {
        "contacts": (CONTACTS.columns, arrow(CONTACTS, contacts)),
        "facts": (FACTS.columns, arrow(FACTS, facts)),
    }


@settings(SLOW_ENGINE, max_examples=3)
@given(world=worlds)
def test_every_operator_answers_alike(both, world):
    conditions = {f"c{n}": read(written) for n, written in enumerate(EVERY_OPERATOR)}
    rows = both(asked(conditions), tables(world), key=repr(conditions))
    assert len(rows) == len(world[0])


@settings(SLOW_ENGINE, max_examples=60)
@given(world=worlds, several=st.lists(trees, min_size=2, max_size=8))
def test_trees_answer_alike(both, world, several):
    conditions = {f"c{n}": tree for n, tree in enumerate(several)}
    both(asked(conditions), tables(world), key=repr(conditions))
