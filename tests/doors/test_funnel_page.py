"""The page of the funnel: the same numbers as the command, and the contacts behind each."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from orchard import flow
from orchard.campaigns import actions as campaigns
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions import queries as facts
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.team.types import Role
from tests.make.command import orchard
from tests.make.members import member

pytestmark = pytest.mark.django_db

MAY = datetime(2026, 5, 10, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path


@pytest.fixture
def sales(client):
    client.force_login(member(Role.SALES))
    return client


@pytest.fixture
def company():
    """Two campaigns: a fair in May that brought three, one won; ads in June that brought one; one of no source."""
    fair, ads = (campaigns.create_campaign(name=name, now=MAY) for name in ("Fair", "Ads"))
    came("Ann", MAY, fair, won=True)
    came("Bob", MAY, fair)
    came("Cleo", MAY, fair)
    came("Dan", MAY + timedelta(days=40), ads)
    came("Eve", MAY + timedelta(days=41), None)
    ledger.drain(flow.CONSUMERS)
    return {"fair": fair, "ads": ads}


def came(name, at, campaign_id, *, won=False):
    contact = contacts.create_contact(full_name=name, now=at + timedelta(days=1))
    told = [NewFact("form.submitted", at, contact_id=contact, campaign_id=campaign_id)]
    if won:
        told.append(NewFact("opportunity.won", at + timedelta(days=30), contact_id=contact))
    with transaction.atomic():
        ledger.append(told, now=clock.now())
        if campaign_id:
            campaigns.add_sources([(contact, campaign_id, at)])


def numbers(answer):
    return {row["campaign"]: (row["entered"], row["qualified"], row["won"]) for row in answer.sheets[0].rows}


def figures(client, **query):
    return client.get(reverse("reports:figures", args=["funnel"]), query)


def told(client, **query):
    return figures(client, **query).context["answer"]


def total(client, **query):
    return told(client, **query).sheets[0].total


def opened(client, **query):
    return client.get(reverse("reports:rows", args=["funnel"]), query)


def people(client, **query):
    return [each.row.name for each in opened(client, **query).context["listed"].page.rows]


def test_it_shows_what_the_command_prints_and_up_to_which_fact(sales, company):
    answer = figures(sales)
    found = answer.context["answer"]
    _, printed = orchard("report", "funnel", "--by", "campaign")
    assert found.data() == printed
    assert numbers(found) == {"Fair": (3, 1, 1), "Ads": (1, 0, 0), None: (1, 0, 0)}
    assert f"As of fact {facts.head()} of the ledger." in answer.content.decode()


def test_days_choose_who_came_in_and_their_sale_counts_whenever_it_was(sales, company):
    chosen = {"since": "2026-05-01", "until": "2026-05-10"}
    assert numbers(told(sales, **chosen)) == {"Fair": (3, 1, 1)}
    _, printed = orchard("report", "funnel", "--from", "2026-05-01", "--to", "2026-05-10")
    assert printed["total"]["won"] == 1
    assert total(sales, since="2026-06-01")["entered"] == 2
    assert "Nothing falls into this choice" in figures(sales, since="2030-01-01").content.decode()


def test_a_day_is_that_of_the_member_who_asks(client, company):
    client.force_login(member(Role.SALES, time_zone="Asia/Tokyo"))
    came("Late", datetime(2026, 7, 1, 20, tzinfo=UTC), None)
    ledger.drain(flow.CONSUMERS)
    assert total(client, since="2026-07-02", until="2026-07-02")["entered"] == 1


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"since": "soon"}, "A day is written like 2026-11-02."),
        ({"since": "2026-05-02", "until": "2026-05-01"}, "The last day lies before the first."),
        ({"until": "9999-12-31"}, "Reports tell of days between the years 1900 and 2200."),
        ({"since": "0001-01-01"}, "Reports tell of days between the years 1900 and 2200."),
    ],
)
def test_days_that_make_no_sense_are_refused_in_one_sentence(sales, query, sentence):
    answer = sales.get(reverse("reports:show", args=["funnel"]), query)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert sentence in figures(sales, **query).content.decode()


def test_each_number_opens_the_contacts_that_it_counts(sales, company):
    assert people(sales, campaign=company["fair"]) == ["Cleo", "Bob", "Ann"]
    assert people(sales, campaign=company["fair"], number="customer.entered") == ["Ann"]
    assert people(sales, campaign="~") == ["Eve"]
    assert people(sales, since="2026-06-01") == ["Eve", "Dan"]
    assert people(sales, number="qualified.skipped") == ["Ann"]


def test_the_contacts_behind_a_number_are_walked_both_ways(sales, company, monkeypatch):
    monkeypatch.setattr("orchard.web.lists.page.PAGE", 2)
    answer = opened(sales)
    first = answer.context["listed"]
    assert [each.row.name for each in first.page.rows] == ["Eve", "Dan"]
    assert answer.context["found"].number == 5
    assert people(sales, sort="added") == ["Ann", "Bob"]
    second = opened(sales, cursor=first.page.next).context["listed"]
    assert [each.row.name for each in second.page.rows] == ["Cleo", "Bob"]
    assert people(sales, cursor=second.page.previous) == ["Eve", "Dan"]


def test_the_contacts_behind_a_number_are_taken_along_as_the_list_shows_them(sales, company):
    url = f"{reverse('reports:rows', args=['funnel'])}?campaign={company['fair']}&columns=name&sort=added"
    answer = sales.post(url, {"export": "csv"})
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert content.split() == ["Name", "Ann", "Bob", "Cleo"]


@pytest.mark.parametrize(
    "query",
    [
        {"number": "lost"},
        {"number": "customer.lost"},
        {"campaign": "x"},
        {"campaign": "987654", "below": "1"},
        {"month": "2026-13"},
        {"by": "weather"},
        {"at": "../../etc"},
        {"at": "1-0123456789abcdef"},
    ],
)
def test_a_broken_link_is_refused_in_a_sentence(sales, query):
    answer = opened(sales, **query)
    assert answer.status_code in {400, 404}
    assert "data-sentence" in answer.content.decode()


def test_a_new_fact_is_in_the_next_answer(sales, company):
    assert total(sales)["entered"] == 5
    came("Fay", MAY, company["ads"])
    ledger.drain(flow.CONSUMERS)
    assert numbers(told(sales))["Ads"] == (2, 0, 0)


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (["--from", "2026-05-02", "--to", "2026-05-01"], "lies before the first"),
        (["--to", "9999-12-31"], "between the years 1900 and 2200"),
    ],
)
def test_the_command_refuses_days_that_make_no_sense(days, sentence):
    code, answer = orchard("report", "funnel", *days)
    assert code == 1
    assert sentence in answer["error"]


def test_without_anybody_the_page_says_what_will_stand_there(sales):
    assert "There is nothing to count yet" in figures(sales).content.decode()
