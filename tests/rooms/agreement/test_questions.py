"""The question that closes a gap: for an empty field, a field that does not fit, a deed, and a score."""

from datetime import UTC, datetime

import pytest

from orchard.agreement import queries
from orchard.agreement.words import Gap, question
from orchard.contacts import actions as contacts
from orchard.contacts.types import Entity, FieldType
from orchard.engine.conditions import read
from orchard.engine.types import ColumnType, Field
from orchard.scoring.types import EngagementRule, FitRule, Rules
from tests.make import agreements
from tests.make.agreements import known as names

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
OWN = (
    Field("contact.custom.machines", ColumnType.DOUBLE, "number of machines", "contact__custom", json_key="machines"),
    Field(
        "contact.custom.grade", ColumnType.TEXT, "Grade", "contact__custom", json_key="grade",
        choices=(("a", "first"), ("b", "second"), ("c", "third")),
    ),
)  # fmt: skip
RULES = Rules(
    (FitRule("Large", read({"field": "account.employees", "gt": 49}), 15_000_000),),
    (EngagementRule("Asked", ("question.asked",), 20_000_000, 60, 40_000_000),),
)


def asked(condition, known=None, **more):
    return question(read(condition), names().extended(OWN), {"account_id": 1, **(known or {})}, **more)


def test_an_empty_field_is_asked_for_in_its_own_words():
    large = {"field": "account.employees", "gt": 49}
    assert asked(large) == "How many people work at your company?"
    assert asked(large, {"account_id": None}) == "Which company do you work for?"


def test_a_field_of_the_companys_own_is_asked_for_by_its_label():
    assert asked({"field": "contact.custom.machines", "gt": 3}) == "Number of machines: how many?"
    assert asked({"field": "contact.custom.grade", "is": "a"}) == "Grade: first, second or third?"
    assert asked({"field": "contact.custom.grade", "empty": False}) == "Grade: first, second or third?"


def test_a_field_that_stands_and_does_not_fit_says_what_would():
    said = asked({"field": "account.employees", "gt": 49}, {"account.employees": 12})
    assert said.startswith("The account's employees is 12 here. Is that still so? It counts when")
    assert said.endswith("is more than 49.")


def test_a_deed_is_what_one_can_offer():
    assert (
        asked({"did": ["quote.requested", "sample.requested"], "within_days": 14})
        == "Shall we make you a quote?"
    )
    assert asked({"did": ["lead.returned", "meeting.held"]}) == "When can we meet?"
    assert asked({"did": ["lead.returned"]}) == ""
    assert asked({"did": ["quote.requested"], "at_most": 0}) == ""


def test_what_should_not_hold_is_asked_whether_it_still_does():
    said = asked({"field": "contact.is_competitor", "is": True}, negated=True)
    assert said.startswith("Is it still so: ")


def test_a_score_asks_for_what_closes_the_gap_alone_and_is_not_known_first():
    score = {"score": "total", "at_least": 50}
    near = asked(score, rules=RULES, gap=Gap(12_000_000, (0, 0)))
    assert near == "What would you like to know from us? It can give 20 points." or near.startswith(
        "How many people"
    )
    far = asked(score, {"account.employees": 12}, rules=RULES, gap=Gap(18_000_000, (0, 0)))
    assert far == "What would you like to know from us? It can give 20 points."
    capped = asked(score, rules=RULES, gap=Gap(18_000_000, (0, 40_000_000)))
    assert capped == "How many people work at your company? It can give 15 points."
    assert asked({"score": "fit", "at_least": 15}, rules=RULES, gap=Gap(15_000_000, (0, 0))).startswith(
        "How many"
    )
    assert asked(score, rules=RULES, gap=Gap(0, (0, 0))) == ""


@pytest.mark.django_db
def test_a_verdict_asks_about_a_field_of_the_companys_own_until_it_fits():
    contacts.declare_custom_field(
        entity=Entity.CONTACT,
        name="machines",
        label="Number of machines",
        type=FieldType.NUMBER,
        now=NOW,
        actor_id=None,
    )
    text = agreements.SMALL.replace("any: [", "any: [{field: contact.custom.machines, gt: 3}, ")
    agreements.in_force(text, now=NOW)
    ada = contacts.create_contact(full_name="Ada", now=NOW)

    def asks():
        verdict = queries.verdict_of(ada, now=NOW)
        return {reason.words: reason.ask for reason in verdict.reasons}

    assert asks()["Number of machines is more than 3"] == "Number of machines: how many?"
    contacts.change_contact(contact_id=ada, values={"custom.machines": 2}, now=NOW, actor_id=None)
    assert "is 2" in asks()["Number of machines is more than 3"]
    contacts.change_contact(contact_id=ada, values={"custom.machines": 7}, now=NOW, actor_id=None)
    assert asks()["Number of machines is more than 3"] == ""
    assert queries.verdict_of(ada, now=NOW).qualified
