"""What a refresh promises: it finds what is wrong, and nothing where everything was read."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from orchard import flow
from orchard.agreement import actions, consume, jobs
from orchard.agreement.models import Announced, Refreshed, Verdict
from orchard.contacts import actions as contacts
from orchard.engine import lake
from orchard.engine.models import LakeFile
from orchard.interactions import actions as ledger
from orchard.interactions.models import Interaction
from orchard.interactions.types import Lane, NewFact
from orchard.kit import clock
from orchard.kit.errors import Refused
from tests.make import agreements

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
KINDS = ("show.visited", "quote.requested", "email.sent")
SCORED = """\
name: Scored
score:
  fit:
    - {name: Can decide, when: {field: contact.seniority, in: [director, vp]}, points: 12.5}
  engagement:
    - {name: Visited our booth, kinds: [show.visited], points: 25, half_life_days: 3, cap: 50}
    - {name: Asked for a quote, kinds: [quote.requested], points: 30, half_life_days: 30, cap: 60}
handoff:
  any: [{score: total, at_least: 40}, {did: [show.visited], within_days: 2, at_least: 2}]
  never: {field: contact.is_competitor, is: true}
promises:
  sales: {accept_within_hours: 4}
  marketing: {ripe_per_month: 120}
returns:
  - {reason: wrong_timing, label: Not now, eligible_after_days: 60}
"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessed(monkeypatch):
    """Whom the consumer assessed, each time."""
    people = []

    def assess_by(force, contact_ids, hour):
        people.append(set(contact_ids))
        return original(force, contact_ids, hour)

    original = consume.assess_by
    monkeypatch.setattr(consume, "assess_by", assess_by)
    return people


def company(people=30):
    """Make people with facts in the past, of this hour and yet to come."""
    ids = []
    for place in range(people):
        seniority = ("director", "vp", None)[place % 3]
        ids.append(
            contacts.create_contact(
                full_name=f"Person {place}", seniority=seniority, is_competitor=place % 7 == 0, now=NOW
            )
        )
    happened(ids)
    return ids


def happened(ids):
    facts = []
    for place, contact in enumerate(ids):
        for turn in range(place % 6):
            at = NOW + timedelta(hours=7.3 * turn - 11 * place % 300, minutes=place)
            facts.append(NewFact(KINDS[(place + turn) % 3], at, contact_id=contact))
    with transaction.atomic():
        ledger.append(facts, now=NOW)


def drain():
    ledger.drain(flow.CONSUMERS)


def test_nothing_differs_after_everything_was_read():
    with clock.at(NOW):
        agreements.in_force(SCORED)
        company()
        drain()
        assert Verdict.objects.filter(qualified=True).exists()
        found = actions.refresh(now=NOW)
        assert (found.contacts, found.changed) == (30, 0)


def test_nothing_differs_where_people_were_read_in_strides_and_news_came_between(assessed):
    shared = ledger.Shared()

    def stride():
        return sum(
            ledger.read_on(each, Lane.LIVE, limit=7 if each.name == "agreement.assess" else 50, shared=shared)
            for each in flow.CONSUMERS
        )

    with clock.at(NOW):
        agreements.in_force(SCORED)
        ids = company()
        news = [ids[::5]]
        ledger.ensure_cursors(flow.CONSUMERS)
        while ledger.place() or stride():
            if len(assessed) == 3 and news:
                happened(news.pop())
        drain()
        assert Verdict.objects.filter(qualified=True).exists()
        assert actions.refresh(now=NOW).changed == 0
    assert sum(map(len, assessed)) <= len(ids) + len(ids[::5])


def test_verdicts_that_are_many_are_written_in_parts_new_ones_and_others_alike(monkeypatch):
    with clock.at(NOW):
        agreements.in_force(SCORED)
        ids = company(11)
        drain()
        with monkeypatch.context() as patched:
            patched.setattr("orchard.agreement.actions.keep.AT_ONCE", 4)
            ids += company(22)
            happened(ids)
            drain()
        assert Verdict.objects.count() == len(ids)
        assert actions.refresh(now=NOW).changed == 0


def test_nothing_differs_later_where_what_came_due_was_read():
    with clock.at(NOW):
        agreements.in_force(SCORED)
        company()
        drain()
        qualified = Verdict.objects.filter(qualified=True).count()
    for hours in (1, 2, 3, 8, 30, 100, 700):
        with clock.at(NOW + timedelta(hours=hours)):
            jobs.due(clock.now())
            drain()
            assert actions.refresh(now=clock.now()).changed == 0
    assert Verdict.objects.filter(qualified=True).count() < qualified


def test_what_is_missing_or_wrong_is_written_and_told_once():
    with clock.at(NOW):
        agreements.in_force(SCORED)
        company()
        drain()
        lost = Verdict.objects.filter(qualified=True).first()
        Verdict.objects.filter(contact_id=lost.contact_id).update(qualified=False)
        Verdict.objects.filter(contact_id__gt=lost.contact_id, qualified=False).delete()
        drain()
        told = Interaction.objects.filter(kind="verdict.changed").count()
        assert actions.refresh(now=NOW).changed > 1
        assert actions.refresh(now=NOW).changed == 0
        assert Interaction.objects.filter(kind="verdict.changed").count() == told


def test_a_new_version_is_applied_to_everybody_in_the_background():
    with clock.at(NOW):
        agreements.in_force(agreements.SMALL)
        company()
        drain()
        assert jobs.refresh_new_version(NOW) == 0
        new = agreements.in_force(SCORED)
        assert jobs.refresh_new_version(NOW) == 30
        assert set(Verdict.objects.values_list("version_id", flat=True)) == {new.id}
        assert jobs.refresh_new_version(NOW) == 0


def test_once_a_day_scores_that_only_faded_are_those_of_today(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    with clock.at(NOW):
        agreements.in_force(SCORED)
        company()
        drain()
        jobs.refresh_new_version(NOW)
    later = NOW + timedelta(hours=25)
    with clock.at(later):
        while actions.tell_due(now=later):
            drain()
        told = Interaction.objects.count()
        old = Verdict.objects.filter(score_at=clock.full_hour(NOW), engagement__gt=0).count()
        assert old > 0
        assert actions.refresh(now=later).changed == 0
        assert Refreshed.objects.filter(finished_at=later).exists()
        assert jobs.refresh_daily(later) == old
        assert jobs.refresh_daily(later) == 0
        assert Interaction.objects.count() == told
        assert actions.refresh(now=later, faded=True).changed == 0


def test_while_a_story_of_the_past_is_told_the_copy_for_reports_is_of_the_moment_it_was_written(
    settings, tmp_path
):
    settings.ORCHARD_HOME = tmp_path
    begun = datetime.now(UTC)
    with clock.at(NOW - timedelta(days=300)):
        agreements.in_force(SCORED, now=clock.now())
        actions.refresh(now=clock.now())
    stands = lake.standing()
    assert begun <= stands.synced_at <= datetime.now(UTC)
    assert set(LakeFile.objects.filter(made_at__lt=begun)) == set()


def test_a_field_that_goes_and_comes_back_while_all_are_assessed_leaves_the_verdict_of_what_stands():
    with clock.at(NOW):
        agreements.in_force(SCORED)
        rival, *_ = company()
        drain()
        before = Verdict.objects.get(contact_id=rival)
        assert contacts.change_contact(
            contact_id=rival, values={"seniority": "vp", "is_competitor": False}, now=NOW, actor_id=None
        )

        def meanwhile(step, _rows):
            if step == "facts in the lake":
                values = {"seniority": "director", "is_competitor": True}
                contacts.change_contact(contact_id=rival, values=values, now=NOW, actor_id=None)
                drain()

        actions.refresh(now=NOW, progress=meanwhile)
        after = Verdict.objects.get(contact_id=rival)
        assert (after.total, after.met, after.qualified) == (before.total, before.met, before.qualified)


def test_a_verdict_that_turned_and_was_never_told_is_told():
    with clock.at(NOW):
        agreements.in_force(SCORED)
        company()
        drain()
        lost = Verdict.objects.filter(qualified=True).first()
        Announced.objects.filter(contact_id=lost.contact_id).update(qualified=False)
        told = Interaction.objects.filter(kind="verdict.changed", contact_id=lost.contact_id)
        before = told.count()
        assert actions.refresh(now=NOW).changed == 0
        assert told.count() == before + 1
        actions.refresh(now=NOW)
        assert told.count() == before + 1


COLLEAGUES = SCORED.replace("{score: total, at_least: 40}", "{score: account, at_least: 60}")


@pytest.mark.parametrize("leave", ["moves on", "is erased"])
def test_when_somebody_leaves_an_account_the_verdicts_of_those_who_stay_are_told(leave):
    with clock.at(NOW):
        agreements.in_force(COLLEAGUES)
        account = contacts.create_account(name="Acme", now=NOW)
        stays, leaves = (
            contacts.create_contact(full_name=name, account_id=account, now=NOW)
            for name in ("Stays", "Leaves")
        )
        with transaction.atomic():
            ledger.append(
                [
                    NewFact(kind, NOW - timedelta(hours=place), contact_id=leaves)
                    for place, kind in enumerate(("quote.requested", "quote.requested", "show.visited"))
                ],
                now=NOW,
            )
        drain()
        told = Interaction.objects.filter(kind="verdict.changed", contact_id=stays)
        assert [fact.direction for fact in told] == ["in"]
        if leave == "moves on":
            contacts.move_to_account(contact_id=leaves, account_id=None, now=NOW, actor_id=None)
        else:
            contacts.erase_contact(contact_id=leaves, now=NOW, actor_id=None)
        drain()
        assert [fact.direction for fact in told.order_by("id").all()] == ["in", "out"]
        assert not Verdict.objects.get(contact_id=stays).qualified


def test_who_is_no_contact_any_more_loses_the_verdict():
    with clock.at(NOW):
        agreements.in_force(SCORED)
        company(3)
        drain()
        Verdict.objects.create(
            contact_id=10**9,
            version_id=1,
            qualified=False,
            total=0,
            fit=0,
            engagement=0,
            lines=[],
            met=[],
            score_at=NOW,
        )
        assert actions.refresh(now=NOW).changed == 1
        assert Verdict.objects.count() == 3


def test_without_an_agreement_it_says_what_to_do():
    with pytest.raises(Refused, match="No agreement is in force yet"):
        actions.refresh(now=NOW)
