"""The condition builder: what it draws comes back, whatever it is, and each button does its one act."""

from dataclasses import replace

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from orchard import wiring
from orchard.engine.conditions import read, written
from orchard.kit.errors import Refused
from orchard.web.ui.conditions import box_of, read_condition
from tests.make.conditions import CATALOGUE, trees
from tests.make.posting import fields

LEAF = {"field": "contact.country", "is": "CA"}
DID = {"did": ["quote.requested"], "within_days": 7}


def drawn(values, errors=None):
    box = box_of(values, "when", CATALOGUE, path="when", errors=errors)
    return render_to_string("ui/components/condition_builder.html", {"box": box})


def sent(page, act="", **changes):
    post = QueryDict(mutable=True)
    for name, value in [*fields(page, ""), ("act", act)]:
        post.appendlist(name, value)
    for name, value in changes.items():
        post.setlist(name.replace("__", "."), [value])
    return read_condition(post, "when", CATALOGUE)


@given(trees.filter(lambda tree: "''" not in repr(tree)))
def test_whatever_may_be_written_comes_back_from_the_builder_unchanged(tree):
    values = written(tree)
    assert written(read(sent(drawn(values)))) == values


def test_a_condition_alone_takes_another_one_beside_it():
    page = drawn({"score": "fit", "at_least": 20})
    assert "And another condition" in page
    both = sent(page, act="when!and")
    assert both["all"][0] == {"score": "fit", "at_least": 20}
    assert len(both["all"]) == 2
    assert "And another condition" not in drawn(both)


def test_a_value_with_a_comma_or_quotes_comes_back():
    values = {"field": "contact.country", "in": ["Ottawa, CA", 'the "North"', "x"]}
    assert sent(drawn(values)) == values


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=5),
        lambda x: (
            st.lists(x, max_size=2)
            | st.dictionaries(st.sampled_from(["all", "field", "did", "score", "x"]), x, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_what_is_wrong_is_drawn_and_kept_as_it_was_written(values):
    page = drawn({"all": [values, LEAF]})
    back = sent(page)
    assert len(back["all"]) == 2
    assert back["all"][-1] == LEAF


def test_nothing_yet_offers_a_first_condition():
    page = drawn(None)
    assert 'value="when!add"' in page
    assert sent(page) is None
    assert sent(page, "when!add") == {"field": "contact.country", "is": ""}


def test_rows_are_added_grouped_moved_and_removed():
    page = drawn({"any": [LEAF, DID]})
    assert sent(page, "when!add")["any"] == [LEAF, DID, {"field": "contact.country", "is": ""}]
    assert sent(page, "when!group")["any"][2] == {"all": [{"field": "contact.country", "is": ""}]}
    assert sent(page, "when.0!down")["any"] == [DID, LEAF]
    assert sent(page, "when.0!up")["any"] == [LEAF, DID]
    assert sent(page, "when.1!remove")["any"] == [LEAF]
    assert sent(page, "when!remove") is None
    assert sent(page, "when.7!remove")["any"] == [LEAF, DID]


def test_what_people_did_is_offered_and_bookkeeping_only_where_it_is_named_already():
    offered = [kind for kind, _words in box_of({"did": []}, "when", wiring.CATALOGUE).choices]
    assert offered[0] == "form.submitted"
    assert offered[-1] == "opportunity.lost"
    assert not {"agreement.proposed", "import.undone", "verdict.due", "fact.withdrawn"} & set(offered)
    stored = {"did": ["verdict.due"], "within_days": 7}
    box = box_of(stored, "when", wiring.CATALOGUE)
    assert box.choices[0] == ("verdict.due", "time to look again")
    assert sent(render_to_string("ui/components/condition_builder.html", {"box": box})) == stored


def test_turning_a_row_into_a_group_keeps_the_row():
    assert sent(drawn(LEAF), when__sort="any") == {"any": [LEAF]}
    assert sent(drawn({"any": [LEAF, DID]}), when__sort="all") == {"all": [LEAF, DID]}
    assert sent(drawn({"any": [LEAF, DID]}), when__sort="not") == {"not": {"any": [LEAF, DID]}}
    assert sent(drawn(LEAF), when__sort="not") == {"not": LEAF}
    assert sent(drawn({"not": LEAF}), when__sort="field") == LEAF
    assert sent(drawn(LEAF), when__sort="did") == {"did": [], "within_days": 30}


def test_choosing_another_field_begins_its_comparison_anew():
    assert sent(drawn(LEAF), when__field="contact.is_competitor") == {
        "field": "contact.is_competitor",
        "is": True,
    }
    assert sent(drawn(LEAF), when__field="account.employees") == {"field": "account.employees", "gt": ""}
    assert sent(drawn(LEAF), when__operator="in") == {"field": "contact.country", "in": ["CA"]}


def test_a_field_with_usual_values_is_picked_by_name_and_takes_others_too():
    names = CATALOGUE.extended(
        replace(each, usual=lambda: ["CA", "NO"], called={"CA": "Canada"}.get, others=True)
        for each in CATALOGUE.fields
        if each.name == "contact.country"
    )

    def page(values):
        box = box_of(values, "when", names)
        return render_to_string("ui/components/condition_builder.html", {"box": box})

    stored = {"field": "contact.country", "in": ["NO", "Kurland, the old", "CA"]}
    assert sent(page(stored)) == stored
    assert '<span class="picked is-strange">Kurland, the old (not in the list)</span>' in page(stored)
    assert '<span class="picked">Canada</span>' in page(stored)
    assert sent(page(stored), when__more='CA, SE, "Livland, too"')["in"] == [
        *stored["in"],
        "SE",
        "Livland, too",
    ]
    assert sent(page(LEAF)) == LEAF
    assert sent(page({"field": "contact.country", "is": "XQ"})) == {"field": "contact.country", "is": "XQ"}


def test_numbers_and_days_are_written_as_their_reader_does_and_stored_alike():
    large = {"field": "account.employees", "gt": 12000}
    with translation.override("de"):
        assert 'value="12.000"' in drawn(large)
        assert sent(drawn(large)) == large
        assert sent(drawn(large), when__value="1 500") == {"field": "account.employees", "gt": 1500}
        assert sent(drawn(large), when__value="1,500") == {"field": "account.employees", "gt": "1,500"}
    assert 'type="date"' in drawn({"field": "contact.born", "before": "2027-03-01"})
    instant = {"field": "contact.created_at", "before": "2027-03-01T09:00:00Z"}
    assert 'type="date"' not in drawn(instant)
    assert sent(drawn(instant)) == instant


def test_what_cannot_be_typed_comes_back_for_the_grammar_to_explain():
    page = drawn({"field": "account.employees", "gt": 5})
    assert sent(page, when__value="many") == {"field": "account.employees", "gt": "many"}
    assert sent(page, when__value="12") == {"field": "account.employees", "gt": 12}


def test_a_mistake_stands_at_its_row_and_user_text_is_escaped():
    page = drawn(
        {"any": [{"field": "contact.country", "is": "<script>"}, DID]},
        {"when.any[1].did": ["There is no such kind."]},
    )
    assert page.count("There is no such kind.") == 1
    assert page.index("There is no such kind.") > page.index("when.1.kinds")
    assert "<script>" not in page


def test_a_form_made_to_nest_without_end_is_refused():
    post = QueryDict(mutable=True)
    for depth in range(60):
        post[".".join(["when", *["0"] * depth]) + ".sort"] = "all"
    with pytest.raises(Refused, match="nested"):
        read_condition(post, "when", CATALOGUE)


def test_a_spoilt_hidden_part_is_refused_in_a_sentence():
    post = QueryDict(mutable=True)
    post["when.raw"] = "{"
    with pytest.raises(Refused, match="Reload the page"):
        read_condition(post, "when", CATALOGUE)
