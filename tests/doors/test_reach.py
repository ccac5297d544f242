"""Who sees whom: somebody with whom a colleague beyond one's reach is at work is named nowhere, by no door."""

import json
import re
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from orchard.api.types import Scope as ApiScope
from orchard.campaigns import actions as campaigns
from orchard.contacts import actions as contacts
from orchard.contacts import queries as people
from orchard.contacts.types import NewFile
from orchard.kit import clock
from orchard.kit.errors import NotAllowed
from orchard.leads import actions as leads
from orchard.opportunities import actions as opportunities
from orchard.opportunities import queries as sales
from orchard.opportunities.types import Fields, State
from orchard.segments.models import Segment
from orchard.tasks import actions as tasks
from orchard.tasks.types import Happened, What
from orchard.team import queries as team
from orchard.team.types import Role, Scope
from tests.make import agreements, rest, segments
from tests.make.crawling import crawl
from tests.make.leads import AGREEMENT, contact, drain, lead_of, rep, ripe, team_named, tick
from tests.make.members import member
from tests.make.reading import text_of

pytestmark = pytest.mark.django_db

CANARY = "Quetzalia"
SALE = "Xanadu line"
READING = {
    ApiScope.CONTACTS_READ,
    ApiScope.CONTACTS_WRITE,
    ApiScope.FACTS_READ,
    ApiScope.LEADS_READ,
    ApiScope.SEGMENTS_READ,
}
HIDDEN = re.compile(f"{CANARY}|quetzalia|{SALE}|canary-title|588 ?580", re.IGNORECASE)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path


@pytest.fixture
def company():
    """Found a company in which Petra, of another team, is at work with somebody who is in all a contact can be in."""
    agreements.in_force(AGREEMENT)
    now, north, south = clock.now(), team_named("North"), team_named("South")
    petra = rep("Petra Klein", team_id=south)
    lars = rep("Lars Berg", team_id=north, capacity=0)
    account = contacts.create_account(name="Acme Packaging", now=now)
    fair = campaigns.create_campaign(name="Fair", now=now)
    segments.saved("Everybody who asked", {"did": ["quote.requested"], "within_days": 400})
    canary = ripe(
        f"{CANARY} Vole",
        title="canary-title",
        emails=["quetzalia@vole.example"],
        phones=["+43 1 588580"],
        account_id=account,
    )
    also = contact(f"{CANARY} Vole the Second", account_id=account)
    campaigns.add_sources([(canary, fair, now), (also, fair, now)])
    double = contact(f"{CANARY} Vole", phones=["+43 1 588580"], account_id=account)
    seen = contact("Ada Seen", account_id=account, emails=["ada@seen.example"])
    tick()
    segments.follow()
    lead = lead_of(canary)
    assert lead.member_id == petra.id
    leads.accept(lead_id=lead.id, member_id=petra.id, now=now)
    for each in (also, double):
        opportunities.open_by_hand(contact_id=each, member_id=petra.id, fields=Fields(SALE), now=now)
    tasks.log(
        happened=Happened.REACHED,
        contact_id=canary,
        member_id=petra.id,
        key=uuid4(),
        now=now,
        words=f"{CANARY} wants it by March",
    )
    contacts.keep_files(
        files=[NewFile(f"{CANARY} offer.pdf", BytesIO(b"%PDF-1.7"))],
        words="for Quetzalia",
        contact_id=canary,
        actor_id=petra.id,
        now=now,
    )
    tasks.plan_step(
        what=What.CALL,
        member_id=petra.id,
        made_by=lars.id,
        due_on=now.date(),
        contact_id=canary,
        now=now,
    )
    drain()
    return {"lars": lars, "petra": petra, "canary": canary, "account": account, "seen": seen, "lead": lead.id}


EVERYWHERE = (
    "/",
    "/contacts/?words=Quetzalia",
    "/contacts/?words=quetzalia@vole.example",
    "/contacts/?sort=-score",
    "/contacts/?sort=name",
    "/search/?q=quetzalia",
    "/search/?q=quetz",
)


def without_what_was_asked(text):
    """Leave out what a page repeats of the question."""
    return re.sub(r'(value|href|hx-get|content)="[^"]*"|(?:words|q)=[^"&]*|“[^”]*”', "", text)


@pytest.mark.parametrize("role", [Role.SALES, pytest.param(Role.MANAGER, marks=pytest.mark.slow)])
def test_no_page_that_can_be_reached_names_whom_a_colleague_beyond_reach_is_at_work_with(company, role):
    client = Client()
    client.force_login(member(role, scope=Scope.OWN, team_id=company["lars"].team_id))
    opened = crawl(client, EVERYWHERE)
    assert len(opened) > 60, len(opened)
    told = [where for where, text in opened.items() if HIDDEN.search(without_what_was_asked(text))]
    assert told == []


@pytest.mark.slow
def test_whoever_is_at_work_with_somebody_sees_the_name_everywhere(company):
    """Else the crawl above would find nothing because there is nothing to find."""
    client = Client()
    client.force_login(company["petra"])
    opened = crawl(client, EVERYWHERE)
    told = [where for where, text in opened.items() if HIDDEN.search(without_what_was_asked(text))]
    assert len(told) > 15


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("where", ["contacts:list", "opportunities:list", "leads:returned", "basket:list"])
def test_a_file_holds_nobody_whom_the_page_would_not_show(client, company, where, ending):
    client.force_login(member(Role.MARKETING, scope=Scope.TEAM, team_id=company["lars"].team_id))
    answer = client.post(reverse(where), {"export": ending})
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200
    if ending == "csv":
        assert not HIDDEN.search(body.decode())
        assert where != "contacts:list" or "Ada Seen" in body.decode()
    else:
        cells = " ".join(str(cell) for row in load_workbook(BytesIO(body)).active.values for cell in row)
        assert not HIDDEN.search(cells)


def test_the_rest_door_names_nobody_beyond_the_reach_of_its_member(company):
    system = rest.System(rest.token(acts_for=company["lars"], scopes=READING))
    for path in ("/contacts?limit=100", "/contacts?search=Quetzalia", "/leads", "/segments"):
        answer = system.call("GET", path)
        assert answer.status_code == 200, answer.content
        assert not HIDDEN.search(answer.content.decode()), path
    for path in (f"/contacts/{company['canary']}", f"/contacts/{company['canary']}/facts"):
        assert system.call("GET", path).status_code == 403
    assert system.call("GET", f"/leads/{company['lead']}").status_code == 404
    body = {"address": "new@vole.example"}
    assert system.call("POST", f"/contacts/{company['canary']}/emails", body).status_code == 403


def test_a_search_by_name_does_not_even_tell_that_there_is_such_a_person(client, company):
    client.force_login(company["lars"])
    known = text_of(client.get("/contacts/", {"words": "Quetzalia"}))
    unknown = text_of(client.get("/contacts/", {"words": "Quetzalib"}))
    assert known.replace("Quetzalia", "") == unknown.replace("Quetzalib", "")


def test_who_is_counted_and_not_shown_is_told_as_a_number(client, company):
    client.force_login(company["lars"])
    assert "3 more that others hold." in text_of(client.get("/contacts/"))
    assert "3 more that others hold." in text_of(
        client.get(reverse("accounts:show", args=[company["account"]]))
    )
    client.force_login(company["petra"])
    assert "more that others hold" not in text_of(client.get("/contacts/"))


def test_an_address_that_a_hidden_person_has_is_refused_without_a_way_to_that_person(client, company):
    client.force_login(company["lars"])
    answer = client.post(
        reverse("contacts:new"), {"full_name": "Somebody", "email": "quetzalia@vole.example"}
    )
    assert answer.status_code == 422
    assert "belongs to another contact" in text_of(answer)
    assert reverse("contacts:show", args=[company["canary"]]) not in answer.content.decode()


def test_nobody_is_joined_with_a_person_whom_one_may_not_see(client, company):
    client.force_login(company["lars"])
    answer = client.post(reverse("contacts:merge", args=[company["seen"]]), {"with": str(company["canary"])})
    assert answer.status_code == 403
    assert people.living_id(company["canary"]) == company["canary"]


def test_once_the_lead_came_back_everybody_sees_the_person_again(client, company):
    client.force_login(company["lars"])
    where = reverse("contacts:show", args=[company["canary"]])
    assert client.get(where).status_code == 403
    leads.give_back(
        lead_id=company["lead"],
        member_id=company["petra"].id,
        reason="too_early",
        wake_on=None,
        note="",
        zone="UTC",
        now=clock.now(),
    )
    assert client.get(where).status_code == 200


def test_who_gets_the_lead_of_a_colleague_sees_the_person_and_the_colleague_no_more(client, company):
    boss = member(Role.MANAGER)
    leads.reassign(lead_id=company["lead"], member_id=company["lars"].id, actor_id=boss.id, now=clock.now())
    where = reverse("contacts:show", args=[company["canary"]])
    for who, status in ((company["lars"], 200), (company["petra"], 403), (boss, 200)):
        client.force_login(who)
        assert client.get(where).status_code == status, who.name


def test_a_team_sees_what_its_members_have_and_those_without_a_team_are_one(client, company):
    where = reverse("contacts:show", args=[company["canary"]])
    mate = member(Role.SALES, scope=Scope.TEAM, team_id=company["petra"].team_id)
    loner = member(Role.SALES, scope=Scope.TEAM)
    for who, status in ((mate, 200), (loner, 403)):
        client.force_login(who)
        assert client.get(where).status_code == status
    with team.seeing(team.reach_of(loner)):
        assert people.is_seen(company["seen"])
    other = rep("Ida Falk")
    held = contact("Held by Ida")
    opportunities.open_by_hand(contact_id=held, member_id=other.id, fields=Fields("One"), now=clock.now())
    client.force_login(loner)
    assert client.get(reverse("contacts:show", args=[held])).status_code == 200


def test_the_name_of_somebody_hidden_is_masked_where_a_row_stands_for_more(company):
    with team.seeing(team.reach_of(company["lars"])):
        assert people.names([company["canary"], company["seen"]]) == {
            company["canary"]: "With a colleague",
            company["seen"]: "Ada Seen",
        }
    assert people.names([company["canary"]])[company["canary"]].startswith(CANARY)


def test_somebody_joined_with_a_hidden_record_is_hidden_under_every_id(company):
    twin = contact("Twin")
    contacts.merge(survivor_id=twin, loser_id=company["canary"], now=clock.now(), actor_id=None)
    drain()
    with team.seeing(team.reach_of(company["lars"])):
        assert people.hidden_among([twin, company["canary"]]) == {twin, company["canary"]}
        assert twin in people.hidden_ids()


def test_a_manager_with_a_team_looks_at_the_lists_of_that_team_alone(client, company):
    boss = member(Role.MANAGER, scope=Scope.TEAM, team_id=company["lars"].team_id)
    client.force_login(boss)
    assert client.get(reverse("tasks:of", args=[company["lars"].id])).status_code == 200
    assert client.get(reverse("tasks:of", args=[company["petra"].id])).status_code == 403
    assert "Petra" not in text_of(client.get(reverse("leads:desks")))


def test_an_admin_sees_everything_whatever_is_chosen():
    admin = member(Role.ADMIN, scope=Scope.OWN)
    assert admin.scope == Scope.ALL


def held_by(member_id, *names, **values):
    """Make contacts with whom somebody is at work on a sale."""
    for name in names:
        each = contact(name, **values)
        opportunities.open_by_hand(contact_id=each, member_id=member_id, fields=Fields(SALE), now=clock.now())


def test_a_list_goes_on_where_a_whole_page_of_it_is_with_others(client, company):
    held_by(company["petra"].id, *(f"Anna Held {number}" for number in range(90)))
    client.force_login(company["lars"])
    for sort in ("-score", "name", "-added"):
        assert "Ada Seen" in text_of(client.get("/contacts/", {"sort": sort})), sort


def test_a_search_finds_whom_one_may_see_among_many_better_ones_whom_others_hold(client, company):
    held_by(company["petra"].id, *(f"Ada Seen {number}" for number in range(30)), "Ada Seen")
    client.force_login(company["lars"])
    found = client.get("/search/", {"q": "ada seen"}, follow=True).content.decode()
    assert reverse("contacts:show", args=[company["seen"]]) in found


def test_conditions_are_no_way_to_ask_about_somebody_hidden_field_by_field(client, company):
    client.force_login(company["lars"])
    for title in ("canary-title", "another title"):
        where = json.dumps({"field": "contact.title", "is": title})
        page = text_of(client.get("/contacts/", {"where": where}))
        assert "others hold" not in page
        assert "somebody else holds" not in page


def test_the_members_of_a_segment_are_told_over_rest_as_far_as_one_sees(company):
    segment = Segment.objects.get().pk
    for who, seen in ((company["lars"], False), (company["petra"], True)):
        system = rest.System(rest.token(acts_for=who, scopes=READING))
        members = system.call("GET", f"/segments/{segment}/members").json()["members"]
        assert (company["canary"] in [each["contact_id"] for each in members]) is seen


@pytest.mark.parametrize(("act", "body"), [("reassign", {"member_id": 0}), ("reinstate", {})])
def test_a_manager_of_another_team_moves_no_lead_that_he_does_not_see(company, act, body):
    boss = member(Role.MANAGER, scope=Scope.TEAM, team_id=company["lars"].team_id)
    system = rest.System(rest.token(acts_for=boss))
    given = {"member_id": boss.id} if body else body
    assert system.call("POST", f"/leads/{company['lead']}/{act}", given).status_code == 404
    assert lead_of(company["canary"]).member_id == company["petra"].id


def test_whoever_had_a_lead_may_not_move_it_or_log_with_its_person(client, company):
    boss = member(Role.MANAGER, scope=Scope.TEAM, team_id=company["lars"].team_id)
    anybody = member(Role.ADMIN)
    lead = company["lead"]
    leads.reassign(lead_id=lead, member_id=company["lars"].id, actor_id=anybody.id, now=clock.now())
    leads.reassign(lead_id=lead, member_id=company["petra"].id, actor_id=anybody.id, now=clock.now())
    client.force_login(boss)
    assert client.get(reverse("leads:show", args=[lead])).status_code == 200
    answer = client.post(reverse("leads:reassign", args=[lead]), {"member": company["lars"].id})
    assert answer.status_code == 403
    assert lead_of(company["canary"]).member_id == company["petra"].id
    system = rest.System(rest.token(acts_for=boss))
    assert system.call("POST", f"/leads/{lead}/log", {"happened": "reached"}).status_code == 403


def test_a_call_done_while_one_saw_the_person_is_answered_alike_once_one_does_not(company):
    petra = rest.System(rest.token(acts_for=company["petra"], scopes=READING))
    path, number = f"/contacts/{company['canary']}/phones", {"number": "+43 1 588581"}
    first = petra.post(path, number, key="once")
    leads.reassign(
        lead_id=company["lead"], member_id=company["lars"].id, actor_id=member(Role.ADMIN).id, now=clock.now()
    )
    again = petra.post(path, number, key="once")
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert petra.post(path, {"number": "+43 1 588582"}, key="another").status_code == 403


def test_who_hands_a_sale_over_sees_its_people_no_more_not_even_when_it_is_open_again(company):
    lars, petra, now = company["lars"], company["petra"], clock.now()
    sale = opportunities.convert(lead_id=company["lead"], member_id=petra.id, fields=Fields(SALE), now=now)
    opportunities.hand_over(
        from_id=petra.id, opportunities={sale: lars.id}, actor_id=member(Role.ADMIN).id, now=now
    )

    def seen_by(who):
        with team.seeing(team.reach_of(who)):
            return people.is_seen(company["canary"]), sales.is_seen(sale)

    assert (seen_by(lars), seen_by(petra)) == ((True, True), (False, False))
    opportunities.lose(opportunity_id=sale, member_id=lars.id, reason="price", note="", now=now)
    opportunities.take_back(opportunity_id=sale, member_id=lars.id, now=now)
    assert (seen_by(lars), seen_by(petra)) == ((True, True), (False, False))


def test_a_manager_of_another_team_closes_no_sale_that_a_lead_of_the_team_joined(company):
    boss = member(Role.MANAGER, scope=Scope.TEAM, team_id=company["lars"].team_id)
    sale = sales.of_contacts([company["canary"]]) or sales.opportunities(State.OPEN).rows
    with team.seeing(team.reach_of(boss)), pytest.raises(NotAllowed):
        opportunities.lose(
            opportunity_id=sale[0].id,
            member_id=boss.id,
            reason="price",
            note="",
            now=clock.now(),
        )


def test_the_review_list_counts_and_shows_pairs_of_which_one_sees_both(client, company):
    client.force_login(company["lars"])
    assert people.open_doubts() >= 1
    with team.seeing(team.reach_of(company["lars"])):
        assert people.open_doubts() == len(people.doubts().rows)
