"""What the document promises: every mistake with its line, one normal text, and nothing that surprises."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orchard.agreement.document import Document, normal_text, parse, read_data, text_hash, written
from tests.make.agreements import EXAMPLE, SMALL, known


def mistakes(text):
    found = parse(text, known())
    assert isinstance(found, list), "the text was taken for an agreement"
    return found


def said(text):
    return [str(each) for each in mistakes(text)]


def test_the_example_of_the_design_is_an_agreement():
    document = parse(EXAMPLE, known())
    assert isinstance(document, Document)
    assert [rule.points_micro for rule in document.score.fit] == [15_000_000, 20_000_000]
    assert document.score.engagement[1].cap_micro == 24_000_000
    assert document.promises.calendar.minutes == (540, 1050)
    assert document.promises.marketing.leads_with_phone_share == Decimal("0.8")
    assert (document.goals[0].number, document.goals[0].currency) == (Decimal(1_200_000), "CAD")
    assert document.routing[1].to.relation == "who_met_them"


def test_the_normal_text_gives_the_document_back_and_is_its_own_normal_text():
    document = parse(EXAMPLE, known())
    again = parse(normal_text(document), known())
    assert again == document
    assert normal_text(again) == normal_text(document)
    assert read_data(written(document), known()) == document


def test_only_what_it_says_decides_the_hash():
    document = parse(EXAMPLE, known())
    spelled_otherwise = parse(
        EXAMPLE.replace("[quote.requested]", "quote.requested") + "\n# a remark\n", known()
    )
    changed = parse(EXAMPLE.replace("at_least: 60", "at_least: 50"), known())
    assert text_hash(spelled_otherwise) == text_hash(document)
    assert text_hash(changed) != text_hash(document)


def test_defaults_are_written_out_so_that_what_was_signed_stays_what_it_was():
    text = normal_text(parse(SMALL, known()))
    assert "fresh_days: 14" in text
    assert "at_account: join" in text
    assert "hours: 09:00-17:30" in text


def test_every_mistake_is_told_at_once_with_its_line():
    text = (
        EXAMPLE.replace("points: 15", "point: 15")
        .replace("kinds: [show.visited]", "kinds: [show.vsited]")
        .replace("half_life_days: 90", "half_life_days: 0")
        .replace("cap: 24", "cap: 2")
        .replace("fresh_days", "freshdays")
        .replace("did: [quote.requested]", "did: [qote.requested]")
        .replace("  sales: ", "  sale: ")
        .replace("needs: attempts_before_no_answer", "needs: attempts_before")
        .replace("account.country", "account.contry")
    )
    assert said(text) == [
        "line 4, score.fit[0].points: `points` is missing.",
        "line 4, score.fit[0].point: There is no `point` here. Did you mean `points`?",
        (
            "line 7, score.engagement[0].kinds[0]: There is no kind of interaction `show.vsited`."
            " Did you mean `show.visited`?"
        ),
        "line 7, score.engagement[0].half_life_days: Must be greater than or equal to 1.",
        (
            "line 8, score.engagement[1]: The cap is smaller than the points,"
            " so that one interaction would never count in full."
        ),
        (
            "line 12, handoff.any[1].did: There is no kind of interaction `qote.requested`."
            " Did you mean `quote.requested`?"
        ),
        "line 15, handoff.freshdays: There is no `freshdays` here. Did you mean `fresh_days`?",
        "line 16, promises.sales: `sales` is missing.",
        "line 18, promises.sale: There is no `sale` here. Did you mean `sales`?",
        "line 21, routing[0].when.field: There is no field `account.contry`. Did you mean `account.country`?",
        (
            "line 25, returns[1].needs: Sales makes no promise called `attempts_before`."
            " Did you mean `attempts_before_no_answer`?"
        ),
    ]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            "at_least: 60",
            "at_least: 600",
            "line 11, handoff.any[0].all[0].at_least: No contact can reach 600 points",
        ),
        ("score: fit, at_least: 20", "score: fit, at_least: 36", "all rules together give at most 35."),
        (
            "{did: [quote.requested], within_days: 7}",
            "{segment: hot}",
            "line 12, handoff.any[1]: A segment may not",
        ),
        ("name: Can decide", "name: our INDUSTRIES", "line 5, score.fit[1].name: Another rule is called"),
        ("kinds: [show.visited]", "kinds: [email.opened]", "`email.opened` cannot score"),
        ("kinds: [show.visited]", "kinds: [show.visited, show.visited]", "`show.visited` is named 2 times."),
        ("points: 15}", "points: 0.1234567}", "Has more than 6 decimal places."),
        ("points: 15}", "points: .nan}", "Must be a finite number."),
        ("points: 15}", 'points: "15"}', "Must be a number."),
        ("points: 25", "points: -25", "Points of an interaction must be more than 0"),
        (
            "is: case_study",
            "gt: 3",
            "line 8, score.engagement[1].where.gt: `content.type` is compared by one of",
        ),
        ("[CA, US]", "[NO, US]", "words that YAML reads as true or false (NO, yes, on) stand in quotes"),
        ("0.8", "80", "Is a share from 0 to 1; write four in five as 0.8."),
        ('"09:00-17:30"', "9-5", "Write the hours as"),
        ('"09:00-17:30"', '"17:00-09:00"', "The working day ends before it begins."),
        ("disqualifies: true", "ask: wake_on", "Say when the contact may come again"),
        ("reason: not_a_fit", "reason: no_answer", "`no_answer` stands in this list twice."),
        (
            "attempts_before_no_answer: 6",
            "first_attempt_within_hours: 8",
            "stands here twice; first in line 18.",
        ),
        (
            ", attempts_before_no_answer: 6",
            "",
            "`attempts_before_no_answer` is not among the promises of Sales",
        ),
        (
            "needs: attempts_before_no_answer",
            "needs: accept_within_hours",
            "is a deadline; a return can only need",
        ),
        ("1200000 CAD", "1200000", "An amount needs a currency"),
        ("{team: north_america}, by: turn", "{team: x, member: a@b.c}", "Name one of: {team: its_code}"),
        (
            "{did: [show.visited], within_days: 30}, to: who_met_them",
            "{stage: customer}, to: me",
            "routing[1].to",
        ),
        (
            "never: {field: contact.is_competitor, is: true}",
            "never: {field: x}",
            "Compare the field by exactly one of",
        ),
    ],
)
def test_a_mistake_is_told_in_a_sentence(before, after, sentence):
    assert before in EXAMPLE
    assert any(sentence in line for line in said(EXAMPLE.replace(before, after))), said(
        EXAMPLE.replace(before, after)
    )


def test_a_document_without_a_handoff_or_a_side_says_what_to_add():
    text = "name: X\nscore: {}\nhandoff: {fresh_days: 3}\npromises:\n  sales: {accept_within_hours: 4}\n"
    assert said(text) == [
        "line 1, returns: `returns` is missing.",
        "line 3, handoff: Say when a contact is handed over: by all, any, not, field, did, score or stage.",
        "line 4, promises.marketing: `marketing` is missing.",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "line 1: The document is empty."),
        ("- a\n", "line 1: An agreement begins with `name:`"),
        ("name: [a\nscore: {}", "line 1, column 7: The list that [ opens here"),
        ("name: a\n\tb: c", "line 2: A tab stands here; indent with spaces"),
        ("name: \x00", "line 1, column 7: The text holds a character that YAML does not allow."),
        ("a: &a [x, x]\nb: [*a, *a]", "line 1, column 4: References (& and *) are not allowed"),
        ("a: !!python/object/apply:os.system [ls]", "line 1, column 4: Tags (!) are not allowed"),
        ("[" * 3000, "line 1, column 61: Parts may be nested at most 60 deep."),
        ("a: 1\n---\nb: 1", "line 2: A second document begins here"),
        ("x" * 300_000, "at most 200,000 characters"),
        ("name: 2027-99-99", "line 1, name: `2027-99-99` looks like a number or a day but is none"),
        ("? [a]\n: 1", "A key is one word here."),
        ("handoff: " + "{not: " * 40 + "{score: fit, at_least: 1}" + "}" * 40, "nested at most 20 deep"),
    ],
)
def test_a_hostile_text_gets_a_sentence_and_nothing_else(text, sentence):
    assert any(sentence in line for line in said(text)), said(text)


@example("null")
@example("~")
@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda raw: raw.decode("latin-1")))
def test_no_text_whatever_raises(text):
    assert parse(text, known())


@given(st.data())
def test_an_agreement_with_any_piece_cut_out_is_read_or_explained(data):
    start = data.draw(st.integers(0, len(EXAMPLE)))
    end = data.draw(st.integers(start, min(len(EXAMPLE), start + 60)))
    found = parse(EXAMPLE[:start] + EXAMPLE[end:], known())
    assert isinstance(found, Document) or all(each.sentence.endswith((".", "?")) for each in found)


@given(st.decimals(min_value="0.000001", max_value=10_000, places=6))
def test_points_survive_to_the_sixth_place(points):
    text = SMALL.replace("points: 25", f"points: {points}").replace("cap: 50", "cap: 10000")
    text = text.replace("half_life_days: 90", "half_life_days: 1")
    document = parse(text, known())
    assert isinstance(document, Document), document
    assert document.score.engagement[0].points_micro == int(points * 1_000_000)
    assert parse(normal_text(document), known()) == document


def test_working_hours_without_quotes_are_not_taken_for_a_number():
    document = parse(EXAMPLE.replace('"09:00-17:30"', "09:00-17:30"), known())
    assert isinstance(document, Document)
    assert document.promises.calendar.hours == "09:00-17:30"
