"""A lead that came too early: it enters a program, rests, ripens, is a lead again, and the program goes on after."""

from datetime import UTC, datetime, timedelta

import pytest

from orchard.kit import clock
from orchard.leads import actions as leads
from orchard.nurture import queries
from orchard.opportunities import actions as sales
from orchard.opportunities.types import Fields
from orchard.reports import queries as reports
from orchard.tasks import actions as tasks
from orchard.tasks.models import Task
from tests.make import agreements
from tests.make.leads import AGREEMENT, happened, lead_of, rep, ripe, tick
from tests.make.programs import CALL, WAIT, enrolment_of, later, live, returns, said

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def test_from_not_now_through_a_program_to_a_lead_again_and_on():
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT)
        lars = rep()
        program = live(
            said({**WAIT, "days": 10}, CALL, {**WAIT, "days": 60}, {"type": "end", "outcome": "asleep"})
        )
        ada = ripe("Ada Lovelace")
        tick()
        returns(ada)
        tick()
        assert reports.contact_shown(ada, now=MONDAY).programs[0].program == "Not now"
    with clock.at(MONDAY + timedelta(days=10)):
        tick()
        task = Task.objects.get(contact_id=ada)
        assert task.member_id == lars.id
        tasks.done(task_id=task.id, by=lars.id, now=clock.now())
        assert enrolment_of(ada).due_at == clock.now() + timedelta(days=60)
    with clock.at(MONDAY + timedelta(days=25)):  # the rest is over, and she asks again
        happened(ada, "quote.requested")
        tick()
        tick()
        assert lead_of(ada).state == "offered"
        assert lead_of(ada).round == 2
        (mine,) = queries.of_contacts([ada])
        assert (mine.state, mine.held_at) == ("held", clock.now())
        assert enrolment_of(ada).remaining == timedelta(days=45)
        leads.accept(lead_id=lead_of(ada).id, member_id=lars.id, now=clock.now())
    with clock.at(MONDAY + timedelta(days=27)):
        returns(ada)
        assert enrolment_of(ada).due_at == clock.now() + timedelta(days=45)
    with clock.at(MONDAY + timedelta(days=50)):
        happened(ada, "quote.requested")
        tick()
        tick()
        leads.accept(lead_id=lead_of(ada).id, member_id=lars.id, now=clock.now())
        sale = sales.convert(
            lead_id=lead_of(ada).id, member_id=lars.id, fields=Fields("Machines"), now=clock.now()
        )
        tick()
        assert enrolment_of(ada).state == "held"
    with later(hours=1), clock.at(MONDAY + timedelta(days=80)):
        sales.lose(opportunity_id=sale, member_id=lars.id, reason="timing", note="", now=clock.now())
        tick()
        assert enrolment_of(ada).state == "active"
        due = enrolment_of(ada).due_at
    with clock.at(due):
        tick()
        assert (enrolment_of(ada).state, enrolment_of(ada).outcome) == ("done", "asleep")
        found = queries.results(program.pk)
        assert (found.entered, found.became_leads, found.ends) == (1, 1, [("asleep", 1)])
