"""Segments over Django's client: written with a count, looked at, taken along as a file, named elsewhere, put away."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.segments import queries
from orchard.segments.models import Segment
from orchard.segments.queries import matching
from orchard.team.types import Role
from tests.make.members import member
from tests.make.posting import posted
from tests.make.rest import System, token
from tests.make.segments import IN_AUSTRIA, VISITED, follow, saved, writer

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    matching._kept.clear()
    with clock.at(MONDAY):
        yield


def signed_in(role=Role.MARKETING):
    client = Client()
    client.force_login(member(role, name="Sam Okafor"))
    return client


def words(client, name, *args, **wish):
    return " ".join(client.get(reverse(name, args=args), wish).content.decode().split())


def form(client, at, /, *args, act="save", **changes):
    page = client.get(reverse(at, args=args)).content.decode()
    return client.post(reverse(at, args=args), posted(page, "segment-form", act=act, **changes))


def add(name, **values):
    return contacts.create_contact(full_name=name, now=clock.now(), **values)


def visitor(name, **values):
    found = add(name, **values)
    ledger.append([NewFact("show.visited", clock.now(), contact_id=found)], now=clock.now())
    return found


def test_with_no_segment_the_list_says_what_one_is_and_who_can_write_it():
    page = words(signed_in(), "segments:list")
    assert "No segments yet" in page
    assert reverse("segments:new") in page
    sales = words(signed_in(Role.SALES), "segments:list")
    assert "Marketing and managers can write one" in sales
    assert reverse("segments:new") not in sales


def test_a_segment_is_written_in_the_form_which_says_how_many_fit_before_it_is_saved():
    client = signed_in()
    add("Ada", country="AT")
    given = {
        "where.sort": "field",
        "where.field": "contact.country",
        "where.operator": "is",
        "where.value": "AT",
    }
    looked = client.post(reverse("segments:preview"), given).content.decode()
    assert "<strong>1</strong> contact fits now. This holds: country is Austria." in " ".join(looked.split())
    answer = client.post(reverse("segments:new"), {**given, "name": "Austria", "act": "save"})
    (segment,) = Segment.objects.all()
    assert answer.headers["Location"] == reverse("segments:show", args=[segment.pk])
    assert segment.condition == IN_AUSTRIA
    page = words(client, "segments:show", segment.pk)
    assert "Being counted" in page
    follow()
    page = words(client, "segments:show", segment.pk)
    assert "Ada" in page
    assert "This holds: country is Austria." in page
    assert "Show them" in words(client, "segments:standing", segment.pk)


def test_what_is_wrong_is_said_and_what_was_typed_stays():
    client = signed_in()
    answer = form(client, "segments:new", name="Austria", **{"where.was": "did", "where.sort": "did"})
    assert answer.status_code == 422
    assert 'value="Austria"' in answer.content.decode()
    answer = client.post(reverse("segments:preview"), {"where.sort": "did"})
    assert "Once the condition is complete" in answer.content.decode()
    first = saved("First", IN_AUSTRIA)
    saved("Second", {"segment": "first"})
    answer = client.post(
        reverse("segments:edit", args=[first]),
        {"where.sort": "segment", "where.segment": "second", "name": "First", "revision": "1", "act": "save"},
    )
    assert answer.status_code == 422
    assert "“First” → “Second” → “First”" in answer.content.decode()


def test_a_number_that_could_be_two_is_asked_about_and_a_country_is_chosen_by_name():
    where = {"where.sort": "field", "where.field": "account.employees", "where.operator": "gt"}
    at, client = reverse("segments:new"), signed_in()
    answer = client.post(at, {**where, "where.value": "1.200", "name": "Large", "act": "save"})
    assert answer.status_code == 422
    assert "“1.200” may mean 1,200 or 1.2." in answer.content.decode()
    client.post(at, {**where, "where.value": "1,200", "name": "Large", "act": "save"})
    assert Segment.objects.get().condition == {"field": "account.employees", "gt": 1200}
    saved("Austria", IN_AUSTRIA)
    page = words(client, "segments:edit", Segment.objects.latest("id").pk)
    assert '<option value="AT" selected>Austria</option>' in page


def test_who_saves_over_a_colleague_is_told_and_may_save_again():
    client = signed_in()
    segment = saved("Austria", IN_AUSTRIA)
    answer = form(client, "segments:edit", segment, revision="7", name="Österreich")
    assert answer.status_code == 409
    again = posted(answer.content.decode(), "segment-form", act="save")
    assert client.post(reverse("segments:edit", args=[segment]), again).status_code == 302
    assert Segment.objects.get().name == "Österreich"
    assert "Renamed" in words(client, "segments:show", segment)


def test_the_members_are_taken_along_as_a_file_in_which_nothing_is_a_formula():
    visitor("=1+1", country="AT")
    segment = saved("Visitors", VISITED)
    follow()
    url = f"{reverse('segments:show', args=[segment])}?columns=name,country"
    answer = signed_in().post(url, {"export": "csv"})
    assert 'filename="segment-members-' in answer.headers["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    ((row),) = csv.DictReader(io.StringIO(text))
    assert (row["Name"], row["Country"]) == ("'=1+1", "AT")


def test_the_list_of_contacts_is_narrowed_by_a_segment_and_its_condition_can_be_saved_as_one():
    visitor("Ada")
    add("Ben")
    saved("Visitors", VISITED)
    ledger.place()
    client = signed_in()
    where = json.dumps({"segment": "visitors"})
    page = words(client, "contacts:list", where=where)
    assert "is in the segment Visitors" in page
    assert "Ada" in page
    assert ">Ben<" not in page.replace(" ", "")
    assert f"{reverse('segments:new')}?where=" in page
    assert '<option value="visitors" selected>Visitors</option>' in words(client, "segments:new", where=where)
    assert f"{reverse('segments:new')}?where=" not in words(
        signed_in(Role.SALES), "contacts:list", where=where
    )


def test_the_agreement_offers_no_segment_and_programs_do():
    saved("Visitors", VISITED)
    boss = signed_in(Role.ADMIN)
    assert 'value="segment"' not in words(boss, "agreement:edit")
    assert 'value="segment"' in words(boss, "segments:new")


def test_putting_away_says_who_uses_it_and_can_be_undone():
    client = signed_in()
    segment = saved("Visitors", VISITED)
    other = saved("Some", {"segment": "visitors"})
    assert "“Some”" in words(client, "segments:archive", segment)
    answer = client.post(reverse("segments:archive", args=[segment]))
    assert answer.status_code == 409
    assert "is used by “Some”" in answer.content.decode()
    client.post(reverse("segments:archive", args=[other]))
    assert "Some" in words(client, "segments:list", show="archived")
    client.post(reverse("segments:restore", args=[other]))
    assert [each.name for each in queries.segments()] == ["Some", "Visitors"]


def test_a_token_reads_segments_and_walks_their_members():
    people = [visitor(f"Ada {number}") for number in range(3)]
    segment = saved("Visitors", VISITED, by=writer())
    follow()
    system = System(token(acts_for=member(Role.SALES), scopes=["segments:read"]))
    (found,) = system.get("/segments").json()["segments"]
    assert (found["code"], found["members"], found["is_counted"]) == ("visitors", 3, True)
    page = system.get(f"/segments/{segment}/members?limit=2").json()
    rest = system.get(f"/segments/{segment}/members?limit=2&cursor={page['next']}").json()
    assert [each["contact_id"] for each in page["members"] + rest["members"]] == people
    assert rest["next"] == ""
    assert system.get("/segments/999999/members").status_code == 404
    assert System(token(scopes=["contacts:read"])).get("/segments").status_code == 403
