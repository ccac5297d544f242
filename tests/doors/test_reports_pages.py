"""The pages of reports: each opens for everybody, its numbers lead to their rows, and it goes along as a file."""

import io
import json
import re
from html import unescape

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from orchard.engine import lake
from orchard.engine.models import LakeTable
from orchard.kit.languages import month_named
from orchard.reports.queries import numbers
from orchard.team.types import Role
from tests.make import company
from tests.make.members import member
from tests.make.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path


@pytest.fixture
def lars(client):
    company.founded(people=30)
    client.force_login(member(Role.SALES))
    return client


def figures(client, name, **query):
    return client.get(reverse("reports:figures", args=[name]), query)


def links(answer):
    """Return the addresses of the rows behind the numbers of a page, with the numbers."""
    found = re.findall(r'href="([^"]*/rows\?[^"]*)">([\d,]+)</a>', answer.content.decode())
    return [(unescape(address), int(number.replace(",", ""))) for address, number in found]


@pytest.mark.parametrize("name", numbers.REPORTS)
def test_each_number_of_each_page_opens_so_many_rows(lars, name):
    since = {"since": "2026-01-01"}
    answer = figures(lars, name, **since)
    assert f"As of fact {answer.context['answer'].pos:,} of the ledger." in answer.content.decode()
    opened = links(answer)
    assert opened
    for address, number in opened[:12]:
        page = lars.get(address)
        assert page.context["found"].number == number, address
        assert f"{number:,} in all" in page.content.decode()


@pytest.mark.parametrize("name", numbers.REPORTS)
def test_each_goes_along_as_a_file_that_says_the_same(lars, name):
    answer = figures(lars, name, since="2026-01-01").context["answer"]
    files = {
        ending: lars.get(
            reverse("reports:file", args=[name, ending]), {"since": "2026-01-01", "at": answer.stamp}
        )
        for ending in ("csv", "xlsx", "json")
    }
    assert all(
        f"{name}-{answer.pos}.{ending}" in file["Content-Disposition"] for ending, file in files.items()
    )
    assert json.loads(files["json"].content) == json.loads(json.dumps(answer.data(), default=str))
    rows = load_workbook(io.BytesIO(files["xlsx"].content)).worksheets[0]
    lines = files["csv"].content.decode("utf-8-sig").splitlines()
    assert rows.max_row == len(lines) == 1 + len(answer.sheets[0].rows) + (answer.sheets[0].total is not None)


def test_no_file_lets_a_name_act_as_a_formula(lars):
    lines = lars.get(reverse("reports:file", args=["funnel", "csv"])).content.decode()
    assert "'=Ads" in lines
    assert "\n=Ads" not in lines
    book = load_workbook(io.BytesIO(lars.get(reverse("reports:file", args=["funnel", "xlsx"])).content))
    assert "f" not in {cell.data_type for cell in book.worksheets[0]["A"]}


def test_a_name_narrows_the_report_to_its_line_and_a_chip_takes_that_back(lars):
    page = lars.get(reverse("reports:show", args=["funnel"]), {"country": "DE", "by": "source"})
    assert "DE" in text_of(page)
    assert 'href="?by=source"' in page.content.decode()
    answer = figures(lars, "funnel", country="DE", by="source").context["answer"]
    everybody = figures(lars, "funnel", by="country").context["answer"]
    (germans,) = (row["entered"] for row in everybody.sheets[0].rows if row["country"] == "DE")
    assert answer.sheets[0].total["entered"] == germans


def test_months_are_written_as_people_do_and_in_addresses_and_files_as_machines_do(lars):
    shown = figures(lars, "funnel", by="month")
    month = shown.context["answer"].sheets[0].rows[0]["month"]
    named = month_named(month)
    assert (len(month), named.split()[1]) == (7, month[:4])
    assert named in text_of(shown)
    assert month not in text_of(shown)
    assert f"month={month}" in shown.content.decode()
    narrowed = lars.get(reverse("reports:show", args=["funnel"]), {"by": "source", "month": month})
    assert f"Month {named}" in text_of(narrowed)
    file = lars.get(reverse("reports:file", args=["funnel", "csv"]), {"by": "month"}).content.decode()
    assert month in file
    assert named not in file


def test_a_link_into_a_moment_that_is_over_says_so(lars):
    address, _number = links(figures(lars, "funnel"))[0]
    LakeTable.objects.all().delete()
    lake.forget_derived()
    answer = lars.get(address)
    assert answer.status_code == 404
    assert "Open the report anew" in text_of(answer)


def test_sales_see_their_own_broken_promises_and_managers_everybody_s(client):
    company.founded(people=30)
    for role, seen in ((Role.SALES, {None}), (Role.MANAGER, {int})):
        client.force_login(member(role))
        rows = figures(client, "scorecard", since="2026-01-01").context["answer"].sheets[0].rows
        assert {row["expired"] if row["expired"] is None else int for row in rows} == seen


def test_a_report_that_does_not_exist_is_not_found(lars):
    assert figures(lars, "weather").status_code == 404
    assert lars.get(reverse("reports:file", args=["funnel", "pdf"])).status_code == 404


def test_the_rows_of_all_time_are_those_of_all_time(lars):
    """A scorecard begins with this quarter where nothing is said: then an empty day must be said."""
    answer = figures(lars, "scorecard", since="", until="")
    given = answer.context["answer"].sheets[0].total["given"]
    opened = [
        (address, number)
        for address, number in links(answer)
        if "number=given" in address and number == given
    ]
    assert opened
    assert lars.get(opened[0][0]).context["found"].number == given


@pytest.mark.parametrize("name", ["scorecard", "funnel", "cost"])
def test_a_sale_has_the_same_tone_in_every_report_and_none_wears_one_of_ripeness(lars, name):
    content = figures(lars, name, since="2026-01-01").content.decode()
    legend = re.findall(r'<span class="legend ([^"]+)">([^<]+)</span>', content)
    assert {tone for tone, label in legend if label in {"Won", "Became a sale"}} == {"tone-2"}
    assert 'class="tone tone-2"' in content
    assert "band-" not in content


def test_what_is_about_ripeness_wears_the_colours_of_ripeness(lars):
    content = figures(lars, "orchard").content.decode()
    assert 'class="legend band-ripe"' in content
    assert 'class="tone band-ripe"' in content
