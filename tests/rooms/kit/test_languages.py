"""Numbers, amounts and days are written as the language of the reader does."""

from datetime import date
from decimal import Decimal

import pytest

from orchard.kit.languages import dated, figure, month_named, quarter_named, spoken
from orchard.kit.money import Money


@pytest.mark.parametrize(
    ("value", "decimals", "english", "german"),
    [
        (3881, None, "3,881", "3.881"),
        (12.5, None, "12.5", "12,5"),
        (Decimal("0.10") * 100, None, "10", "10"),
        (1_000_000, None, "1,000,000", "1.000.000"),
        (1234.56, 1, "1,234.6", "1.234,6"),
        (0, None, "0", "0"),
        (-5200.25, None, "-5,200.25", "-5.200,25"),
    ],
)
def test_a_number_has_the_marks_of_its_language(value, decimals, english, german):
    with spoken("en"):
        assert figure(value, decimals) == english
    with spoken("de"):
        assert figure(value, decimals) == german


def test_an_amount_and_a_day_do_as_well():
    with spoken(""):
        assert str(Money(123_450, "EUR")) == "1,234.50 EUR"
        assert dated(date(2026, 11, 3), "D j M Y") == "Tue 3 Nov 2026"
    with spoken("de"):
        assert str(Money(123_450, "EUR")) == "1.234,50 EUR"
        assert str(Money(1_234, "JPY")) == "1.234 JPY"
        assert dated(date(2026, 11, 3), "D j M Y") == "Di 3. Nov 2026".replace(
            "Nov", dated(date(2026, 11, 3), "M")
        )
        assert dated(date(2026, 11, 3), "j.n.Y") == "3.11.2026"


def test_a_month_and_a_quarter_are_written_as_people_do():
    with spoken(""):
        assert month_named("2026-12") == "December 2026"
        assert month_named("2026-12", short=True) == "Dec 2026"
        assert quarter_named("2026-Q4") == "4th quarter of 2026"
        assert (month_named("2026-13"), quarter_named("soon")) == ("2026-13", "soon")
    with spoken("de"):
        assert month_named("2026-12") == "Dezember 2026"
