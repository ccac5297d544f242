"""Dates, numbers and words mean one thing, or the file is asked about: never a guess."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchard.connect.csv import read, read_map
from orchard.connect.csv.dates import Order, reader
from orchard.connect.csv.types import MapError, Reject, Unreadable
from orchard.connect.csv.values import identity, numbers, text

FACT = "contact: {email: mail}\ninteractions: [{kind: form.submitted, at: day}]\n"


def reading(folder, rows, more=""):
    path = folder / "file.csv"
    path.write_text("mail,day\n" + "".join(f"p{n}@example.com,{row}\n" for n, row in enumerate(rows)))
    return read(path, read_map(FACT + more))


def days(found):
    return [row.facts[0].at.date() for row in found.rows() if not isinstance(row, Reject)]


def test_one_clear_date_decides_how_the_whole_column_is_read(tmp_path):
    assert days(reading(tmp_path, ["03/04/2025", "05/06/2025", "13/02/2025"]))[0] == date(2025, 4, 3)
    assert days(reading(tmp_path, ["03/04/2025", "05/06/2025", "02/13/2025"]))[0] == date(2025, 3, 4)


def test_a_column_that_tells_neither_day_nor_month_is_an_error_that_names_the_rows(tmp_path):
    with pytest.raises(
        MapError, match=r"row 2 \(03/04/2025\), row 4 \(05/06/2025\)\. Write `dates: day_first`"
    ):
        reading(tmp_path, ["03/04/2025", "07/07/2025", "05/06/2025"])


def test_a_column_with_both_orders_is_an_error_that_names_both(tmp_path):
    with pytest.raises(MapError, match=r"both orders \(row 2 \(13/02/2025\), row 3 \(02/13/2025\)\)"):
        reading(tmp_path, ["13/02/2025", "02/13/2025", "03/04/2025"])


def test_the_map_may_say_the_order_or_the_format(tmp_path):
    rows = ["03/04/2025"]
    assert days(reading(tmp_path, rows, "dates: day_first")) == [date(2025, 4, 3)]
    assert days(reading(tmp_path, rows, "dates: month_first")) == [date(2025, 3, 4)]
    assert days(reading(tmp_path, rows, 'dates: "%d/%m/%Y"')) == [date(2025, 4, 3)]


def test_a_format_that_leaves_out_the_day_is_refused_before_any_row(tmp_path):
    with pytest.raises(MapError, match="leaves out the year, the month or the day"):
        reading(tmp_path, ["2025"], 'dates: "%Y"')


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-01-22T20:36:47.000+0000", datetime(2024, 1, 22, 20, 36, 47, tzinfo=UTC)),
        ("2024-01-22T20:36:47.000Z", datetime(2024, 1, 22, 20, 36, 47, tzinfo=UTC)),
        ("2024-03-12 09:14", datetime(2024, 3, 12, 9, 14, tzinfo=UTC)),
        ("2024-03-12 9:14 PM", datetime(2024, 3, 12, 21, 14, tzinfo=UTC)),
        ("20240312", datetime(2024, 3, 12, tzinfo=UTC)),
        ("05/20/2026 12:00:00 AM", datetime(2026, 5, 20, tzinfo=UTC)),
        ("11/29/24 22:28", datetime(2024, 11, 29, 22, 28, tzinfo=UTC)),
        ("Mar 22, 2025 7:13 PM", datetime(2025, 3, 22, 19, 13, tzinfo=UTC)),
        ("05 Oct 2019", datetime(2019, 10, 5, tzinfo=UTC)),
        ("05-oct-25", datetime(2025, 10, 5, tzinfo=UTC)),
        ("3. März 2024", datetime(2024, 3, 3, tzinfo=UTC)),
        ("12 de febrero de 2024", datetime(2024, 2, 12, tzinfo=UTC)),
        ("Sat, 05 Oct 2019 10:11:12 +0200", datetime(2019, 10, 5, 8, 11, 12, tzinfo=UTC)),
        ("1.2.1985", datetime(1985, 1, 2, tzinfo=UTC)),
    ],
)
def test_dates_are_read_in_the_ways_that_exports_write_them(written, meant):
    assert reader(rule="auto", order=Order.MONTH_FIRST, zone=UTC)(written).at == meant


@pytest.mark.parametrize(
    "written", ["2024-02-30", "31/04/2024", "0001-01-01", "45123", "--", "12:30", "13/13/2024"]
)
def test_what_is_no_day_of_the_calendar_says_so(written):
    with pytest.raises(Unreadable):
        reader(rule="auto", order=None, zone=UTC)(written)


def test_a_time_without_a_zone_is_in_the_maps_and_a_date_is_that_day_in_every_zone():
    read_one = reader(rule="auto", order=None, zone=ZoneInfo("America/Sao_Paulo"))
    assert read_one("2018-01-22") == (datetime(2018, 1, 22, tzinfo=UTC), True)
    assert read_one("2018-07-22 10:00") == (datetime(2018, 7, 22, 13, tzinfo=UTC), False)


@given(st.datetimes(datetime(1971, 1, 1), datetime(2068, 12, 31)), st.sampled_from(Order))  # noqa: DTZ001
def test_a_date_comes_back_as_it_was_written_in_either_order(moment, order):
    written = moment.strftime("%d/%m/%y %H:%M" if order is Order.DAY_FIRST else "%m/%d/%y %I:%M %p")
    found = reader(rule="auto", order=order, zone=UTC)(written).at
    assert found == moment.replace(second=0, microsecond=0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("$60.00", "60"),
        ("R$ 1.234,5", "1234.5"),
        ("(12.50)", "-12.5"),
        ("12,-", "12"),
        ("USD 1,000,000", "1000000"),
        ("0.125", "0.125"),
        ("-3", "-3"),
    ],
)
def test_numbers_are_read_in_the_ways_that_people_write_them(written, meant):
    assert numbers.number(written, None) == Decimal(meant)


@pytest.mark.parametrize("written", ["1,234", "1.234", "NaN", "1e999", "1,23,4", "abc", "", "9" * 40])
def test_what_could_be_two_numbers_or_none_is_refused(written):
    with pytest.raises(Unreadable):
        numbers.number(written, None)


def test_the_numbers_of_a_column_decide_together_what_a_comma_means(tmp_path):
    import_map = read_map("contact: {email: mail, custom.size: {column: size, type: number}}")
    for rows, meant in (("a@b.co;1,234\nc@d.co;1,5\n", 1.234), ("a@b.co;1,234\nc@d.co;1,234.5\n", 1234)):
        (tmp_path / "sizes.csv").write_text("mail;size\n" + rows)
        assert next(read(tmp_path / "sizes.csv", import_map).rows()).custom == {"size": meant}
    (tmp_path / "sizes.csv").write_text("mail;size\na@b.co;1,234\n")
    with pytest.raises(MapError, match=r"thousands or decimals: row 2 \(1,234\)"):
        read(tmp_path / "sizes.csv", import_map)


@pytest.mark.parametrize(("currency", "minor"), [("EUR", 1250), ("KWD", 12500)])
def test_money_is_in_the_minor_units_of_its_currency(currency, minor):
    assert numbers.minor_units("12.50", None, currency) == minor


def test_money_with_more_decimals_than_its_currency_has_is_refused_not_rounded():
    with pytest.raises(Unreadable, match="more decimals than JPY has"):
        numbers.minor_units("12.50", None, "JPY")


def test_words_lose_control_characters_and_keep_everything_else():
    assert text.line("  Ada\x00 \n Love\u2028lace ", 100) == "Ada Lovelace"
    assert text.paragraph("one\ntwo\x07", 100) == "one\ntwo"
    with pytest.raises(Unreadable, match="the text has 101 characters; 100 fit"):
        text.line("x" * 101, 100)


def test_an_id_that_a_spreadsheet_has_shortened_is_refused():
    assert text.identifier("39779198735") == "39779198735"
    with pytest.raises(Unreadable, match="shortened"):
        text.identifier("3.98E+10")


def test_countries_become_codes_where_that_is_obvious():
    assert [
        text.country(name) for name in ("Österreich", "us", "Congo, Democratic Republic of the", "Narnia")
    ] == [
        "AT",
        "US",
        "CD",
        "Narnia",
    ]


def test_a_cell_may_hold_several_addresses_and_numbers():
    assert [found.normal for found in identity.emails("A@x.co; b@y.co")] == ["a@x.co", "b@y.co"]
    assert [found.normal for found in identity.phones("0664 1234567; call me", "AT", "")] == [
        "+436641234567",
        None,
    ]
    with pytest.raises(Unreadable, match="is no e-mail address"):
        identity.emails("not yet")


def test_an_import_stores_names_without_what_nobody_sees_and_such_a_name_alone_is_none(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Name,Firm\nAnn\u202e Lee,\ufeffAcme\u2069\n\u200b\u200e,Acme\n", encoding="utf-8")
    row, reject = read(path, read_map("contact: {full_name: Name, account.name: Firm}")).rows()
    assert (row.contact["full_name"], row.account["name"]) == ("Ann Lee", "Acme")
    assert reject.reason.startswith("This row names nobody")


def test_a_code_or_kind_of_a_campaign_longer_than_fits_refuses_its_row(tmp_path):
    path = tmp_path / "campaigns.csv"
    path.write_text(f"Code,Kind\n{'c' * 80},ad\n{'c' * 81},ad\nb,{'k' * 41}\n")
    row, long_code, long_kind = read(path, read_map("campaign: {code: Code, type: Kind}")).rows()
    assert len(row.campaign["code"]) == 80
    assert long_code.reason == "Code: the text has 81 characters; 80 fit."
    assert long_kind.reason == "Kind: the text has 41 characters; 40 fit."


def test_a_cost_finer_than_its_currency_refuses_its_row_and_thousands_are_read_as_such(tmp_path):
    path = tmp_path / "campaigns.csv"
    path.write_text('Code,Cost\na,"1,234.50"\nb,"1,234"\nc,12.3456\nd,12.345\n')
    map_ = read_map("campaign: {code: Code, actual_cost: {column: Cost, currency: EUR}}\n")
    half, whole, *finer = read(path, map_).rows()
    assert (half.campaign["actual_cost"], whole.campaign["actual_cost"]) == (1234_50, 1234_00)
    assert [each.reason for each in finer] == [
        "Cost: 12.3456 has more decimals than EUR has.",
        "Cost: 12.345 has more decimals than EUR has.",
    ]
