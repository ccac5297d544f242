"""What the contract says, and what it calls a change."""

import pytest

from orchard.agreement.document import Document, parse
from orchard.agreement.words import Mark, changes, contract, marked
from tests.make.agreements import EXAMPLE, known


def document(text=EXAMPLE):
    found = parse(text, known())
    assert isinstance(found, Document), found
    return found


def clauses(text=EXAMPLE):
    return contract(document(text), known())


def said(text=EXAMPLE):
    return {
        clause.key: " ".join(sentence.text for sentence in clause.sentences)
        .replace(" ;", ";")
        .replace(" ,", ",")
        for clause in clauses(text)
    }


def told(before, after):
    return [(c.clause, c.before, c.after) for c in changes(clauses(before), clauses(after))]


def test_the_contract_reads_like_one():
    words = said()
    assert words["handoff"].startswith(
        "A contact becomes a lead when it has at least 60 points, of which at least 20 for fit; "
        "or when it has asked for a quote within the last 7 days."
    )
    assert words["sales"].startswith(
        "To accept or return within 4 working hours, to try to reach within 8 working hours, "
        "and not to give up before 6 attempts."
    )
    assert "Visited our booth 25 points, fading by half in 90 days, at most 50." in words["score"]
    assert "“Not now” asks when and rests for 60 days." in words["returns"]
    assert words["goals"] == "1st quarter of 2027: 1,200,000 CAD won."


def test_clauses_are_numbered_and_those_left_out_are_not_there():
    without = EXAMPLE.replace("rot: {contact_days: 120, lead_days: 3, longest_plan_days: 60}\n", "")
    assert [clause.number for clause in clauses(without)] == list(range(1, 9))
    assert "rot" not in said(without)


def test_every_figure_of_the_document_is_marked_with_its_place():
    terms = {
        run.path: run.text
        for clause in clauses()
        for sentence in clause.sentences
        for run in sentence.runs
        if run.term
    }
    assert terms["handoff.any[0].all[0].at_least"] == "60 points"
    assert terms["score.engagement[1].cap"] == "24"
    assert terms["promises.marketing.leads_with_phone_share"] == "80 %"
    assert terms["rot.contact_days"] == "120 days"
    assert "" not in terms


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("at_least: 60", "at_least: 50", (1, "It has at least 60 points", "It has at least 50 points")),
        ("fresh_days: 14", "fresh_days: 10", (1, "What is older than 14 days", "What is older than 10 days")),
        (
            "at_account: join",
            "at_account: separate",
            (1, "open lead joins it", "open lead is a lead of their own"),
        ),
        ("points: 25", "points: 30", (2, "Visited our booth 25", "Visited our booth 30")),
        ("in: [CA, US]", "in: [CA]", (6, "is CA or US", "is CA:")),
        ("answer: 6", "answer: 4", (3, "before 6 attempts", "before 4 attempts")),
        (
            "disqualifies: true",
            "eligible_after_days: 9",
            (5, "“Wrong fit” ends it", "“Wrong fit” rests for 9 days"),
        ),
        ("longest_wait_days: 45", "longest_wait_days: 30", (8, "than 45 days", "than 30 days")),
        ("1200000 CAD", "900000 CAD", (9, "1,200,000 CAD", "900,000 CAD")),
    ],
)
def test_one_change_in_the_document_is_one_change_in_words(before, after, change):
    ((clause, was, now),) = told(EXAMPLE, EXAMPLE.replace(before, after))
    assert clause == change[0]
    assert change[1] in was
    assert change[2] in now


def test_a_changed_figure_is_struck_beside_the_new_one():
    found = marked(clauses(), clauses(EXAMPLE.replace("at_least: 60", "at_least: 50")))
    changed = [run for clause in found for s in clause.sentences for run in s.runs if run.was]
    assert [(run.was, run.text) for run in changed] == [("60", "50 points")]


def test_a_rule_that_comes_or_goes_is_marked_whole_and_one_that_moves_is_no_change():
    line = "    - {name: Sent a form, kinds: [form.submitted], points: 5, half_life_days: 30, cap: 10}\n"
    more = EXAMPLE.replace("handoff:\n", f"{line}handoff:\n", 1)
    ((_, was, now),) = told(EXAMPLE, more)
    assert (was, now) == ("", "Sent a form 5 points, fading by half in 30 days, at most 10")
    ((_, was, now),) = told(more, EXAMPLE)
    assert was.startswith("Sent a form 5")
    assert now == ""
    removed = [s for c in marked(clauses(more), clauses()) for s in c.sentences if s.mark is Mark.REMOVED]
    assert [sentence.id for sentence in removed] == ["score:sent a form"]
    first, second = EXAMPLE.splitlines()[3:5]
    assert told(EXAMPLE, EXAMPLE.replace(f"{first}\n{second}", f"{second}\n{first}")) == []


def test_a_new_way_to_become_a_lead_changes_nothing_about_the_others():
    more = EXAMPLE.replace("  any:\n", "  any:\n    - {did: [sample.requested], within_days: 5}\n")
    assert told(EXAMPLE, more) == [(1, "", "It has asked for a sample within the last 5 days")]


def test_a_clause_that_is_gone_comes_last_without_a_number():
    less = EXAMPLE.replace("attention: {long_term_share: 0.25, longest_wait_days: 45}\n", "")
    last = marked(clauses(), clauses(less))[-1]
    assert (last.number, last.key) == (0, "attention")
    assert {sentence.mark for sentence in last.sentences} == {Mark.REMOVED}


def test_two_spellings_of_one_agreement_do_not_differ():
    assert told(EXAMPLE, EXAMPLE.replace("[quote.requested]", "quote.requested")) == []


def test_every_form_of_condition_has_words():
    when = """{all: [
      {not: {field: account.country, is: "NO"}}, {field: account.employees, between: [50, 5000]},
      {field: contact.seniority, empty: false}, {field: contact.is_competitor, is: false},
      {did: [show.visited, webinar.attended], since: last_return, at_least: 2, at_most: 9},
      {did: [email.clicked], at_most: 0, within_days: 1}, {score: account, at_least: 5, at_most: 90},
      {any: [{stage: [engaged, customer]}, {did: [form.submitted], since: 2026-01-01}]}]}"""
    text = EXAMPLE.replace("{did: [quote.requested], within_days: 7}", when)
    assert (
        "it is not so that the account's country is NO and the account's employees is from 50 to 5,000 and seniority"
        " is known and “competitor” is answered no and it has visited our booth or attended a webinar from 2 to"
        " 9 times since Sales last gave it back and it has not clicked in a mail within the last 1 day and the"
        " people of its account have at least 5 points and at most 90 points together and (its stage is Engaged or"
        " Customer, or it has sent a form since 1 January 2026)"
    ) in said(text)["handoff"]
