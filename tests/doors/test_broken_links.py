"""Links that somebody shortened, changed or made up end in a sentence, never in an error of ours."""

import base64
import json

import pytest
from django.urls import reverse

from orchard.campaigns import actions as campaigns
from orchard.contacts import actions as contacts
from orchard.kit import clock, paging
from orchard.kit.errors import Refused
from orchard.team.types import Role
from tests.make.members import member
from tests.make.reading import text_of

pytestmark = pytest.mark.django_db

BROKEN = "This link to a page of the list is broken."
LISTS = {
    "contacts by score": ("contacts:list", {"sort": "-score"}),
    "contacts by name": ("contacts:list", {"sort": "name"}),
    "the newest contacts": ("contacts:list", {"sort": "-added"}),
    "the review list": ("contacts:doubts", {}),
    "accounts by name": ("accounts:list", {"sort": "name"}),
    "accounts by ripe people": ("accounts:list", {"sort": "-ripe"}),
    "the newest accounts": ("accounts:list", {"sort": "-added"}),
    "the basket": ("basket:list", {}),
    "the oldest in the basket": ("basket:list", {"sort": "ripe"}),
    "leads in hands": ("leads:list", {}),
    "leads in hands by name": ("leads:list", {"show": "accepted", "sort": "name"}),
    "what came back": ("leads:returned", {}),
    "opportunities by amount": ("opportunities:list", {"show": "open", "sort": "-amount"}),
    "imports": ("imports:list", {}),
    "members by name": ("members:list", {"sort": "name"}),
    "members by last sign-in": ("members:list", {"sort": "signed_in"}),
}
KEYS = {
    "words for numbers": ["x", "y"],
    "nothing": [None, None],
    "one word": ["x"],
    "no key": [],
    "too many parts": [1, 2, 3, 4],
    "a number beyond all": [10**30],
    "numbers beyond all": [10**30, 10**30],
    "truths for numbers": [True, True],
    "a part with parts": [[1], {}],
    "a text that nobody stores": ["a\0", 1],
    "half a letter": ["\ud800", 1],
}


def cursor_of(key):
    return base64.urlsafe_b64encode(json.dumps([False, *key]).encode()).decode().rstrip("=")


@pytest.fixture(autouse=True)
def admin(client, settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    client.force_login(member(Role.ADMIN, time_zone="Europe/Berlin"))


@pytest.mark.parametrize("of", LISTS)
def test_a_broken_cursor_is_refused_in_a_sentence_by_every_list(client, of):
    name, query = LISTS[of]
    for words, key in KEYS.items():
        answer = client.get(reverse(name), {**query, "cursor": cursor_of(key)})
        assert answer.status_code == 400, (words, answer.status_code)
        assert BROKEN in text_of(answer)


@pytest.mark.parametrize(
    "cursor",
    ["!", "é", "e30", cursor_of([1])[:-1], base64.urlsafe_b64encode(b"[" * 9_000).decode()],
    ids=["a sign", "a letter", "another thing", "cut short", "a cave"],
)
def test_what_is_no_cursor_at_all_is_refused_in_a_sentence(client, cursor):
    answer = client.get(reverse("contacts:list"), {"cursor": cursor})
    assert answer.status_code == 400
    assert BROKEN in text_of(answer)


@pytest.mark.parametrize("key", [["soon", 1], ["2026-11-02T09:30:00", 1], [1, 1]])
def test_a_cursor_without_a_time_is_refused_by_what_is_walked_by_time(client, key):
    ann = contacts.create_contact(full_name="Ann", now=clock.now())
    ads = campaigns.create_campaign(name="Ads", now=clock.now())
    for url in (reverse("contacts:show", args=[ann]), reverse("campaigns:show", args=[ads])):
        assert client.get(url, {"cursor": cursor_of(key)}).status_code == 400


def test_a_key_that_a_list_wrote_is_read_back_as_it_was():
    key = ["Zoë \u200dx", None, -5, clock.now()]
    assert paging.decode(paging.encode(key, back=True), str, int | None, int, type(key[3])) == (True, key)
    assert paging.decode("", int) == (False, [])
    with pytest.raises(Refused):
        paging.decode(paging.encode([None]), int)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("contacts:list", {"where": '{"did":["show.visited"],"at_least":99999999999999999999999}'}),
        ("contacts:new", {"account": "\0"}),
        ("contacts:list", {"words": "\0"}),
        ("accounts:list", {"words": "\0"}),
    ],
)
def test_what_no_page_of_ours_asks_never_ends_in_an_error_of_ours(client, name, query):
    assert client.get(reverse(name), query).status_code < 500


def test_what_no_report_of_ours_asks_is_refused_in_a_sentence(client):
    rows = reverse("reports:rows", args=["funnel"])
    assert client.get(rows, {"campaign": "99999999999999999999999"}).status_code == 400
    for key in KEYS.values():
        assert client.get(rows, {"cursor": cursor_of(key)}).status_code == 400
    assert client.get(reverse("reports:show", args=["weather"])).status_code == 404


def test_a_condition_in_a_link_that_would_compile_for_long_is_refused_with_its_place(client):
    condition = {"any": [{"did": ["show.visited"], "within_days": day} for day in range(1, 301)]}
    answer = client.get(reverse("contacts:list"), {"where": json.dumps(condition)})
    assert answer.status_code < 500
    assert "A condition may have at most 50 parts; this one is part 51." in text_of(answer)
