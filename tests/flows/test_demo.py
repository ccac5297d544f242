"""The demo company: the same company for the same seed and day, and a place where there is something to see."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from orchard import flow
from orchard.agreement.models import AgreementVersion
from orchard.contacts.models import Contact
from orchard.demo import actions, queries, story
from orchard.demo.types import Size
from orchard.interactions import queries as facts
from orchard.kit.errors import Conflict
from orchard.leads.models import Lead, Offer
from orchard.nurture.models import Enrolment, Program
from orchard.opportunities.models import Opportunity
from orchard.team import queries as team

UNTIL = datetime(2026, 11, 22, tzinfo=UTC)


def told(seed=7, until=UNTIL):
    return [
        (week.number, week.people, week.happenings)
        for week in story.tell(seed=seed, until=until, size=Size.SMALL)
    ]


def test_the_same_seed_and_day_tell_the_same_story():
    assert told() == told()
    assert told() != told(seed=8)


def test_everything_happens_in_its_week_and_before_the_end():
    for week in story.tell(seed=7, until=UNTIL, size=Size.SMALL):
        assert all(each.at < UNTIL for each in week.happenings)
        assert all(each.at < week.end for each in week.happenings)


@pytest.mark.timeout(900)
@pytest.mark.slow
def test_in_the_demo_company_leads_went_all_ways_and_it_survives_a_kill_while_it_is_told(own_database):
    """In a database of its own: one transaction never gets statistics, and would take five times as long."""
    actions.found(size=Size.SMALL, seed=7, until=UNTIL)

    class Killed(BaseException):
        pass

    def kill(weeks):
        if weeks == 20:
            raise Killed

    with pytest.raises(Killed):
        actions.load(consumers=flow.CONSUMERS, progress=kill)
    people = actions.load(consumers=flow.CONSUMERS)
    assert people == Contact.objects.count()
    assert 1_200 < people < 1_600
    assert facts.head() > 6_000
    states = Counter(Lead.objects.values_list("state", flat=True))
    for state in ("accepted", "returned", "disqualified", "converted", "withdrawn"):
        assert states[state] >= 3, states
    assert Lead.objects.filter(round__gte=2).count() > 10
    assert Lead.objects.filter(reason="rotted").count() > 3
    assert Counter(Opportunity.objects.values_list("state", flat=True)).keys() == {"open", "won", "lost"}
    assert AgreementVersion.objects.filter(number__isnull=False).count() == 2
    assert Offer.objects.filter(outcome="expired").exists()
    assert Program.objects.count() == 2
    assert Enrolment.objects.count() > 5
    assert not facts.stuck()
    assert queries.loading().finished_at is not None
    assert len(team.demo_logins()) == 5


@pytest.mark.django_db
def test_the_demo_is_founded_only_where_there_is_no_company():
    actions.found(size=Size.SMALL, seed=7, until=UNTIL)
    with pytest.raises(Conflict, match="has a company already"):
        actions.found(size=Size.SMALL, seed=7, until=UNTIL)
