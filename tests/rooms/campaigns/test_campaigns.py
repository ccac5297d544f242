"""Campaigns: a tree with its cost, and who came by which, the first source fixed at birth."""

from datetime import UTC, date, datetime, timedelta

import pytest

from orchard.campaigns import actions, queries
from orchard.campaigns.models import ContactSource
from orchard.campaigns.types import CodeTaken, UnknownCampaign, WrongCampaign
from orchard.contacts import actions as contacts
from orchard.kit.money import Money

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def create(name, **fields):
    return actions.create_campaign(name=name, now=NOW, actor_id=None, **fields)


def person(name):
    return contacts.create_contact(now=NOW, full_name=name)


def test_cost_and_contacts_count_for_a_campaign_and_for_all_above_it():
    show = create("Shows", planned_cost=100_00, currency="EUR")
    fair = create("Fair 2026", parent_id=show, planned_cost=50_00, currency="EUR")
    abroad = create("Fair abroad", parent_id=fair)
    actions.add_cost(
        campaign_id=abroad,
        amount=70_00,
        currency="CAD",
        what="Stand",
        on=date(2026, 5, 1),
        now=NOW,
        actor_id=None,
    )
    anna, bob = person("Anna"), person("Bob")
    actions.add_sources([(anna, fair, NOW), (anna, abroad, NOW + timedelta(days=1)), (bob, abroad, NOW)])
    top, middle, low = queries.branch(show)
    assert [branch.depth for branch in (top, middle, low)] == [0, 1, 2]
    assert top.planned == [Money(150_00, "EUR")]
    assert top.actual == [Money(70_00, "CAD")]
    assert (top.contacts, top.first_contacts) == (2, 2)
    assert (low.contacts, low.first_contacts) == (2, 1)


def test_the_first_source_is_fixed_and_every_later_one_is_kept():
    ad, show = create("Ad"), create("Show")
    anna = person("Anna")
    assert actions.add_sources([(anna, show, NOW), (anna, ad, NOW - timedelta(days=9))]) == 2
    assert actions.add_sources([(anna, show, NOW - timedelta(days=99)), (anna, show, NOW)]) == 1
    assert [(source.name, source.is_first) for source in queries.sources_of([anna])] == [
        ("Show", False),
        ("Ad", True),
        ("Show", False),
    ]
    assert ContactSource.objects.filter(is_first=True).count() == 1


def test_two_merged_contacts_count_once_and_have_one_first_source():
    ad, show = create("Ad"), create("Show")
    anna, double = person("Anna"), person("A.")
    actions.add_sources([(anna, show, NOW), (double, ad, NOW - timedelta(days=1))])
    contacts.merge(survivor_id=anna, loser_id=double, now=NOW, actor_id=None)
    assert [(source.name, source.is_first) for source in queries.sources_of([anna, double])] == [
        ("Ad", True),
        ("Show", False),
    ]
    assert {branch.name: branch.contacts for branch in queries.tree()} == {"Ad": 1, "Show": 1}


def test_an_import_finds_or_makes_campaigns_by_name_and_takes_its_sources_back():
    known = create("Paid search", code="paid_search")
    found = actions.ensure_campaigns(["Paid Search", "paid_search", "Organic", "", "organic"], now=NOW)
    assert found["Paid Search"] == found["paid_search"] == known
    assert found["Organic"] == found["organic"]
    assert "" not in found
    assert actions.ensure_campaigns(["Organic"], now=NOW) == {"Organic": found["Organic"]}
    anna = person("Anna")
    actions.add_sources([(anna, known, NOW)], import_id=7)
    assert actions.remove_sources(import_id=7) == 1
    assert queries.sources_of([anna]) == []


def test_names_in_a_script_without_latin_letters_stay_apart():
    found = actions.ensure_campaigns(["広告", "展示会", "!!!", "???"], now=NOW)
    assert len(set(found.values())) == 4


def test_a_campaign_cannot_be_part_of_its_own_part():
    top = create("Top")
    low = create("Low", parent_id=create("Middle", parent_id=top))
    with pytest.raises(WrongCampaign, match="cannot hold it"):
        actions.change_campaign(campaign_id=top, values={"parent_id": low}, now=NOW, actor_id=None)


@pytest.mark.parametrize(
    "values",
    [
        {"name": " "},
        {"name": "A", "starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1)},
        {"name": "A", "planned_cost": 5},
        {"name": "A", "status": "lost"},
        {"name": "A", "budget": 5},
        {"name": "A", "code": "c" * 81},
        {"name": "A" * 201},
        {"name": "A", "channel": "c" * 41},
        {"name": "\u202e\u200b"},
    ],
)
def test_what_cannot_be_a_campaign_is_refused(values):
    with pytest.raises(WrongCampaign):
        create(**values)


def test_a_code_that_is_too_long_is_refused_with_its_length_also_when_it_is_changed():
    fair = create("Fair", code="c" * 80)
    with pytest.raises(WrongCampaign, match="The code has 81 characters; 80 fit"):
        actions.change_campaign(campaign_id=fair, values={"code": "c" * 81}, now=NOW, actor_id=None)


def test_a_code_belongs_to_one_campaign():
    first = create("Ad", code="ad")
    second = create("Another")
    with pytest.raises(CodeTaken):
        create("Ad")
    with pytest.raises(CodeTaken):
        actions.change_campaign(campaign_id=second, values={"code": "ad"}, now=NOW, actor_id=None)
    assert actions.change_campaign(campaign_id=first, values={"name": "Ad 2"}, now=NOW, actor_id=None) == [
        "name"
    ]
    assert actions.change_campaign(campaign_id=first, values={"name": "Ad 2"}, now=NOW, actor_id=None) == []


def test_cost_is_added_in_one_currency_only():
    ad = create("Ad")
    for amount in (10_00, -3_00):
        actions.add_cost(
            campaign_id=ad,
            amount=amount,
            currency="EUR",
            what="Clicks",
            on=date(2026, 1, 1),
            now=NOW,
            actor_id=None,
        )
    with pytest.raises(WrongCampaign, match="kept in EUR"):
        actions.add_cost(
            campaign_id=ad,
            amount=1,
            currency="USD",
            what="Clicks",
            on=date(2026, 1, 1),
            now=NOW,
            actor_id=None,
        )
    assert queries.campaign(ad).actual_cost == 7_00
    assert len(queries.costs_of(ad)) == 2


def test_a_cost_is_taken_back_once_and_only_then_may_the_currency_change():
    ad = create("Ad")
    cost = actions.add_cost(
        campaign_id=ad,
        amount=10_00,
        currency="EUR",
        what="Clicks",
        on=date(2026, 1, 1),
        now=NOW,
        actor_id=None,
    )
    with pytest.raises(WrongCampaign, match="stays so"):
        actions.change_campaign(campaign_id=ad, values={"currency": "USD"}, now=NOW, actor_id=None)
    assert actions.remove_cost(cost_id=cost, now=NOW, actor_id=None) == ad
    with pytest.raises(UnknownCampaign, match="taken back already"):
        actions.remove_cost(cost_id=cost, now=NOW, actor_id=None)
    assert queries.campaign(ad).actual_cost == 0
    assert actions.change_campaign(campaign_id=ad, values={"currency": "USD"}, now=NOW, actor_id=None) == [
        "currency"
    ]


def test_a_merged_contact_came_again_once_in_a_branch():
    top = create("Top")
    low, first = create("Low", parent_id=top), create("First")
    anna, double = person("Anna"), person("A.")
    for contact in (anna, double):
        actions.add_sources([(contact, first, NOW), (contact, low, NOW + timedelta(days=1))])
    assert queries.came_again() == {top: 2, low: 2}
    contacts.merge(survivor_id=anna, loser_id=double, now=NOW, actor_id=None)
    assert queries.came_again() == {top: 1, low: 1}
    assert queries.came_again([low]) == {low: 1}
    assert {coming.contact_id for coming in queries.comings([top, low]).rows} == {anna}


def test_an_unknown_campaign_is_said_to_be_unknown():
    with pytest.raises(UnknownCampaign):
        queries.branch(987_654)
