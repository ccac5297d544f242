"""The page of routing: the agreement's rows in words, whose turn is next in each pool, and where one lead would go."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from orchard.contacts import actions as contacts
from orchard.kit import clock
from orchard.leads import queries
from orchard.team import actions as team
from orchard.team.types import Role
from tests.make import agreements
from tests.make.leads import AGREEMENT, contact, drain, happened, lead_of, rep, ripe, team_named, tick
from tests.make.members import member
from tests.make.reading import text_of

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
PAGE = reverse("routing:show")
ROUTED = (
    AGREEMENT
    + """\
routing:
  - {when: {field: account.country, in: [CA]}, to: {team: north}, by: turn}
  - {to: account_owner}
"""
)


@pytest.fixture(autouse=True)
def monday():
    with clock.at(MONDAY):
        yield


@pytest.fixture
def boss(client):
    client.force_login(member(Role.MANAGER))
    return client


def tried(client, contact_id):
    return text_of(client.get(PAGE, {"contact": contact_id}))


def test_before_an_agreement_and_before_anybody_takes_leads_the_page_says_so(boss):
    page = text_of(boss.get(PAGE))
    assert "No agreement is in force yet" in page
    assert "Nobody takes leads" in page


def test_the_rows_stand_there_in_words_and_each_pool_says_who_is_next(boss):
    agreements.in_force(ROUTED)
    north = team_named("North")
    rep("Lars Berg", team_id=north), rep("Mei Tanabe", capacity=1)
    page = text_of(boss.get(PAGE))
    assert "Otherwise: by turn in the territory of the contact's country." in page
    assert "North 0 wait here, room for 5" in page
    assert "Everybody who takes leads 0 wait here, room for 6" in page


def test_whose_turn_is_said_to_be_next_gets_the_next_lead(boss):
    agreements.in_force(AGREEMENT)
    for name in ("Lars Berg", "Mei Tanabe", "Ida Falk"):
        rep(name)
    for _ in range(7):
        (everybody,) = queries.pools(now=MONDAY)
        said = everybody.people[0].member_id
        born = ripe()
        drain()
        tick()
        assert lead_of(born).member_id == said


def test_who_is_away_or_full_is_shown_as_such_and_has_no_turn(boss):
    agreements.in_force(AGREEMENT)
    rep("Lars Berg", capacity=1)
    ripe()
    tick()
    mei = rep("Mei Tanabe")
    day = MONDAY.date()
    team.add_absence(member_id=mei.id, first=day, last=day, actor_id=mei.id, now=MONDAY)
    (everybody,) = queries.pools(now=MONDAY)
    assert [(each.name, each.turn, each.away, each.free) for each in everybody.people] == [
        ("Lars Berg", None, False, 0),
        ("Mei Tanabe", None, True, 0),
    ]
    page = text_of(boss.get(PAGE))
    assert "full Lars Berg" in page
    assert "away Mei Tanabe" in page


def test_a_contact_is_tried_and_the_row_that_fits_is_said(boss):
    agreements.in_force(ROUTED)
    north = team_named("North")
    rep("Lars Berg", team_id=north)
    mei = rep("Mei Tanabe")
    canada = contacts.create_account(name="Maple", country="CA", now=MONDAY)
    owned = contacts.create_account(name="Owned", owner_id=mei.id, now=MONDAY)
    ada, ben = contact("Ada", account_id=canada), contact("Ben", account_id=owned)
    cy = contact("Cy Plain")
    drain()
    assert "Lars Berg whose turn is next in North. By the row" in tried(boss, ada)
    assert "Mei Tanabe who owns the account. By the row" in tried(boss, ben)
    assert "whose turn is next among everybody. No row of the agreement fits." in tried(boss, cy)
    page = boss.get(PAGE, {"words": "cy"}).content.decode()
    assert f'href="?contact={cy}"' in page
    assert "Nobody is called so." in text_of(boss.get(PAGE, {"words": "nobody at all"}))


def test_where_it_says_a_lead_would_go_it_goes(boss):
    agreements.in_force(ROUTED)
    north = team_named("North")
    for name in ("Lars Berg", "Ida Falk"):
        rep(name, team_id=north)
    rep("Mei Tanabe")
    for country in ("CA", "AT", "CA", "CA", "AT"):
        born = contact(account_id=contacts.create_account(name="Maple", country=country, now=MONDAY))
        drain()
        said = queries.way_of(born, now=MONDAY).people[0].member_id
        happened(born, "quote.requested")
        drain()
        tick()
        assert lead_of(born).member_id == said


def test_where_everybody_is_full_nobody_is_named(boss):
    agreements.in_force(AGREEMENT)
    rep("Lars Berg", capacity=1)
    ripe()
    tick()
    page = tried(boss, contact("Cy"))
    assert "nobody yet, until one of them has room again" in page


def test_a_made_up_contact_is_refused_in_a_sentence_and_nonsense_is_not_asked(boss):
    assert boss.get(PAGE, {"contact": "999999"}).status_code == 404
    assert boss.get(PAGE, {"contact": "x"}).status_code == 200


@pytest.mark.parametrize("role", [Role.SALES, Role.MARKETING])
def test_it_opens_to_managers_and_admins_alone(client, role):
    client.force_login(member(role))
    assert client.get(PAGE).status_code == 403
