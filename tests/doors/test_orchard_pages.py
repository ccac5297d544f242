"""The pages of the orchard: what the script is told, its twin as a table, what stands beside, and every state."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orchard import flow
from orchard.agreement import queries as agreement
from orchard.campaigns import actions as campaigns
from orchard.contacts import actions as contacts
from orchard.engine import lake
from orchard.interactions import actions as ledger
from orchard.kit import clock
from orchard.kit.errors import Conflict
from orchard.leads import actions as leads
from orchard.reports import queries
from orchard.reports.jobs import keep_ready
from orchard.team.types import Role
from tests.make import agreements, company
from tests.make.leads import AGREEMENT, drain, lead_of, rep, ripe
from tests.make.members import member
from tests.make.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path


@pytest.fixture
def sam(client):
    client.force_login(member(Role.MARKETING))
    return client


@pytest.fixture
def people():
    ids = company.founded(people=40)
    agreements.in_force(AGREEMENT)
    return ids


def opened(client, name="show", status=200, **query):
    answer = client.get(reverse(f"orchard:{name}"), query)
    assert answer.status_code == status, answer.content.decode()
    return answer


def picture(client, **query):
    return json.loads(
        unescape(re.search(r'data-orchard="([^"]*)"', opened(client, "trees", **query).content.decode())[1])
    )


def campaign(name, *people, **fields):
    """Make a campaign that brought so many people of these names first."""
    made = campaigns.create_campaign(name=name, now=clock.now(), **fields)
    came = [contacts.create_contact(full_name=each, now=clock.now()) for each in people]
    campaigns.add_sources([(each, made, clock.now()) for each in came])
    return made


@pytest.mark.parametrize("role", Role)
def test_everybody_may_look_at_it(client, role, people):
    client.force_login(member(role))
    for name in ("show", "trees", "table", "soon", "beside", "ripening"):
        assert "orchard" in opened(client, name).request["PATH_INFO"]


def test_it_stands_first_for_marketing_and_below_today_for_managers(client):
    for role, place in ((Role.MARKETING, 0), (Role.MANAGER, 1)):
        client.force_login(member(role))
        links = opened(client).context["nav"][0].links
        assert links[place].href == reverse("orchard:show")


def test_the_script_is_told_what_the_table_says_in_every_month(sam, people):
    said = picture(sam)
    assert [month["label"] for month in said["months"]][-1] == "today"
    for place, month in enumerate(said["months"]):
        answer = opened(sam, "table", month=month["key"]).context["answer"]
        rows = {row["campaign"] or "Source not known": row for row in answer.sheets[0].rows}
        told = {tree["name"]: tree["counts"][place] for tree in said["trees"] if any(tree["counts"][place])}
        bands = [band["key"] for band in said["bands"]]
        assert told == {name: [row[band] for band in bands] for name, row in rows.items()}
        assert said["total"][place] == [answer.sheets[0].total[band] for band in bands]


def test_each_number_that_the_script_is_told_opens_so_many_people(sam, people):
    said = picture(sam)
    for place in (-1, -4):
        hour = said["months"][place]["hour"]
        for tree in said["trees"]:
            for band, number in zip(said["bands"], tree["counts"][place], strict=True):
                rows = sam.get(f"{tree['rows']}&number={band['key']}&hour={hour}")
                assert rows.context["found"].number == number, (tree["name"], band)
            everybody = sam.get(f"{tree['rows']}&number={said['everybody']}&hour={hour}")
            assert everybody.context["found"].number == sum(tree["counts"][place])
    then = sam.get(f"{said['rows']}&number=picked&hour={said['months'][-4]['hour']}")
    now = sam.get(f"{said['rows']}&number=picked&hour={said['months'][-1]['hour']}")
    assert "As it stood at the end of" in text_of(then)
    assert "As it stood" not in text_of(now)
    assert (
        f'href="{reverse("orchard:show")}"'
        in then.content.decode().partition('class="crumbs"')[2].partition("</nav>")[0]
    )


def test_each_number_of_the_table_opens_so_many_people(sam, people):
    found = re.findall(r'href="([^"]*/rows\?[^"]*)">([\d,]+)</a>', opened(sam, "table").content.decode())
    assert len(found) > 10
    for address, number in found:
        assert sam.get(unescape(address)).context["found"].number == int(number.replace(",", ""))


def test_the_second_line_says_how_many_hang_are_ripe_and_lie_on_the_ground(sam, people):
    now = opened(sam, "trees").context["shown"].now
    said = text_of(opened(sam, "trees"))
    assert f"{now.contacts} contacts on 3 trees." in said
    assert f"{now.ripe} ripe, {now.picked} picked by Sales; {now.rotting} lie on the ground." in said


def test_of_many_campaigns_the_largest_are_drawn_and_the_others_stand_in_the_table(sam, monkeypatch):
    monkeypatch.setattr("orchard.reports.queries.orchard.TREES", 2)
    for name, size in (("Fair", 3), ("Letters", 1), ("Search", 2), ("Talks", 1)):
        campaign(name, *(f"{name} {number}" for number in range(size)))
    ledger.drain(flow.CONSUMERS)
    assert [tree["name"] for tree in picture(sam)["trees"]] == ["Fair", "Search"]
    said = text_of(opened(sam, "trees"))
    assert "7 contacts on 4 trees." in said
    assert "2 smaller campaigns with 2 contacts stand in the table." in said
    names = [line.cells[0].text for line in opened(sam, "table").context["sheet"].lines]
    assert names == ["Fair", "Search", "Letters", "Talks"]


def test_campaigns_by_which_nobody_came_are_named_below_the_trees(sam):
    campaign("Fair", "Ann")
    for number in range(8):
        campaign(f"Show <b>{number}</b>")
    said = opened(sam, "trees").content.decode()
    assert "Show &lt;b&gt;0&lt;/b&gt;" in said
    assert "and 2 more." in said


def test_it_narrows_to_a_channel(sam):
    campaign("Fair", "Ann", channel="show")
    campaign("Letters", "Bob", type="mailing")
    page = opened(sam).content.decode()
    assert re.findall(r'<option value="(\w*)"', page) == ["", "mailing", "show"]
    assert [tree["name"] for tree in picture(sam, source="mailing")["trees"]] == ["Letters"]
    assert "Nobody came through this channel" in text_of(opened(sam, "trees", source="print"))
    assert "Nobody came through this channel" in text_of(opened(sam, "table", source="print"))


def test_where_there_is_nobody_it_says_what_will_stand_here(client):
    for role, may in ((Role.MARKETING, True), (Role.SALES, False)):
        client.force_login(member(role))
        for name in ("trees", "table"):
            said = opened(client, name)
            assert "Nothing grows here yet" in text_of(said)
            assert (reverse("campaigns:new") in said.content.decode()) is may


def test_below_it_stand_empty_lists_where_nothing_happened(sam):
    assert "No agreement is in force" in text_of(opened(sam, "soon"))
    said = text_of(opened(sam, "beside"))
    assert "No lead came back." in said
    assert "As soon as a campaign has a cost" in said


def test_below_it_stands_who_is_nearest_to_ripe(sam):
    agreements.in_force(AGREEMENT)
    made = [campaign("Fair", *(f"Visitor {number}" for number in range(8)))]
    ann = contacts.create_contact(full_name="Ann Lee", now=clock.now())
    company.campaigns.add_sources([(ann, made[0], clock.now())])
    ledger.append(
        [company.NewFact("show.visited", clock.now(), contact_id=ann, campaign_id=made[0])], now=clock.now()
    )
    ledger.drain(flow.CONSUMERS)
    answer = opened(sam, "soon")
    assert [row.name for row in answer.context["found"].nearest] == ["Ann Lee"]
    assert "15.0 points until" in text_of(answer)


def test_a_month_that_is_not_told_ends_in_a_sentence(sam, people):
    assert "The orchard tells of the last 18 months." in text_of(opened(sam, month="1999-01", status=422))
    for name in ("trees", "table"):
        assert "Choose one of them." in text_of(opened(sam, name, month="x'", status=422))


def test_what_cannot_be_counted_just_now_is_said_in_its_place(sam, monkeypatch):
    def refuse(*_, **__):
        raise Conflict("The figures are being made ready.")

    monkeypatch.setattr(queries, "orchard_shown", refuse)
    monkeypatch.setattr(queries, "orchard_table", refuse)
    for name in ("trees", "table"):
        said = text_of(opened(sam, name, status=422))
        assert "The figures are being made ready." in said
        assert "Open it anew" in said


@pytest.fixture
def large(monkeypatch):
    """Let the house be so large that pages do not write the lake anew; call it once something was made."""
    return lambda: monkeypatch.setitem(lake.freshen.__globals__, "SMALL", -1)


def test_a_large_house_shows_at_once_what_was_made_last_with_few_queries(
    sam, people, large, django_assert_max_num_queries
):
    for number in range(40):
        campaign(f"Campaign {number}", "Ann")
    ledger.drain(flow.CONSUMERS)
    keep_ready(clock.now())
    for name in ("trees", "table", "beside"):
        opened(sam, name)
    before = picture(sam)
    large()
    campaign("Later", "Bob")
    ledger.drain(flow.CONSUMERS)
    lake.sync(now=clock.now())
    for name in ("show", "trees", "table", "soon", "beside", "ripening"):
        with django_assert_max_num_queries(30):
            opened(sam, name)
    assert picture(sam)["total"] == before["total"]
    tree = before["trees"][0]
    rows = sam.get(f"{tree['rows']}&number=contacts&hour={before['months'][-1]['hour']}")
    assert rows.context["found"].number == sum(tree["counts"][-1])
    keep_ready(clock.now())
    assert sum(picture(sam)["total"][-1]) == sum(before["total"][-1]) + 1


@pytest.fixture
def resting():
    """Give back the leads of eight people, whose rests of 20 days end in three days."""
    if agreement.in_force_terms() is None:
        agreements.in_force(AGREEMENT)
    with clock.at(clock.now() - timedelta(days=17)):
        lars = rep(capacity=20)
        people = [ripe(f"Ada {letter}") for letter in "ABCDEFGH"]
        drain()
        for each in people:
            leads.accept(lead_id=lead_of(each).id, member_id=lars.id, now=clock.now())
            leads.give_back(
                lead_id=lead_of(each).id,
                member_id=lars.id,
                reason="too_early",
                wake_on=None,
                note="",
                zone="UTC",
                now=clock.now(),
            )
        drain()
    return people


def test_who_ripens_this_week_stands_below_the_trees_with_day_and_reason_and_all_of_them_on_a_page(
    sam, resting
):
    day = f"{clock.now() + timedelta(days=3):%-d %B}"
    said = text_of(opened(sam, "soon"))
    assert "8 contacts, by the calendar alone" in said
    assert said.count(f"Rest ends on {day}") == 6
    assert "All 8" in said
    assert reverse("orchard:ripening") in opened(sam, "soon").content.decode()
    assert text_of(opened(sam, "ripening")).count(f"Rest ends on {day}") == 8


def test_whom_a_colleague_is_at_work_with_does_not_ripen_for_others(client, resting):
    client.force_login(rep("Mia Sand"))
    held = [contacts.Held(each, 1, rep("Jon Hill").id) for each in resting[1:]]
    contacts.hold(held, source_kind="lead", now=clock.now())
    said = text_of(opened(client, "soon"))
    assert "1 contact, by the calendar alone" in said
    assert [name for name in "ABCDEFGH" if f"Ada {name}" in text_of(opened(client, "ripening"))] == ["A"]


def test_where_nobody_ripens_this_week_it_says_so_and_where_no_agreement_says_what_is_ripe(sam):
    assert "No agreement is in force that says what is ripe." in text_of(opened(sam, "ripening"))
    agreements.in_force(AGREEMENT)
    for name in ("soon", "ripening"):
        assert "no rest ends and no condition comes to hold" in text_of(opened(sam, name))


def test_who_is_ripe_soon_asks_at_most_thirty_questions(sam, resting):
    opened(sam, "soon")
    with CaptureQueriesContext(connection) as asked:
        opened(sam, "soon")
    assert len(asked) <= 30
