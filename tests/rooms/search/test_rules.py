"""What forgives a typo: whatever one letter does to the beginning of a word, a key of it is still in common."""

import string

from hypothesis import given
from hypothesis import strategies as st

from orchard.search import rules

LETTERS = st.text(string.ascii_lowercase, min_size=4, max_size=12)
ANY = st.sampled_from(string.ascii_lowercase)


@st.composite
def mistyped(draw, least=4):
    """Give a word, a beginning of it of at least `least` letters, and that beginning with one typo."""
    word = draw(LETTERS)
    begun = word[: draw(st.integers(least, len(word)))]
    place = draw(st.integers(0, len(begun) - 1))
    written = draw(
        st.sampled_from(
            [
                begun[:place] + draw(ANY) + begun[place + 1 :],
                begun[:place] + begun[place + 1 :],
                begun[:place] + draw(ANY) + begun[place:],
                begun[:place] + begun[place + 1 : place + 2] + begun[place : place + 1] + begun[place + 2 :],
            ]
        )
    )
    return word, begun, written


@given(mistyped())
def test_a_beginning_with_one_typo_has_a_key_in_common_with_its_word(given):
    word, _, written = given
    assert set(rules.typed_keys(written)) & set(rules.stored_keys(word))


@given(mistyped())
def test_a_beginning_with_one_typo_is_near_its_word(given):
    word, begun, written = given
    assert rules.is_near(written, word, whole=False)
    assert rules.is_near(written, begun, whole=True)


def edits(word):
    """Return everything that is one typo or none away from a word of the letters a, b and c."""
    found = {word}
    for place in range(len(word) + 1):
        found |= {word[:place] + letter + word[place:] for letter in "abc"}
        if place < len(word):
            found |= {word[:place] + letter + word[place + 1 :] for letter in "abc"}
            found.add(word[:place] + word[place + 1 :])
        if place < len(word) - 1:
            found.add(word[:place] + word[place + 1] + word[place] + word[place + 2 :])
    return found


@given(st.text("abc", min_size=1, max_size=5), st.text("abc", min_size=1, max_size=6))
def test_what_is_near_is_one_typo_away_and_nothing_else(written, word):
    assert rules.is_near(written, word, whole=True) is (written in edits(word))
    beginnings = (word[:end] for end in range(len(word) + 1))
    assert rules.is_near(written, word, whole=False) is any(written in edits(each) for each in beginnings)


def test_names_and_addresses_come_apart_at_every_sign_and_are_folded():
    assert rules.words_of_names(["Jürgen Müller-Lüdenscheid", None]) == {"jurgen", "muller", "ludenscheid"}
    assert rules.words_of_names(["J.R. O'Brien"]) == {"jr", "j", "r", "obrien"}
    assert rules.words_of_addresses(["anna_maria.Gruber-Weiss+fair@mail.acme.example"]) == {
        "anna", "maria", "gruber", "weiss", "fair", "mail", "acme", "example",
    }  # fmt: skip


def test_a_word_with_a_digit_forgives_nothing():
    assert rules.typed_keys("company12") == []
    assert not rules.forgives("company12")


def test_one_exact_word_weighs_more_than_any_beginning_and_a_beginning_more_than_any_typo():
    def cost(words, *record):
        found = rules.match(tuple(rules.readings(rules.read(words))), record, record)
        return None if found is None else found.cost

    assert cost("anna gruber", "gruber", "anna") == 0
    assert 0 < cost("anna gru", "gruber", "anna") < cost("ann gru", "gruber", "anna")
    assert cost("an gru", "gruber", "anna") < cost("anna gurber", "gruber", "anna")
    assert cost("anna gurber", "gruber", "anna") < cost("anna grbe", "gruber", "anna"), (
        "a whole word comes first"
    )
    assert cost("annagruber", "gruber", "anna") is not None, "a space was left out"
    assert cost("anna gru ber", "gruber", "anna") is not None, "a space was put in"
    assert cost("anna huber", "gruber", "anna") is None
