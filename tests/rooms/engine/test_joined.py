"""Many parts are joined in pairs: each once, in their order, and no deeper than need be."""

import pytest

from orchard.engine.expressions import joined


@pytest.mark.parametrize("count", [1, 2, 3, 7, 1_000])
def test_every_part_is_joined_once_in_order_and_ten_deep_at_most(count):
    parts, depth = joined(
        lambda first, second: (first[0] + second[0], max(first[1], second[1]) + 1),
        (([n], 0) for n in range(count)),
    )
    assert parts == list(range(count))
    assert depth == (count - 1).bit_length()
