"""A score as people are shown it: lines that add up, and never a tenth too much."""

from hypothesis import given
from hypothesis import strategies as st

from orchard.scoring.rules import shown
from orchard.scoring.types import MICRO, TENTH

lines = st.lists(st.integers(-20 * MICRO, 60 * MICRO), max_size=12)


@given(lines)
def test_the_lines_shown_add_up_to_the_total_shown(parts):
    found = shown(parts)
    assert sum(found.lines) == found.total
    assert len(found.lines) == len(parts)


@given(lines)
def test_the_total_is_cut_and_no_line_is_a_whole_tenth_away(parts):
    found = shown(parts)
    assert found.total * TENTH <= sum(parts) < (found.total + 1) * TENTH
    assert all(abs(tenths * TENTH - line) < TENTH for tenths, line in zip(found.lines, parts, strict=True))


def test_who_lacks_a_millionth_does_not_see_the_threshold():
    assert shown([60 * MICRO - 1]).total == 599


def test_a_lost_tenth_goes_to_the_largest_remainder_and_then_to_the_first():
    assert shown([1_060_000, 1_050_000]).lines == (11, 10)
    assert shown([1_050_000, 1_050_000]).lines == (11, 10)
