"""A small world for conditions: a catalogue, tables full of edge cases, and trees that a person might write."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
from hypothesis import strategies as st

from orchard.engine.conditions import All, AnyOf, Did, FieldIs, Not, Score, Stage
from orchard.engine.types import Catalogue, ColumnType, Field, TableSpec

T = ColumnType
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
INSTANT = pa.timestamp("us", tz="UTC")
KINDS = ("form.submitted", "quote.requested", "show.visited", "mail.machine")

CONTACTS = TableSpec(
    "contacts",
    {
        "contact_id": T.BIGINT,
        "contact__country": T.TEXT,
        "account__employees": T.BIGINT,
        "contact__fit": T.DOUBLE,
        "contact__is_competitor": T.BOOLEAN,
        "contact__born": T.DATE,
        "contact__created_at": T.TIMESTAMP,
        "contact__custom": T.JSON,
        "last_return_at": T.TIMESTAMP,
        "stage": T.TEXT,
        "total": T.BIGINT,
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
        "content_type": T.TEXT,
        "amount": T.BIGINT,
    },
    "",
)
CATALOGUE = Catalogue(
    {"contacts": CONTACTS, "facts": FACTS},
    (
        Field("contact.country", T.TEXT, "country", "contact__country"),
        Field("account.employees", T.BIGINT, "number of employees", "account__employees"),
        Field("contact.fit", T.DOUBLE, "fit", "contact__fit"),
        Field("contact.is_competitor", T.BOOLEAN, "competitor", "contact__is_competitor"),
        Field("contact.born", T.DATE, "birthday", "contact__born"),
        Field("contact.created_at", T.TIMESTAMP, "known since", "contact__created_at"),
        Field("custom.revenue", T.DOUBLE, "revenue", "contact__custom", json_key="revenue"),
        Field("custom.renewal", T.DATE, "renewal", "contact__custom", json_key="renewal"),
        Field(
            "content.type", T.TEXT, "type of content", "content_type", "facts",
            choices=(("case_study", "case study"), ("price_list", "price list")),
        ),
        Field("amount", T.BIGINT, "amount", "amount", "facts"),
    ),
    {
        "form.submitted": "filled in a form",
        "quote.requested": "asked for a quote",
        "show.visited": "visited our booth",
        "mail.machine": "had a machine open a mail",
    },
    {"contact": "Contact", "qualified": "Qualified", "customer": "Customer"},
)  # fmt: skip

# --- rows -------------------------------------------------------------------------------------------------

minutes = st.integers(-3 * 24, 6 * 24).map(lambda hours: hours * 60) | st.integers(-3 * 1440, 6 * 1440)
"""How long ago: from three days ahead to six days ago, often on the hour, where windows end."""
days_ago = st.integers(0, 4).map(lambda days: days * 1440)
moments = st.builds(
    lambda m, us: NOW - timedelta(minutes=m, microseconds=us),
    days_ago | days_ago | minutes,
    st.sampled_from([0, 0, 0, 1]),
)
countries = st.sampled_from(["CA", "ca", "Österreich", "", "İstanbul", "it's"])
customs = st.sampled_from(
    [
        "{}",
        '{"revenue": 5.5}',
        '{"revenue": "x"}',
        '{"renewal": "2026-11-20"}',
        '{"renewal": "2026-02-30"}',
        None,
    ]
)

contact_rows = st.fixed_dictionaries(
    {
        "contact__country": st.none() | countries,
        "account__employees": st.none() | st.integers(0, 6),
        "contact__fit": st.none() | st.sampled_from([0.0, 0.1, 2.5, 3.0]),
        "contact__is_competitor": st.none() | st.booleans(),
        "contact__born": st.none() | st.dates(date(2026, 11, 18), date(2026, 11, 25)),
        "contact__created_at": st.none() | moments,
        "contact__custom": customs,
        "last_return_at": st.none() | moments,
        "stage": st.none() | st.sampled_from(["contact", "qualified", "customer"]),
        "total": st.integers(0, 3).map(lambda points: points * 1_000_000),
    }
)
fact_rows = st.fixed_dictionaries({
    "contact_id": st.sampled_from([0, 0, 0, 1, 1, 2, None]),
    "kind": st.sampled_from(KINDS),
    "occurred_at": moments,
    "human": st.none() | st.sampled_from([True, True, True, False]),
    "content_type": st.none() | st.sampled_from(["case_study", "price_list"]),
    "amount": st.none() | st.integers(0, 3),
})  # fmt: skip
worlds = st.tuples(
    st.lists(contact_rows, min_size=1, max_size=3).map(
        lambda rows: [{"contact_id": n, **row} for n, row in enumerate(rows)]
    ),
    st.lists(fact_rows, max_size=6) | st.lists(fact_rows, min_size=12, max_size=25),
)

ARROW = {
    T.BIGINT: pa.int64(),
    T.DOUBLE: pa.float64(),
    T.TEXT: pa.string(),
    T.BOOLEAN: pa.bool_(),
    T.DATE: pa.date32(),
    T.TIMESTAMP: INSTANT,
    T.JSON: pa.string(),
}


def arrow(spec, rows):
    """Return rows as the Arrow table that a spec declares."""
    schema = pa.schema([(name, ARROW[type_]) for name, type_ in spec.columns.items()])
    return pa.Table.from_pylist(rows, schema=schema)


# --- trees ------------------------------------------------------------------------------------------------

days = st.dates(date(2026, 11, 18), date(2026, 11, 25))
instants = st.builds(lambda m: NOW - timedelta(minutes=m), minutes)
windows = st.integers(1, 4)


def field(name, **operators):
    """Return the strategy of conditions on one field, by one of the operators."""
    return st.one_of(
        values.map(lambda value, operator=operator: FieldIs.model_validate({"field": name, operator: value}))
        for operator, values in operators.items()
    )


def times(name):
    """Return the strategy of conditions on a field that holds a time."""
    return field(
        name, before=days | instants, after=days | instants, within_days=windows,
        between=st.tuples(days, days).map(sorted), empty=st.booleans(),
    )  # fmt: skip


texts = st.sampled_from(["CA", "ca", "", "it's", "Österreich"])
numbers = st.integers(-1, 6)
fractions = st.sampled_from([0, 0.1, 2.5, 3, 5.5])
fields = st.one_of(
    field("contact.country", **{"is": texts, "in": st.lists(texts, min_size=1), "empty": st.booleans()}),
    field("contact.country", contains=st.sampled_from(["A", "öST", "ISTAN", "'s", "%"])),
    field("account.employees", **{"is": numbers, "in": st.lists(numbers, min_size=1), "gt": numbers, "lt": numbers}),
    field("account.employees", between=st.tuples(numbers, numbers).map(sorted), empty=st.booleans()),
    field("contact.fit", **{"is": fractions, "in": st.lists(fractions, min_size=1), "gt": fractions, "lt": fractions}),
    field("contact.is_competitor", **{"is": st.booleans(), "empty": st.booleans()}),
    field("contact.born", **{"is": days, "in": st.lists(days, min_size=1), "before": days, "after": days}),
    field("contact.born", within_days=windows, between=st.tuples(days, days).map(sorted)),
    times("contact.created_at"),
    field("custom.revenue", gt=fractions, empty=st.booleans()),
    field("custom.renewal", before=days, within_days=windows, empty=st.booleans()),
)  # fmt: skip
of_facts = st.one_of(
    field("content.type", **{"is": st.sampled_from(["case_study", "price_list"]), "empty": st.booleans()}),
    field("amount", gt=numbers, between=st.tuples(numbers, numbers).map(sorted)),
)
wheres = of_facts | of_facts.map(lambda leaf: Not.model_validate({"not": leaf}))


@st.composite
def dids(draw):
    """Return a condition on what someone did."""
    parts = {"did": draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True))}
    since = st.sampled_from(["last_return"]) | days | instants
    window = draw(st.sampled_from(["within_days", "within_days", "since", None]))
    if window:
        parts[window] = draw(windows if window == "within_days" else since)
    least, most = draw(st.none() | st.integers(1, 3)), draw(st.none() | st.integers(0, 3))
    if least is not None:
        parts["at_least"] = least
    if most is not None and most >= (least or 0):
        parts["at_most"] = most
    if draw(st.booleans()):
        parts["where"] = draw(wheres)
    return Did.model_validate(parts)


leaves = st.one_of(
    fields,
    dids(),
    dids(),
    st.sampled_from([Score(score="total", at_least=2), Score(score="total", at_most=1.5)]),
    st.sampled_from([Stage(stage="qualified"), Stage(stage=("customer", "contact"))]),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda c: All.model_validate({"all": c})),
        st.lists(inner, min_size=1, max_size=3).map(lambda c: AnyOf.model_validate({"any": c})),
        inner.map(lambda c: Not.model_validate({"not": c})),
    ),
    max_leaves=6,
)
