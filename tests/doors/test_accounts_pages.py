"""The pages of accounts: finding a company, reading it whole, changing it, and who belongs to it."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from orchard import flow
from orchard.contacts import actions, queries
from orchard.contacts.models import Contact
from orchard.contacts.types import Entity, FieldType
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.reports import queries as reports
from orchard.team.types import Role
from tests.make import agreements
from tests.make.members import member
from tests.make.posting import form_of, resent
from tests.make.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def sales(client):
    client.force_login(member(Role.SALES))
    return client


def company(name, **values):
    return actions.create_account(name=name, now=clock.now(), **values)


def person(name, account_id=None, **values):
    return actions.create_contact(full_name=name, account_id=account_id, now=clock.now(), **values)


def happened(kind, contact_id, *, days_ago=0):
    at = clock.now() - timedelta(days=days_ago)
    with transaction.atomic():
        ledger.append([NewFact(kind, at, contact_id=contact_id)], now=clock.now())


def read(client, name, *args, **query):
    answer = client.get(reverse(f"accounts:{name}", args=args), query)
    assert answer.status_code == 200, answer.content.decode()
    return " ".join(answer.content.decode().split())


def names(client, **query):
    return [row.name for row in client.get(reverse("accounts:list"), query).context["listed"].page.rows]


def test_without_a_company_the_list_offers_to_add_one(sales):
    assert "No companies yet" in read(sales, "list")


def test_a_company_is_found_by_name_domain_industry_country_and_owner(sales):
    company("Acme <b>AG</b>", domain="acme.example", industry="packaging", country="AT", owner_id=member().id)
    company("Beta GmbH", domain="shop.example", industry="food", country="DE")
    company("Gamma", industry="food", country="AT")
    assert "Acme &lt;b&gt;AG&lt;/b&gt;" in read(sales, "list")
    assert names(sales) == ["Acme <b>AG</b>", "Beta GmbH", "Gamma"]
    assert names(sales, words="BET") == ["Beta GmbH"]
    assert names(sales, words="shop.ex") == ["Beta GmbH"]
    assert names(sales, words="%") == []
    assert names(sales, industry="food", country="AT") == ["Gamma"]
    assert names(sales, show="mine") == []
    assert names(sales, sort="-added") == ["Gamma", "Beta GmbH", "Acme <b>AG</b>"]
    assert names(sales, sort="nonsense", show="nonsense") == names(sales)
    assert "No company like this" in read(sales, "list", words="zzz")


@pytest.mark.parametrize("sort", ["name", "-name", "-ripe", "ripe", "-added", "added"])
def test_a_long_list_is_walked_to_its_end_and_back(sales, monkeypatch, sort):
    monkeypatch.setattr("orchard.web.lists.page.PAGE", 2)
    for number in range(5):
        company(f"Company {number}")
    pages, cursor = [], ""
    for _ in range(3):
        answer = sales.get(reverse("accounts:list"), {"sort": sort, "cursor": cursor})
        page = answer.context["listed"].page
        pages.append([row.name for row in page.rows])
        cursor = page.next
    assert cursor == ""
    assert sorted(name for page in pages for name in page) == [f"Company {number}" for number in range(5)]
    assert names(sales, sort=sort, cursor=page.previous) == pages[1]


def test_where_somebody_is_ripe_comes_first_with_who_it_is_and_the_last_talk(sales):
    agreements.in_force()
    company("Aaa without anybody")
    ripe = company("Zeta")
    ann = person("Ann Lee", ripe, title="Buyer")
    person("Bob Moor", ripe)
    happened("quote.requested", ann)
    ledger.drain(flow.CONSUMERS)
    (first, second) = sales.get(reverse("accounts:list"), {"sort": "-ripe"}).context["listed"].page.rows
    assert (first.name, first.people, first.ripe, first.best.name) == ("Zeta", 2, 1, "Ann Lee")
    assert first.touch.words == "Asked for a quote"
    assert (second.people, second.best) == (0, None)
    assert names(sales, show="ripe") == ["Zeta"]
    said = read(sales, "list")
    assert "Agreement met by 1 of 2 people" in said
    assert "first of all: Ann Lee, Buyer" in said
    assert "Nobody known there yet" in said


def test_the_page_of_a_company_tells_people_leads_points_places_ids_and_time(sales):
    agreements.in_force()
    group = company("Holding")
    acme = company("Acme", parent_id=group, industry="food", employees=1200, ids=[("erp", "K-17")])
    actions.add_site(account_id=acme, name="Plant", city="Linz", now=clock.now(), actor_id=None)
    actions.change_account(account_id=acme, values={"city": "Graz"}, now=clock.now(), actor_id=None)
    ann = person("Ann Lee", acme)
    person("Zoe Unripe", acme)
    happened("quote.requested", ann)
    ledger.drain(flow.CONSUMERS)
    said = read(sales, "show", acme)
    for words in ("1 open lead", "Holding", "1,200", "K-17", "Plant", "Linz", "Asked for a quote"):
        assert words in said
    assert said.index("Ann Lee") < said.index("Zoe Unripe")
    assert "Was before" in said
    assert "Holds" in read(sales, "show", group)


def test_the_timeline_of_a_company_tells_of_everybody_and_of_itself_by_channel(sales):
    acme = company("Acme")
    for name in ("Ann Lee", "Bob Moor"):
        happened("call.connected", person(name, acme))
    actions.change_account(account_id=acme, values={"city": "Graz"}, now=clock.now(), actor_id=None)
    ledger.drain(flow.CONSUMERS)
    assert "Account details changed" in read(sales, "show", acme)
    href = reverse("accounts:show", args=[acme])
    part = sales.get(
        href, {"channel": "talks", "people": ""}, headers={"HX-Request": "true"}
    ).content.decode()
    assert part.lstrip().startswith('<section class="sheet" id="timeline"')
    assert "With everybody here" in part
    assert part.count("talk 1") == 2
    assert {"Ann Lee", "Bob Moor"} <= set(re.findall(r">([A-Z][a-z]+ [A-Z][a-z]+)</a>", part))
    assert "Account details changed" not in part


def test_people_get_their_part_in_a_purchase_in_one_tap_and_the_page_says_which_is_not_known(sales):
    acme = company("Acme")
    ann, bob = person("Ann Lee", acme), person("Bob Moor", acme)
    assert re.search(
        r"Not known yet, to buy here:\s+decider\s*,\s+buyer\s*,\s+user", read(sales, "show", acme)
    )
    said = sales.post(reverse("accounts:role", args=[acme, ann, "decider"]), follow=True).content.decode()
    assert "Ann Lee: decider." in said
    undo = re.search(r'action="(/accounts/\d+/people/\d+/roles/none)"', said)[1]
    shown = reports.account_shown(acme, now=clock.now())
    assert {row.id: row.role for row in shown.people.rows} == {ann: "decider", bob: ""}
    assert list(shown.roles_missing) == ["buyer", "user"]
    assert "In a purchase" in sales.get(reverse("contacts:show", args=[ann])).content.decode()
    sales.post(undo)
    assert list(reports.account_shown(acme, now=clock.now()).roles_missing) == ["decider", "buyer", "user"]
    assert sales.post(reverse("accounts:role", args=[acme, ann, "king"])).status_code == 400


def test_a_part_in_a_purchase_is_of_one_company_and_is_not_set_from_the_page_of_another(sales):
    acme, other = company("Acme"), company("Other")
    ann = person("Ann Lee", acme)
    sales.post(reverse("accounts:role", args=[acme, ann, "buyer"]))
    sales.post(reverse("accounts:move", args=[other, ann]))
    assert [row.role for row in reports.account_shown(other, now=clock.now()).people.rows] == [""]
    assert sales.post(reverse("accounts:role", args=[acme, ann, "user"])).status_code == 409
    sales.post(reverse("accounts:move", args=[acme, ann]))
    assert [row.role for row in reports.account_shown(acme, now=clock.now()).people.rows] == ["buyer"]


def test_a_very_large_company_knows_all_its_people_leads_and_how_they_came(
    sales, settings, tmp_path, monkeypatch
):
    settings.ORCHARD_HOME = tmp_path
    monkeypatch.setattr("orchard.reports.queries.account.PEOPLE", 700)
    agreements.in_force()
    acme = company("University")
    Contact.objects.bulk_create(
        Contact(full_name="P", name_key="p", account_id=acme, created_at=clock.now(), updated_at=clock.now())
        for _ in range(2_100)
    )
    rita = person("Ripe Rita", acme)
    happened("quote.requested", rita)
    ledger.drain(flow.CONSUMERS)
    shown = reports.account_shown(acme, now=clock.now())
    assert shown.people.rows[0].id == rita
    assert (shown.ripeness.qualified, len(shown.leads), shown.handed_over) == (1, 1, 1)
    assert rita in {event.contact_id for event in shown.events.rows}
    assert "With the 2,000 people here who have the most points" in read(sales, "show", acme)
    seen, cursor = set(), ""
    while len(seen) <= 2_101:
        page = reports.account_shown(acme, now=clock.now(), people_cursor=cursor).people
        seen |= {row.id for row in page.rows}
        if not (cursor := page.next):
            break
    assert len(seen) == 2_101


def test_a_company_that_is_not_there_is_said_to_be_gone(sales):
    answer = sales.get(reverse("accounts:show", args=[987_654]))
    assert answer.status_code == 404
    assert "There is no such account." in answer.content.decode()


def test_a_company_is_added_once_and_a_second_of_the_same_name_on_purpose_only(sales):
    given = {"name": "Acme AG", "annual_revenue": "1.5", "currency": "eur"}
    answer = sales.post(reverse("accounts:new"), given, follow=True)
    assert "The company is added." in answer.content.decode()
    assert "1.50 EUR" in answer.content.decode()
    again = sales.post(reverse("accounts:new"), {"name": "acme"})
    assert again.status_code == 422
    assert "is known already" in again.content.decode()
    assert queries.count_accounts().number == 1
    sales.post(reverse("accounts:new"), {"name": "acme", "anyway": "1"})
    assert queries.count_accounts().number == 2


def test_what_cannot_be_is_refused_beside_the_form_and_nothing_typed_is_lost(sales):
    acme = company("Acme")
    edit = reverse("accounts:edit", args=[acme])
    for given, sentence in (
        ({"name": ""}, "This field is required"),
        ({"name": "Acme", "domain": "no domain"}, "is no web domain"),
        ({"name": "Acme", "annual_revenue": "5"}, "Give the currency of the revenue"),
        ({"name": "Acme", "annual_revenue": "5.125", "currency": "EUR"}, "EUR has 2 decimals"),
        ({"name": "Acme", "parent": "Nobody Ltd"}, "No company is called Nobody Ltd"),
    ):
        answer = sales.post(edit, {**form_of(sales, edit), "city": "Vienna", **given})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert 'value="Vienna"' in answer.content.decode()
    assert queries.account(acme).account.city is None


def test_a_company_cannot_belong_to_what_belongs_to_it(sales):
    top = company("Top")
    company("Low", parent_id=top)
    edit = reverse("accounts:edit", args=[top])
    answer = sales.post(edit, {**form_of(sales, edit), "parent": "low"})
    assert answer.status_code == 422
    assert "it cannot be its parent" in answer.content.decode()


def test_two_who_edit_a_company_at_once_do_not_write_over_each_other_unseen(sales):
    acme = company("Acme")
    edit = reverse("accounts:edit", args=[acme])
    opened = form_of(sales, edit)
    actions.change_account(account_id=acme, values={"industry": "Printing"}, now=clock.now(), actor_id=None)
    answer = sales.post(edit, {**opened, "city": "Bonn"})
    assert answer.status_code == 422
    assert "Somebody changed this company while you wrote." in text_of(answer)
    stands = queries.account(acme).account
    assert (stands.industry, stands.city) == ("Printing", None)
    again = resent(answer)
    assert again["city"] == ["Bonn"]
    assert sales.post(edit, {**again, "industry": "Printing"}).status_code == 302
    stands = queries.account(acme).account
    assert (stands.industry, stands.city) == ("Printing", "Bonn")


@pytest.mark.parametrize("seen", [None, "", "yesterday", "2026-11-02T09:30:00"])
def test_a_form_that_does_not_say_what_was_seen_changes_nothing(sales, seen):
    acme = company("Acme", city="Bonn")
    given = {"name": "Acme", "city": "Graz"} | ({} if seen is None else {"seen": seen})
    assert sales.post(reverse("accounts:edit", args=[acme]), given).status_code == 422
    assert queries.account(acme).account.city == "Bonn"


def test_somebody_is_found_moves_here_and_goes_back_by_one_press(sales):
    acme, beta = company("Acme"), company("Beta")
    ann = person("Ann Lee", beta)
    assert "now at Beta" in read(sales, "people", acme, words="ann")
    answer = sales.post(reverse("accounts:move", args=[acme, ann]), follow=True)
    assert "Ann Lee belongs to Acme now." in answer.content.decode()
    undo = reverse("accounts:move", args=[beta, ann])
    assert undo in answer.content.decode()
    sales.post(undo)
    assert queries.contact(ann).contact.account_id == beta
    answer = sales.post(reverse("accounts:leave", args=[beta, ann]), follow=True)
    assert "belongs to no company now" in answer.content.decode()
    assert queries.contact(ann).contact.account_id is None


def test_who_left_already_is_not_torn_from_the_new_company(sales):
    acme, beta = company("Acme"), company("Beta")
    ann = person("Ann Lee", beta)
    answer = sales.post(reverse("accounts:leave", args=[acme, ann]), follow=True)
    assert "does not belong here any more" in answer.content.decode()
    assert queries.contact(ann).contact.account_id == beta


def test_places_and_ids_are_noted_and_forgotten(sales):
    acme = company("Acme")
    beta = company("Beta", ids=[("crm", "9")])
    sales.post(reverse("accounts:add_site", args=[acme]), {"name": "Plant", "city": "Linz"})
    again = sales.post(reverse("accounts:add_site", args=[acme]), {"name": "Plant"}, follow=True)
    assert "has a site “Plant” already" in again.content.decode()
    taken = sales.post(reverse("accounts:add_id", args=[acme]), {"source": "crm", "value": "9"}, follow=True)
    assert "belongs to another account" in taken.content.decode()
    sales.post(reverse("accounts:remove_site", args=[queries.account(acme).sites[0].id]))
    sales.post(reverse("accounts:remove_id", args=[queries.account(beta).external_ids[0].id]))
    assert queries.account(acme).sites == []
    assert queries.account(beta).external_ids == []


def test_a_company_is_removed_only_when_nobody_belongs_to_it(client):
    client.force_login(member(Role.MARKETING))
    acme = company("Acme")
    ann = person("Ann Lee", acme)
    remove = reverse("accounts:remove", args=[acme])
    assert "Remove for good" not in client.get(remove).content.decode()
    assert client.post(remove).status_code == 409
    actions.move_to_account(contact_id=ann, account_id=None, now=clock.now(), actor_id=None)
    assert "Remove for good" in client.get(remove).content.decode()
    assert "Acme is removed." in client.post(remove, follow=True).content.decode()
    assert queries.count_accounts().number == 0


def test_sales_may_not_remove_a_company_and_is_not_offered_it(sales):
    acme = company("Acme")
    assert "Remove the company" not in read(sales, "show", acme)
    assert sales.post(reverse("accounts:remove", args=[acme])).status_code == 403


def test_a_field_of_ones_own_is_shown_kept_and_emptied(sales):
    for name, label, sort in (
        ("board", "Uses board", FieldType.BOOLEAN),
        ("lines", "Lines", FieldType.NUMBER),
    ):
        actions.declare_custom_field(
            entity=Entity.ACCOUNT, name=name, label=label, type=sort, now=clock.now(), actor_id=None
        )
    acme = company("Acme", custom={"board": True, "lines": 3})
    edit = reverse("accounts:edit", args=[acme])
    form = sales.get(edit).context["form"]
    assert (form["custom.board"].value(), form["custom.lines"].value()) == ("true", 3)
    given = {**form_of(sales, edit), "custom.board": "false", "custom.lines": ""}
    said = sales.post(edit, given, follow=True).content.decode()
    assert "Uses board" in said
    assert queries.account(acme).account.custom == {"board": False}
