"""The pages of campaigns: the tree with its sums, one campaign whole, cost, and its place in the tree."""

import re
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from orchard import flow
from orchard.campaigns import actions, queries
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.kit.money import Money
from orchard.team.types import Role
from tests.make import agreements
from tests.make.members import member
from tests.make.posting import form_of, resent
from tests.make.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path


@pytest.fixture
def marketing(client):
    client.force_login(member(Role.MARKETING))
    return client


def campaign(name, **fields):
    return actions.create_campaign(name=name, now=clock.now(), **fields)


def came(name, *campaign_ids, kind="form.submitted"):
    """Make somebody who came by these campaigns, one day after the other."""
    contact = contacts.create_contact(full_name=name, now=clock.now())
    begun = clock.now() - timedelta(days=len(campaign_ids))
    times = [begun + timedelta(days=day) for day in range(len(campaign_ids))]
    with transaction.atomic():
        ledger.append(
            [
                NewFact(kind, at, contact_id=contact, campaign_id=each)
                for each, at in zip(campaign_ids, times, strict=True)
            ],
            now=clock.now(),
        )
        actions.add_sources([(contact, each, at) for each, at in zip(campaign_ids, times, strict=True)])
    return contact


def read(client, name, *args, **query):
    answer = client.get(reverse(f"campaigns:{name}", args=args), query)
    assert answer.status_code == 200, answer.content.decode()
    return " ".join(answer.content.decode().split())


def test_without_a_campaign_the_page_offers_to_add_one_to_who_may(marketing):
    assert "No campaigns yet" in read(marketing, "list")
    assert reverse("campaigns:new") in read(marketing, "list")
    marketing.force_login(member(Role.SALES))
    said = read(marketing, "list")
    assert reverse("campaigns:new") not in said
    assert "Marketing and managers can add one." in said


def test_cost_is_summed_up_the_tree_and_currencies_are_never_added(marketing):
    shows = campaign("Shows", planned_cost=1_000_00, currency="EUR")
    campaign("Fair", parent_id=shows, planned_cost=500_00, currency="EUR", actual_cost=70_00)
    campaign("Abroad", parent_id=shows, actual_cost=99_00, currency="CAD")
    said = read(marketing, "list")
    assert "1,500.00 EUR" in said
    assert "99.00 CAD" in said
    assert "its own" in said
    assert "169.00" not in said


def test_a_branch_counts_whom_it_brought_first_met_again_qualified_and_won(marketing):
    agreements.in_force()
    shows = campaign("Shows")
    fair, other = campaign("Fair", parent_id=shows), campaign("Search ads")
    came("Ann", fair)
    came("Bob", other, fair)
    came("Cleo", fair, kind="quote.requested")
    came("Dan", fair, kind="opportunity.won")
    ledger.drain(flow.CONSUMERS)
    answer = marketing.get(reverse("campaigns:figures"))
    found = {line.branch.name: line.brought for line in answer.context["lines"]}
    for name in ("Shows", "Fair"):
        step = found[name].step
        assert (step.entered, found[name].again, step.qualified, step.won) == (3, 1, 2, 1)
    assert (found["Search ads"].step.entered, found["Search ads"].again) == (1, 0)
    one = marketing.get(reverse("campaigns:brought", args=[shows])).context["brought"]
    assert one == found["Shows"]


def test_every_number_of_the_tree_opens_its_rows(marketing):
    shows = campaign("Shows")
    fair = campaign("Fair", parent_id=shows)
    came("Ann <i>Lee</i>", fair)
    ledger.drain(flow.CONSUMERS)
    link = re.search(rf"/reports/funnel/rows\?campaign={shows}&amp;below=1[^\"]*", read(marketing, "figures"))
    rows = marketing.get(link[0].replace("&amp;", "&")).content.decode()
    assert "Ann &lt;i&gt;Lee&lt;/i&gt;" in rows
    assert "1 in all, as of fact" in rows


def test_the_page_of_a_campaign_tells_who_came_and_by_which_below_it(marketing):
    shows = campaign("Shows")
    fair, ads = campaign("Fair", parent_id=shows), campaign("Search ads")
    came("Ann", fair)
    came("Bob", ads, fair)
    assert {row.contact.name for row in shown(marketing, shows).came.rows} == {"Ann", "Bob"}
    assert [row.contact.name for row in shown(marketing, shows, show="first").came.rows] == ["Ann"]
    assert [(row.contact.name, row.campaign) for row in shown(marketing, shows, show="again").came.rows] == [
        ("Bob", "Fair")
    ]
    assert "Fair, " in read(marketing, "show", shows)
    assert "Nobody came again" in read(marketing, "show", ads, show="again")


def shown(client, campaign_id, **query):
    return client.get(reverse("campaigns:show", args=[campaign_id]), query).context["shown"]


def test_who_came_is_walked_page_by_page_both_ways(marketing, monkeypatch):
    monkeypatch.setattr("orchard.reports.queries.campaigns.PAGE", 2)
    ads = campaign("Search ads")
    for number in range(5):
        came(f"Person {number}", ads)
    pages, cursor = [], ""
    for _ in range(3):
        page = shown(marketing, ads, cursor=cursor).came
        pages.append([row.contact.name for row in page.rows])
        cursor = page.next
    assert pages == [["Person 4", "Person 3"], ["Person 2", "Person 1"], ["Person 0"]]
    assert [row.contact.name for row in shown(marketing, ads, cursor=page.previous).came.rows] == pages[1]


def test_a_campaign_is_added_below_another_with_its_plan(marketing):
    shows = campaign("Shows")
    form = marketing.get(reverse("campaigns:new"), {"parent": shows}).content.decode()
    assert f'<option value="{shows}" selected>' in form
    given = {
        "name": "Fair",
        "parent": shows,
        "status": "planned",
        "planned": "1200.5",
        "currency": "eur",
        "starts_on": "2026-05-01",
    }
    answer = marketing.post(reverse("campaigns:new"), given, follow=True)
    assert "The campaign is added." in answer.content.decode()
    branch = queries.branch(shows, counted=False)[1]
    assert (branch.name, branch.code, branch.own_planned) == ("Fair", "fair", Money(1200_50, "EUR"))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": ""}, "This field is required"),
        ({"planned": "5"}, "Give the currency of the planned cost"),
        ({"planned": "5", "currency": "Euro"}, "three letters"),
        ({"starts_on": "2026-05-02", "ends_on": "2026-05-01"}, "lies before the start"),
        ({"code": "taken"}, "Another campaign has the code"),
        ({"code": "c" * 81}, "at most 80 characters"),
        ({"planned": "12.345", "currency": "EUR"}, "EUR has 2 decimals; give no more of them."),
        ({"planned": "12.5", "currency": "JPY"}, "JPY has no decimals; give a whole amount."),
        ({"parent": "987654"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_a_campaign_is_refused_beside_the_form(marketing, given, sentence):
    campaign("Taken")
    answer = marketing.post(
        reverse("campaigns:new"), {"name": "Fair", "status": "planned", "channel": "by hand", **given}
    )
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert 'value="by hand"' in answer.content.decode()
    assert queries.count() == 1


def test_a_change_keeps_the_code_and_what_was_not_asked(marketing):
    ads = campaign("Ads", code="ads", actual_cost=5_00, currency="EUR")
    edit = reverse("campaigns:edit", args=[ads])
    marketing.post(edit, {**form_of(marketing, edit), "name": "Search ads", "code": "", "status": "done"})
    changed = queries.campaign(ads)
    assert (changed.name, changed.code, changed.status, changed.actual_cost) == (
        "Search ads",
        "ads",
        "done",
        5_00,
    )
    refused = marketing.post(edit, {**form_of(marketing, edit), "currency": "USD"})
    assert "is kept in EUR and stays so" in refused.content.decode()


def test_two_who_edit_a_campaign_at_once_do_not_write_over_each_other_unseen(marketing):
    ads = campaign("Ads", status="planned")
    edit = reverse("campaigns:edit", args=[ads])
    opened = form_of(marketing, edit)
    actions.change_campaign(campaign_id=ads, values={"status": "running"}, now=clock.now(), actor_id=None)
    answer = marketing.post(edit, {**opened, "channel": "web"})
    assert answer.status_code == 422
    assert "Somebody changed this campaign while you wrote." in text_of(answer)
    assert (queries.campaign(ads).status, queries.campaign(ads).channel) == ("running", "")
    again = resent(answer)
    assert again["channel"] == ["web"]
    assert marketing.post(edit, {**again, "status": "running"}).status_code == 302
    assert (queries.campaign(ads).status, queries.campaign(ads).channel) == ("running", "web")


def test_a_campaign_moves_but_never_below_itself(marketing):
    top = campaign("Top")
    low = campaign("Low", parent_id=top)
    other = campaign("Other")
    move = reverse("campaigns:move", args=[top])
    offered = marketing.get(move).content.decode()
    assert f'value="{other}"' in offered
    assert f'value="{low}"' not in offered
    assert marketing.post(move, {"parent": low}).status_code == 422
    assert queries.campaign(top).parent_id is None
    answer = marketing.post(move, {"parent": other}, follow=True)
    assert "Top stands there now." in answer.content.decode()
    assert [each.name for each in queries.way_to(low)] == ["Other", "Top"]
    marketing.post(move, {"parent": ""})
    assert queries.campaign(top).parent_id is None


def test_two_moves_that_would_close_a_circle_end_in_a_clear_sentence(marketing, monkeypatch):
    top = campaign("Top")
    low = campaign("Low")
    # Somebody moved Low below Top after this form was drawn.
    monkeypatch.setattr(queries, "branch", lambda campaign_id, *, counted: [])
    actions.change_campaign(campaign_id=low, values={"parent_id": top}, now=clock.now(), actor_id=None)
    answer = marketing.post(reverse("campaigns:move", args=[top]), {"parent": low})
    assert answer.status_code == 422
    assert "it cannot hold it" in answer.content.decode()


def test_a_cost_is_booked_and_taken_back_and_the_sum_follows(marketing):
    fair = campaign("Fair")
    book = reverse("campaigns:add_cost", args=[fair])
    given = {"what": "Stand <b>", "amount": "70.25", "currency": "EUR", "on": "2026-05-01"}
    answer = marketing.post(book, given, follow=True)
    assert "70.25 EUR is booked." in answer.content.decode()
    assert "Stand &lt;b&gt;" in answer.content.decode()
    marketing.post(book, {**given, "what": "Refund", "amount": "-20"})
    assert queries.campaign(fair).actual_cost == 50_25
    other = marketing.post(book, {**given, "currency": "USD"})
    assert other.status_code == 422
    assert "kept in EUR" in other.content.decode()
    assert "other than zero" in marketing.post(book, {**given, "amount": "0"}).content.decode()
    finer = marketing.post(book, {**given, "amount": "12.345"})
    assert finer.status_code == 422
    assert "EUR has 2 decimals; give no more of them." in finer.content.decode()
    first = next(cost for cost in queries.costs_of(fair) if cost.amount > 0)
    remove = reverse("campaigns:remove_cost", args=[first.id])
    assert "-20.00 EUR then" in marketing.get(remove).content.decode()
    marketing.post(remove)
    assert queries.campaign(fair).actual_cost == -20_00
    assert marketing.post(remove).status_code == 404


def test_a_sum_from_a_file_stands_beside_what_was_booked(marketing):
    fair = campaign("Fair", actual_cost=100_00, currency="EUR")
    actions.add_cost(
        campaign_id=fair,
        amount=30_00,
        currency="EUR",
        what="Stand",
        on=date(2026, 5, 1),
        now=clock.now(),
        actor_id=None,
    )
    assert shown(marketing, fair).not_itemised == Money(100_00, "EUR")
    assert "Known only as a sum, from a file" in read(marketing, "show", fair)


def test_a_campaign_ends_and_runs_again_by_one_press(marketing):
    fair = campaign("Fair", status="running")
    stand = reverse("campaigns:stand", args=[fair])
    answer = marketing.post(stand, {"status": "done"}, follow=True)
    assert "Fair is done now." in answer.content.decode()
    assert f"{stand}?status=running" in answer.content.decode()
    marketing.post(f"{stand}?status=running")
    assert queries.campaign(fair).status == "running"
    assert marketing.post(stand, {"status": "lost"}).status_code == 400


def test_sales_reads_campaigns_and_changes_none(marketing):
    fair = campaign("Fair")
    marketing.force_login(member(Role.SALES))
    assert "Record a cost" not in read(marketing, "show", fair)
    assert marketing.post(reverse("campaigns:edit", args=[fair]), {"name": "X"}).status_code == 403
