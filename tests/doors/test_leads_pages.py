"""The pages of leads in hands, as each role sees and uses them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from orchard.contacts import actions as contacts
from orchard.kit import clock
from orchard.leads import actions
from orchard.leads.models import Lead
from orchard.team.models import Member
from orchard.team.types import Role
from tests.make import agreements
from tests.make.leads import AGREEMENT, drain, happened, lead_of, rep, ripe, tick
from tests.make.members import member
from tests.make.reading import text_of, toasts_of

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_force():
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT)
        yield


def enter(person):
    client = Client()
    client.force_login(person)
    return client


def words(client, name, *args, **wish):
    return text_of(client.get(reverse(f"leads:{name}", args=args), wish))


def offered(name="Ada Lovelace"):
    made = ripe(name)
    drain()
    return lead_of(made)


def accepted(person, name="Ada Lovelace"):
    lead = offered(name)
    actions.accept(lead_id=lead.id, member_id=person.id, now=clock.now())
    return lead


def test_what_is_offered_stands_on_my_leads_with_the_clock_and_is_accepted_there():
    lars = rep()
    lead, sales = offered("Ada <b>Lovelace</b>"), enter(lars)
    said = words(sales, "list")
    assert "Ada <b>Lovelace</b>" in said
    assert "accept by 2 Nov, 13:30" in said
    assert "Has asked for a quote within the last 90 days" in said
    answer = sales.post(reverse("leads:accept", args=[lead.id]), follow=True)
    assert "The lead is yours." in toasts_of(answer)
    assert "first attempt by 2 Nov, 17:30" in text_of(answer)
    assert "Ada" in words(sales, "list", show="accepted")


def test_my_leads_opens_on_what_was_accepted_while_nothing_is_offered():
    lars = rep()
    page = enter(lars)
    assert "Nothing is offered to you" in words(page, "list")
    accepted(lars)
    assert "Ada Lovelace" in words(page, "list")
    offered("Grace Hopper")
    assert "Ada Lovelace" not in words(page, "list")
    assert "Ada Lovelace" in words(page, "list", show="accepted")


@pytest.mark.parametrize("name", ["leads:list", "basket:list"])
def test_a_list_renews_itself_with_its_content_alone_and_uses_up_no_sentence(name):
    lars = rep()
    sales, where = enter(lars), reverse(name)

    def renewed(mark=""):
        return sales.get(where, headers={"HX-Request": "true", "Orchard-Mark": mark})

    lead = offered()
    page = sales.post(reverse("leads:accept", args=[lead.id]))
    first = renewed()
    assert "<main" not in first.content.decode()
    assert 'id="renewed"' in first.content.decode()
    assert renewed(first["Orchard-Mark"]).status_code == 204
    assert "The lead is yours." in toasts_of(sales.get(page["Location"]))
    offered("Grace Hopper")
    ripe("Somebody stale", days_ago=30)
    Member.objects.update(capacity=0)
    ripe("Who waits")
    drain()
    later = text_of(renewed(first["Orchard-Mark"]))
    assert ("Grace Hopper" if name == "leads:list" else "Who waits") in later


def test_who_comes_too_late_is_told_by_whom_and_with_409():
    lars, mei = rep("Lars Berg"), rep("Mei Tanabe")
    ripe(days_ago=30)
    drain()
    lead = Lead.objects.get()
    assert enter(lars).post(reverse("leads:pick", args=[lead.id])).status_code == 302
    answer = enter(mei).post(reverse("leads:pick", args=[lead.id]))
    assert answer.status_code == 409
    assert "Lars Berg accepted this lead just before you. Nothing was changed." in text_of(answer)


def test_a_return_says_what_will_happen_and_takes_two_taps():
    lars = rep()
    lead, sales = accepted(lars), enter(lars)
    said = words(sales, "give_back", lead.id)
    assert "Rests until 22 November 2026; ripe then, it comes back as a new lead." in said
    assert "Needs 2 more attempts: 0 so far." in said
    assert "Ends it for good" in said
    answer = sales.post(reverse("leads:give_back", args=[lead.id]), {"reason": "too_early"}, follow=True)
    assert "The lead is returned. The contact may come again from 22 November 2026." in toasts_of(answer)


def test_a_return_without_what_the_reason_asks_for_keeps_what_was_typed():
    lars = rep()
    lead, sales = accepted(lars), enter(lars)
    where = reverse("leads:give_back", args=[lead.id])
    for given, sentence in (
        ({}, "This field is required."),
        ({"reason": "wrong_timing"}, "asks for the day"),
        ({"reason": "wrong_timing", "wake_on": "2020-01-01"}, "lies ahead"),
        ({"reason": "no_answer"}, "needs 2 more attempts"),
    ):
        answer = sales.post(where, {**given, "note": "They move in spring"})
        assert answer.status_code == 422
        assert sentence in text_of(answer)
        assert "They move in spring" in answer.content.decode()
    assert lead_of(lead.contact_id).state == "accepted"


def test_what_came_back_shows_the_reason_and_the_words_to_marketing_and_to_sales_their_own():
    lars, mei = rep("Lars Berg"), rep("Mei Tanabe", capacity=0)
    lead = accepted(lars)
    enter(lars).post(
        reverse("leads:give_back", args=[lead.id]),
        {"reason": "wrong_timing", "wake_on": "2027-01-15", "note": "Budget is gone"},
    )
    marketing = words(enter(member(Role.MARKETING)), "returned")
    for expected in (
        "1 lead came back",
        "Ada Lovelace",
        "Not now",
        "“Budget is gone”",
        "Lars Berg",
        "January 2027 1",
    ):
        assert expected in marketing
    ways = {
        who: enter(who).get(reverse("leads:show", args=[lead.id])).content.decode()
        for who in (lars, member(Role.MARKETING))
    }
    assert [f'href="{reverse("leads:list")}">My leads' in page for page in ways.values()] == [True, False]
    assert "Ada Lovelace" in words(enter(lars), "returned")
    assert "Ada Lovelace" not in words(enter(mei), "returned")
    assert "Ada Lovelace" not in words(enter(lars), "returned", reason="too_early")


def test_who_may_come_again_in_a_month_is_listed_behind_its_number():
    lars = rep("Lars Berg")
    for name, day in (("Ada Lovelace", "2027-01-15"), ("Grace Hopper", "2027-02-01")):
        lead = offered(name)
        actions.accept(lead_id=lead.id, member_id=lars.id, now=clock.now())
        enter(lars).post(
            reverse("leads:give_back", args=[lead.id]),
            {"reason": "wrong_timing", "wake_on": day, "note": "Budget is gone"},
        )
    marketing = enter(member(Role.MARKETING))
    assert "?coming=2027-01#list" in marketing.get(reverse("leads:returned")).content.decode()
    january = words(marketing, "returned", coming="2027-01")
    assert "Only: may come again in January 2027." in january
    assert ("Ada Lovelace" in january, "Grace Hopper" in january) == (True, False)
    Lead.objects.update(closed_at=clock.now() - timedelta(days=120))
    assert "Ada Lovelace" in words(marketing, "returned", coming="2027-01"), "as the number counts them"
    assert "None of these came back lately" in words(marketing, "returned", coming="2027-13")


def test_each_group_of_what_came_back_opens_its_leads():
    reps = {each.id: each for each in (rep("Lars Berg"), rep("Mei Tanabe"))}
    for name in ("Ada Lovelace", "Grace Hopper"):
        lead = offered(name)
        actions.accept(lead_id=lead.id, member_id=lead.member_id, now=clock.now())
        enter(reps[lead.member_id]).post(reverse("leads:give_back", args=[lead.id]), {"reason": "too_early"})
    mei = lead.member
    marketing = enter(member(Role.MARKETING))
    page = marketing.get(reverse("leads:returned")).content.decode()
    assert f'?member={mei.id}#list"' in page
    assert 'id="list"' in marketing.get(reverse("leads:returned"), {"member": mei.id}).content.decode()
    only = words(marketing, "returned", member=mei.id)
    assert f"Only: {mei.name}" in only
    assert ("Grace Hopper" in only, "Ada Lovelace" in only) == (True, False)
    for nobody in ({"member": "x"}, {"member": "999999"}, {"campaign": "999999"}, {"member": "9" * 40}):
        assert marketing.get(reverse("leads:returned"), nobody).status_code == 200
    assert "None of these came back lately" in words(marketing, "returned", campaign=999_999)


def test_a_hidden_lead_is_in_no_list_of_a_colleague_and_opens_to_nobody_else():
    lars, mei = rep("Lars Berg"), rep("Mei Tanabe", capacity=0)
    lead = accepted(lars, "Canary Quill")
    colleague = enter(mei)
    for name, wish in (
        ("list", {}),
        ("list", {"show": "accepted"}),
        ("list", {"show": "escalated"}),
        ("returned", {}),
    ):
        assert "Canary" not in words(colleague, name, **wish)
    assert "Canary" not in text_of(colleague.get(reverse("basket:list")))
    for name in ("show", "give_back"):
        answer = colleague.get(reverse(f"leads:{name}", args=[lead.id]))
        assert answer.status_code == 403
        assert "Canary" not in answer.content.decode()
    for name in ("accept", "give_back"):
        assert colleague.post(reverse(f"leads:{name}", args=[lead.id])).status_code == 403
    Member.objects.filter(id=mei.id).update(capacity=5)
    late = colleague.post(reverse("leads:pick", args=[lead.id]))
    assert late.status_code == 409
    assert "Canary" not in late.content.decode()
    assert lead_of(lead.contact_id).member_id == lars.id
    page = colleague.get(reverse("contacts:show", args=[lead.contact_id]))
    assert page.status_code == 403
    assert "with a colleague" in text_of(page)


def test_a_manager_gives_to_somebody_what_nobody_took():
    lars, boss = rep("Lars Berg"), member(Role.MANAGER)
    lead = offered()
    with clock.at(MONDAY + timedelta(hours=5)):
        tick()
        manager = enter(boss)
        assert "Ada Lovelace" in words(manager, "list", show="escalated")
        where = reverse("leads:reassign", args=[lead.id])
        assert manager.post(where).status_code == 422
        answer = manager.post(where, {"member": lars.id}, follow=True)
        assert "The lead is given to Lars Berg." in toasts_of(answer)
        assert f"given by {boss.name}" in text_of(answer)
    assert enter(lars).get(where).status_code == 403


def test_desks_tell_who_has_room_and_are_handed_over_by_a_list():
    lars, mei = rep("Lars Berg", capacity=2), rep("Mei Tanabe", capacity=0)
    leads = [accepted(lars, name) for name in ("Ada Lovelace", "Grace Hopper")]
    manager = enter(member(Role.MANAGER))
    said = words(manager, "desks")
    assert "2 of 2" in said
    where = reverse("leads:hand_over", args=[lars.id])
    assert "Choose who gets them" in text_of(manager.post(where, {}))
    answer = manager.post(where, {f"lead_{leads[0].id}": mei.id}, follow=True)
    assert "1 thing is handed over." in toasts_of(answer)
    assert lead_of(leads[0].contact_id).member_id == mei.id
    manager.post(where, {"everything": mei.id})
    assert lead_of(leads[1].contact_id).member_id == mei.id
    assert "An empty desk" in words(manager, "hand_over", lars.id)


def test_stale_leads_are_released_by_count_after_a_question():
    rep()
    for _ in range(3):
        ripe(days_ago=30)
    drain()
    manager = enter(member(Role.MANAGER))
    where = reverse("basket:release")
    assert "3 stale leads wait; 5 more fit on all desks together." in text_of(manager.get(where))
    assert manager.post(where, {"count": 0}).status_code == 422
    answer = manager.post(where, {"count": 2}, follow=True)
    assert "2 stale leads are released." in toasts_of(answer)
    drain()
    assert Lead.objects.filter(state="offered").count() == 2


def test_a_disqualified_contact_comes_again_only_by_a_manager():
    lars = rep()
    lead = accepted(lars)
    enter(lars).post(reverse("leads:give_back", args=[lead.id]), {"reason": "not_a_fit"})
    where = reverse("leads:reinstate", args=[lead.id])
    assert enter(lars).post(where).status_code == 403
    manager = enter(member(Role.MANAGER))
    assert "Let it come again" in words(manager, "show", lead.id)
    assert "The contact may become a lead again." in toasts_of(manager.post(where, follow=True))
    assert manager.post(where).status_code == 409


def test_a_lead_whose_contact_was_erased_says_so():
    lars = rep()
    lead = accepted(lars)
    contacts.erase_contact(contact_id=lead.contact_id, now=MONDAY, actor_id=lars.id)
    drain()
    said = words(enter(lars), "show", lead.id)
    assert "Withdrawn" in said
    assert "Ada Lovelace" not in said


def test_earlier_rounds_say_why_who_gave_the_lead_back_and_when_it_may_come_again():
    lars = rep("Lars Berg")
    lead = accepted(lars)
    actions.give_back(
        lead_id=lead.id,
        member_id=lars.id,
        reason="too_early",
        wake_on=None,
        note="Budget comes in spring",
        zone="UTC",
        now=clock.now(),
    )
    drain()
    told = "Too early · Lars Berg · may come again from 22 Nov 2026"
    sales = enter(lars)
    contact_page = text_of(sales.get(reverse("contacts:show", args=[lead.contact_id])))
    assert "came back once" in contact_page
    assert told in contact_page.split("Rounds so far")[1]
    assert "Lead came back · 2 Nov 2026, 09:30 Too early · Lars Berg" in contact_page
    with clock.at(MONDAY + timedelta(days=30)):
        happened(lead.contact_id, "quote.requested")
        drain()
        tick()
        now = lead_of(lead.contact_id)
        assert now.id != lead.id
        assert told in words(sales, "show", now.id).split("Other rounds")[1]


def test_the_page_of_a_lead_tells_attempts_rounds_and_whose_it_was():
    lars = rep("Lars Berg")
    lead = accepted(lars)
    happened(lead.contact_id, "call.attempted", member_id=lars.id)
    drain()
    said = words(enter(lars), "show", lead.id)
    for expected in ("Yours", "1 attempt so far.", "goes back on 7 November 2026", "Lars Berg", "by turn"):
        assert expected in said
