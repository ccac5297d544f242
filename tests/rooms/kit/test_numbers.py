"""What number somebody typed: as their language sets groups and decimals, and never by a guess."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from orchard.kit import numbers


@pytest.mark.parametrize(
    ("language", "typed", "number"),
    [
        ("en", "1,200,000", "1200000"),
        ("en", "1,200", "1200"),
        ("en", "1 200 000", "1200000"),
        ("en", "1.200.000", "1200000"),
        ("en", "1,200.50", "1200.50"),
        ("en", "1.200,50", "1200.50"),
        ("en", "12.5", "12.5"),
        ("en", "12,5", "12.5"),
        ("de", "1.200.000", "1200000"),
        ("de", "1.200", "1200"),
        ("de", "1'200'000", "1200000"),
        ("de", "1,200,000", "1200000"),
        ("de", "0,125", "0.125"),
        ("de", "12,5", "12.5"),
    ],
)
def test_a_number_is_read_as_its_writer_sets_groups_and_decimals(language, typed, number):
    with translation.override(language):
        assert numbers.typed(typed) == Decimal(number)


@pytest.mark.parametrize(
    ("language", "typed", "both"), [("en", "1.200", ("1,200", "1.2")), ("de", "1,200", ("1.200", "1,2"))]
)
def test_a_mark_that_could_part_thousands_or_decimals_is_asked_about_and_not_guessed(language, typed, both):
    with translation.override(language):
        assert numbers.typed(typed) is None
        assert numbers.readings(typed) == both


@pytest.mark.parametrize("typed", ["", "many", "1.2 Mio", "1,20,000", "12..5", "1,200.500.1", "٣٣a"])
def test_what_is_no_number_means_none(typed):
    assert numbers.typed(typed) is None
    assert numbers.readings(typed) is None


@given(
    st.sampled_from(["en", "de"]),
    st.integers(-(10**15), 10**15)
    | st.floats(-1e9, 1e9).filter(lambda each: "e" not in str(each))
    | st.decimals(1, 10**9, places=3),
)
def test_what_is_shown_is_read_back_as_the_same_number(language, value):
    with translation.override(language):
        assert numbers.typed(numbers.shown(value)) == Decimal(str(value))
        assert numbers.typed(numbers.shown(value, grouped=False)) == Decimal(str(value))
