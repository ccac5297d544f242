"""The frame of long lists: columns, order, saved views and files, for every list that there is."""

import csv
import io
import re

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from orchard.connect import actions as imports
from orchard.contacts import actions as contacts
from orchard.journal.models import Entry
from orchard.kit import clock
from orchard.kit.money import Money
from orchard.opportunities import actions as opportunities
from orchard.opportunities.types import Fields
from orchard.team import queries as team
from orchard.team.models import SavedView
from orchard.team.types import Role
from orchard.web.lists import files
from orchard.web.lists.catalogue import LISTS
from tests.make.members import member
from tests.make.posting import resent
from tests.make.reading import text_of, toasts_of

pytestmark = pytest.mark.django_db

CONTACTS = reverse("contacts:list")
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '<script>alert("x")</script>', 'a"b,c\nd']


@pytest.fixture
def admin(client, settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    who = member(Role.ADMIN, name="Ada Root", time_zone="Europe/Berlin")
    client.force_login(who)
    return who


@pytest.fixture
def company(admin):
    """Fill every list but those of leads, which their own pages' tests fill."""
    acme = contacts.create_account(name="Acme", industry="food", now=clock.now())
    for number, name in enumerate(["Zoe", "Ann", "Ben"]):
        made = contacts.create_contact(
            full_name=name, account_id=acme, emails=[f"p{number}@example.com"], now=clock.now()
        )
        opportunities.open_by_hand(
            contact_id=made,
            member_id=admin.id,
            fields=Fields(f"Sale to {name}", Money(100 * number, "EUR") if number else None),
            now=clock.now(),
        )
    imports.begin(
        file_name="people.csv",
        upload=io.BytesIO(b"Email\na@example.com\n"),
        member_id=admin.id,
        now=clock.now(),
    )


def where(name):
    filters = {"opportunities": "?show=open"}
    return reverse(LISTS[name].address) + filters.get(name, "?")


def exported(client, url, ending="csv"):
    answer = client.post(url, {"export": ending})
    assert answer.status_code == 200, text_of(answer)
    content = b"".join(answer.streaming_content)
    if ending == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    sheet = load_workbook(io.BytesIO(content)).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def kept(client, name="Ripe", query="?show=ripe", **more):
    return client.post(reverse("views:keep", args=["contacts"]), {"name": name, "query": query, **more})


@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_sorted_by_each_of_its_orders_both_ways(client, company, name):
    listing = LISTS[name]
    for column in listing.sorts:
        for sign, order in (("", "ascending"), ("-", "descending")):
            answer = client.get(f"{where(name)}&sort={sign}{column.key}&columns={column.key}")
            assert answer.status_code == 200
            wanted = answer.context["listed"].wanted
            assert (wanted.by.key, wanted.by.down) == (column.key, bool(sign))
            if answer.context["listed"].page.rows:
                assert f'aria-sort="{order}"' in answer.content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_every_list_shows_each_of_its_columns_and_gives_them_as_files(client, company, name):
    listing = LISTS[name]
    url = f"{where(name)}&columns={','.join(column.key for column in listing.columns)}"
    answer = client.get(url)
    assert answer.status_code == 200
    rows, workbook = exported(client, url), exported(client, url, "xlsx")
    if name == "audit":  # which tells of the first of the two files as well
        del rows[1], workbook[1]
    assert rows == [["" if cell is None else str(cell) for cell in row] for row in workbook]
    titles = [
        str(title) for column in listing.columns for title in [column.title, *["Currency"] * column.amount]
    ]
    assert rows[0] == titles
    assert len(rows) - 1 == len(answer.context["listed"].page.rows)


@pytest.mark.parametrize("name", LISTS)
def test_what_a_list_does_not_know_counts_as_not_asked(client, admin, name):
    answer = client.get(f"{where(name)}&sort=nonsense&columns=nonsense,%00&view=nonsense")
    assert answer.status_code == 200
    wanted = answer.context["listed"].wanted
    assert wanted.sort == LISTS[name].order
    assert wanted.columns == tuple(each for each in LISTS[name].columns if each.shown or each.is_name)


def test_a_head_leads_to_the_order_and_pressed_again_to_the_other_way_keeping_all_else(client, company):
    page = client.get(f"{CONTACTS}?show=mine&columns=name,added&words=").content.decode()
    assert 'aria-sort="descending"' not in page
    page = client.get(f"{CONTACTS}?columns=name,added&sort=name").content.decode()
    heads = dict(re.findall(r'<a href="([^"]+)">\s*(Name|Added)', page))
    links = {title: href.replace("&amp;", "&") for href, title in heads.items()}
    assert links["Name"] == f"{CONTACTS}?sort=-name&columns=name%2Cadded"
    assert links["Added"] == f"{CONTACTS}?sort=-added&columns=name%2Cadded"


def test_a_file_holds_what_the_list_shows_in_its_order_and_columns_and_no_more(client, company):
    rows = exported(client, f"{CONTACTS}?sort=-name&columns=name,email&words=an")
    assert rows == [["Name", "E-mail"], ["Ann", "p1@example.com"]]
    assert [row[0] for row in exported(client, f"{CONTACTS}?sort=name&columns=name")] == [
        "Name",
        "Ann",
        "Ben",
        "Zoe",
    ]


def test_a_file_is_read_in_parts_and_misses_nobody(client, company, monkeypatch):
    monkeypatch.setattr(files, "AT_ONCE", 2)
    for sort in ("name", "-added", "score"):
        rows = exported(client, f"{CONTACTS}?sort={sort}&columns=name")
        assert sorted(row[0] for row in rows[1:]) == ["Ann", "Ben", "Zoe"]


def test_the_statements_of_a_file_do_not_grow_with_its_rows(client, company, django_assert_max_num_queries):
    url = f"{CONTACTS}?columns=name,email,account"
    for n in range(60):
        contacts.create_contact(full_name=f"Person {n}", now=clock.now())
    with django_assert_max_num_queries(12):
        assert len(exported(client, url)) == 64


def test_an_amount_is_a_number_beside_its_currency(client, company):
    rows = exported(client, f"{where('opportunities')}&sort=-amount&columns=name,amount", "xlsx")
    assert rows[1:] == [["Sale to Ben", 2, "EUR"], ["Sale to Ann", 1, "EUR"], ["Sale to Zoe", None, None]]


def test_hostile_names_are_text_in_files_and_on_pages(client, admin):
    for name in HOSTILE:
        contacts.create_contact(full_name=name, now=clock.now())
    url = f"{CONTACTS}?columns=name&sort=added"
    for ending in ("csv", "xlsx"):
        names = [row[0] for row in exported(client, url, ending)[1:]]
        assert len(names) == len(HOSTILE)
        assert not any(name.startswith(("=", "+", "-", "@", "\t")) for name in names)
    assert "<script>alert" not in client.get(url).content.decode()


def test_a_workbook_has_an_end_and_says_what_to_do(client, company, monkeypatch):
    monkeypatch.setattr(files, "MOST", 2)
    answer = client.post(CONTACTS, {"export": "xlsx"})
    assert answer.status_code == 400
    assert "Take it as CSV, or narrow it first." in text_of(answer)
    assert not Entry.objects.filter(action="list.exported").exists()
    assert len(exported(client, CONTACTS)) == 4


def test_the_audit_book_notes_who_took_which_columns_and_nothing_that_was_typed(client, admin, company):
    exported(client, f"{CONTACTS}?words=ann&columns=name,email")
    (entry,) = Entry.objects.filter(action="list.exported")
    assert entry.actor_id == admin.id
    assert entry.details == {
        "list": "contacts",
        "ending": "csv",
        "columns": ["name", "email"],
        "narrowed_by": ["words"],
    }


def test_a_get_gives_no_file_and_a_form_that_names_none_is_told_so(client, company):
    assert client.get(f"{CONTACTS}?export=csv")["Content-Type"].startswith("text/html")
    assert "Choose whether" in text_of(client.post(CONTACTS, {"export": "pdf"}))


def test_whom_a_list_is_closed_to_it_gives_no_file_and_sales_gets_its_own_sales_alone(client, company):
    client.force_login(member(Role.SALES))
    assert client.post(reverse("members:list"), {"export": "csv"}).status_code == 403
    assert exported(client, where("opportunities"))[1:] == []


def test_a_view_brings_back_filters_order_and_columns_and_not_the_page(client, company):
    query = "?words=an&sort=-name&columns=name,email&cursor=abc&nonsense=1"
    answer = kept(client, "<b>An</b>", query)
    (view,) = SavedView.objects.all()
    assert view.state == {"words": "an", "sort": "-name", "columns": "name,email"}
    assert answer.url == f"{CONTACTS}?words=an&sort=-name&columns=name%2Cemail&view={view.id}"
    page = client.get(answer.url)
    assert [row.name for row in page.context["listed"].page.rows] == ["Ann"]
    assert "&lt;b&gt;An&lt;/b&gt;" in page.content.decode()
    assert "<b>An</b>" not in page.content.decode()
    assert f'view={view.id}" aria-current="page"' in page.content.decode()


def test_a_view_is_written_over_with_what_is_shown_renamed_and_deleted(client, company):
    opened = kept(client).url
    (view,) = SavedView.objects.all()
    assert "Keep it as shown now" not in text_of(client.get(opened))
    changed = f"{CONTACTS}?show=mine&view={view.id}"
    assert "Keep it as shown now" in text_of(client.get(changed))
    client.post(reverse("views:overwrite", args=[view.id]), {"query": "?show=mine"})
    assert "Keep it as shown now" not in text_of(client.get(changed))
    client.post(reverse("views:change", args=[view.id]), {"name": "Mine", "is_shared": "on"})
    view.refresh_from_db()
    assert (view.name, view.is_shared, view.state) == ("Mine", True, {"show": "mine"})
    remove = reverse("views:remove", args=[view.id])
    assert "nobody can" in text_of(client.get(remove))
    gone = client.post(remove, follow=True)
    assert "The view Mine is gone." in toasts_of(gone)
    assert not SavedView.objects.exists()


def test_a_list_begins_with_the_view_that_was_chosen_and_everything_is_one_link_away(client, admin, company):
    kept(client, query="?show=mine", starts="on")
    (view,) = SavedView.objects.all()
    assert client.get(CONTACTS).url == f"{CONTACTS}?show=mine&view={view.id}"
    assert len(client.get(f"{CONTACTS}?view=all").context["listed"].page.rows) == 3
    client.post(reverse("views:start", args=[view.id]), {"not": "1"})
    assert client.get(CONTACTS).status_code == 200
    assert team.start_of("contacts", member_id=admin.id) is None


def test_a_shared_view_shows_nobody_rows_that_are_not_theirs(client, company):
    client.post(
        reverse("views:keep", args=["opportunities"]),
        {"name": "All", "query": "?show=open", "is_shared": "on"},
    )
    assert len(client.get(where("opportunities")).context["listed"].page.rows) == 3
    (view,) = SavedView.objects.all()
    client.force_login(member(Role.SALES))
    page = client.get(f"{where('opportunities')}&view={view.id}")
    assert ">\n          \n          All\n" in page.content.decode()
    assert list(page.context["listed"].page.rows) == []


def test_views_are_of_lists_that_one_may_open(client, admin):
    client.force_login(member(Role.SALES))
    members = reverse("views:keep", args=["members"])
    assert client.post(members, {"name": "x", "query": ""}).status_code == 403
    assert client.post(reverse("views:keep", args=["nothing"]), {"name": "x"}).status_code == 404


def test_a_view_without_a_name_or_with_one_that_is_taken_is_asked_for_again(client, admin):
    kept(client, "Mine", "?show=mine")
    for name, sentence in (("", "This field is required."), ("Mine", "There is a view called Mine already.")):
        answer = kept(client, name, "?show=ripe", starts="on")
        assert answer.status_code == 422
        assert sentence in text_of(answer)
        again = resent(answer)
        assert again["query"] == ["?show=ripe"]
        assert again["starts"] == ["on"]
    assert kept(client, "Signs", "?words=%00").status_code == 422
    assert client.post(reverse("views:keep", args=["contacts"]), {**again, "name": "Ripe"}).status_code == 302
    assert SavedView.objects.get(name="Ripe").state == {"show": "ripe"}


def test_a_view_of_a_column_that_a_list_has_given_up_opens_all_the_same(client, admin):
    kept(client)
    SavedView.objects.update(state={"sort": "shoe", "columns": "shoe,email", "hat": "1"})
    page = client.get(f"{CONTACTS}?view=all")
    ((_, href),) = page.context["listed"].tabs
    assert "shoe" not in href
    assert client.get(href).status_code == 200
