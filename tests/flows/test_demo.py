"""The demo company: the same company for the same seed and day, and one whose figures tell what happened to it."""

import os
import re
import shlex
import signal
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Max, Min, Q

from orchard import flow
from orchard.agreement.models import AgreementVersion
from orchard.contacts import queries as people
from orchard.contacts.models import Contact, KeptFile
from orchard.contacts.queries import open_doubts
from orchard.demo import actions, queries, story
from orchard.demo.story import calendar
from orchard.demo.types import Size
from orchard.engine import lake
from orchard.interactions import queries as facts
from orchard.interactions.models import Interaction
from orchard.kit.errors import Conflict
from orchard.leads.models import Lead, Offer
from orchard.nurture.models import Enrolment, Program
from orchard.opportunities.models import Opportunity
from orchard.reports.queries import numbers
from orchard.reports.types import Asked
from orchard.team import queries as team
from tests.conftest import database_of_its_own
from tests.make.command import orchard

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "demo.md"

UNTIL = datetime(2026, 11, 22, tzinfo=UTC)
BEGIN = UNTIL - calendar.WEEKS * calendar.WEEK


def told(seed=7, until=UNTIL):
    return list(story.tell(seed=seed, until=until, size=Size.SMALL))


def week(number):
    return BEGIN + number * calendar.WEEK


def share(part, whole):
    return part / whole if whole else 0.0


def test_the_same_seed_and_day_tell_the_same_story():
    assert told() == told()
    assert told() != told(seed=8)


def test_it_is_told_on_from_where_it_was_stopped():
    whole = told()
    rest = story.tell(seed=7, until=UNTIL, size=Size.SMALL, since=whole[39].end)
    assert list(rest) == whole[40:]


def test_everything_happens_in_its_part_and_before_the_end():
    before = BEGIN
    for part in told():
        assert all(before <= each.at < part.end for each in part.happenings)
        assert part.end <= UNTIL
        before = part.end


def test_nobody_does_anything_before_becoming_known():
    known = set()
    for part in told():
        known |= {person.place for person in part.people}
        assert known.issuperset({each.place for each in part.happenings} | set(part.callers))


def test_a_show_is_followed_by_an_echo():
    """In the week of a show its people come; for six weeks they do more than they ever do again."""
    parts = told()
    for show in (each for each in story.campaigns(Size.SMALL, UNTIL) if each.type == "show"):
        visits = [each for part in parts for each in part.happenings if each.campaign == show.code]
        assert len(visits) > 50
        assert {(each.at - week(show.weeks[0])).days for each in visits} <= set(range(11)), show.code
        first = min(each.at for each in visits)
        came = {each.place for each in visits}
        later = [
            (each.at - first).days // 7
            for part in parts
            for each in part.happenings
            if each.place in came and each.at > first and each.campaign == "" and each.kind != "email.sent"
        ]
        weeks = Counter(later)
        echo, after = [weeks[number] for number in range(1, 6)], [weeks[number] for number in range(8, 14)]
        assert share(sum(echo), len(echo)) > 2 * share(sum(after), len(after)), (show.code, weeks)


def test_fewer_people_come_in_the_bad_quarter_and_no_show_is_in_a_month_without_shows():
    come = Counter()
    for part in told():
        come[part.week] += len(part.people)
    bad = sum(come[number] for number in calendar.BAD_WEEKS)
    before = sum(come[number - 13] for number in calendar.BAD_WEEKS)
    after = sum(come[number + 15] for number in calendar.BAD_WEEKS)
    assert bad < 0.6 * before
    assert bad < 0.6 * after
    for month in range(1, 13):
        until = datetime(2027, month, 8, tzinfo=UTC)
        for show in (each for each in story.campaigns(Size.SMALL, until) if each.type == "show"):
            day = (until - (calendar.WEEKS - show.weeks[0]) * calendar.WEEK).date()
            assert day.month not in {1, 7, 8, 12}, (until, show)


def test_the_large_company_has_teams_of_sellers_and_an_agreement_that_names_them():
    sellers = story.team.sellers(Size.LARGE)
    assert len(sellers) == 12
    assert len(story.team.teams(Size.LARGE)) == 3
    text = story.agreement(2, until=UNTIL, size=Size.LARGE)
    assert all(f"team: {name}" in text for name in ("central_europe", "west_and_south", "overseas_and_north"))
    first = list(islice(story.tell(seed=7, until=UNTIL, size=Size.LARGE), 2))
    assert sum(len(part.people) for part in first) > 1_000


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """Give the small company, killed once while its story was told, in a database of its own.

    One transaction never gets statistics, and would take five times as long.
    """
    with django_db_blocker.unblock(), database_of_its_own("the demo company"):
        actions.found(size=Size.SMALL, seed=7, until=UNTIL)

        with pytest.raises(InterruptedError):
            actions.load(consumers=flow.CONSUMERS, progress=stop_after(week=20))
        actions.load(consumers=flow.CONSUMERS)
        lake.sync(now=UNTIL)
        yield


def stop_after(week):
    def stop(told):
        if told == week:
            raise InterruptedError

    return stop


def told_by_the_ledger():
    """Return what happened, to whom by the place in the story, in the order it was recorded in."""
    places = {contact: place for place, contact in people.ids_in("demo").items()}
    rows = Interaction.objects.order_by("recorded_at", "id")
    return [
        (places.get(contact), *what)
        for contact, *what in rows.values_list("contact_id", "kind", "occurred_at")
    ]


def report(name, by, since=None, until=None):
    answer = numbers.answer(name, Asked(by=by, since=since, until=until), now=UNTIL)
    return {row.get(by): row for row in answer.sheets[0].rows}


@pytest.mark.timeout(1200)
@pytest.mark.slow
class TestLoaded:
    """What can be seen once the small company is loaded."""

    def test_leads_went_all_ways_and_it_survived_a_kill(self, loaded):
        assert 1_200 < Contact.objects.count() < 1_600
        assert facts.head() > 12_000
        states = Counter(Lead.objects.values_list("state", flat=True))
        for state in ("accepted", "returned", "disqualified", "converted", "withdrawn"):
            assert states[state] >= 3, states
        assert Lead.objects.filter(reason="rotted").count() > 3
        assert Lead.objects.filter(reason="no_answer").count() > 3
        assert Counter(Opportunity.objects.values_list("state", flat=True)).keys() == {"open", "won", "lost"}
        assert AgreementVersion.objects.filter(number__isnull=False).count() == 2
        assert Offer.objects.filter(outcome="expired").exists()
        assert Program.objects.count() == 2
        assert Enrolment.objects.count() > 5
        assert open_doubts() > 2
        assert not facts.stuck()
        assert queries.loading().finished_at is not None
        assert len(team.demo_logins()) == 5

    def test_it_is_the_same_company_where_ids_begin_elsewhere_and_the_database_plans_otherwise(self, loaded):
        before = told_by_the_ledger()
        with database_of_its_own("the demo company again") as name:
            with connection.cursor() as cursor:
                cursor.execute(f"ALTER TABLE {Contact._meta.db_table} ALTER id RESTART WITH 1000")
                for way in ("nestloop", "indexscan", "bitmapscan"):
                    cursor.execute(f"ALTER DATABASE {name} SET enable_{way} = off")
            connection.close()
            actions.found(size=Size.SMALL, seed=7, until=UNTIL)
            with pytest.raises(InterruptedError):
                actions.load(consumers=flow.CONSUMERS, progress=stop_after(week=40))
            again = told_by_the_ledger()
        assert len(again) > 5_000
        assert again == before[: len(again)]

    def test_sales_kept_a_few_small_papers_with_those_whom_it_works_with_now(self, loaded):
        kept = KeptFile.objects.order_by("added_at")
        sorts = Counter(file.name.rpartition(".")[2] for file in kept)
        assert sorts.keys() == {"pdf", "png", "csv"}
        assert 5 < sorts.total() < 120
        assert max(file.size for file in kept) < 3_000
        assert kept[0].added_at > BEGIN + 60 * calendar.WEEK
        assert {file.media for file in kept if not file.name.endswith("csv")} == {
            "application/pdf",
            "image/png",
        }
        assert all(file.member_id and file.words for file in kept)
        on_the_desks = Lead.objects.filter(state="accepted").values_list("contact_id", flat=True)
        assert kept.filter(contact_id__in=on_the_desks).exists()
        assert kept.filter(
            contact_id__in=Opportunity.objects.filter(state="open").values("contact_id")
        ).exists()

    def test_returned_leads_come_again_and_some_of_them_buy(self, loaded):
        again = Lead.objects.filter(round__gte=2)
        assert again.count() > 10
        assert Opportunity.objects.filter(lead__in=again, state="won").count() >= 2

    def test_the_bad_quarter_shows_in_what_was_opened_and_in_what_was_won(self, loaded):
        bad = Q(opened_at__range=(week(calendar.BAD_WEEKS[0]), week(calendar.BAD_WEEKS[-1] + 1)))
        won_then = Q(closed_at__range=(week(calendar.BAD_WEEKS[0] + 1), week(calendar.BAD_WEEKS[-1] + 2)))
        after = Q(opened_at__range=(week(60), week(73)))
        won_after = Q(closed_at__range=(week(62), week(75)))
        sales = Opportunity.objects
        assert sales.filter(bad).count() < 0.6 * sales.filter(after).count()
        assert (
            sales.filter(won_then, state="won").count() < 0.5 * sales.filter(won_after, state="won").count()
        )

    def test_the_second_agreement_hands_over_more_and_less_of_it_comes_back(self, loaded):
        versions = AgreementVersion.objects.filter(number__isnull=False).order_by("number")
        rates, back = [], []
        for version in versions:
            leads = Lead.objects.filter(version_id=version.id)
            span = leads.aggregate(first=Min("ripe_at"), last=Max("ripe_at"))
            rates.append(leads.count() / ((span["last"] - span["first"]) / timedelta(weeks=1)))
            came_back = leads.filter(state__in=("returned", "disqualified")).count()
            back.append(share(came_back, came_back + leads.filter(state="converted").count()))
        assert rates[1] > 1.2 * rates[0], rates
        assert back[1] < 0.9 * back[0], back

    def test_the_two_sellers_keep_different_promises(self, loaded):
        rows = report("scorecard", "member")
        lars, mei = rows["Lars Berg"], rows["Mei Tanabe"]
        assert share(lars["expired"], lars["given"]) < 0.6 * share(mei["expired"], mei["given"])
        assert share(lars["unattempted"], lars["accepted"]) < 0.6 * share(mei["unattempted"], mei["accepted"])

    def test_campaigns_differ_in_what_a_lead_costs(self, loaded):
        rows = {row["campaign"].strip("· "): row for row in report("cost", "campaign").values()}
        assert rows["Trade shows"]["per_contact"] > 5 * rows["Search ads"]["per_contact"]
        assert rows["Website"]["per_accepted"] < rows["Search ads"]["per_accepted"]
        assert rows["Social ads"]["per_accepted"] > rows["Search ads"]["per_accepted"]

    def test_sales_close_at_many_different_exchanges(self, loaded):
        rows = report("closing", "touches")
        won = {touches: row["won"] for touches, row in rows.items() if row["won"]}
        assert len(won) >= 6, won
        assert max(won.values()) < 0.4 * sum(won.values()), won

    def test_both_sides_kept_some_promises_and_broke_some(self, loaded):
        answer = numbers.answer("scorecard", Asked(by="member"), now=UNTIL)
        sheets = {sheet.name: sheet.rows for sheet in answer.sheets}
        for promise in sheets["promises"]:
            assert min(promise["kept"], promise["broken"]) > 0, promise
        present = [row for row in sheets["goals"] if row["elapsed"] < 1]
        assert len(present) == 4
        assert all(0.3 < row["pace"] / row["target"] < 2.5 for row in present), present

    def test_some_agreed_to_the_newsletter_and_some_left_it(self, loaded):
        everybody = list(Contact.objects.values_list("id", flat=True))
        assert 300 < len(people.consents(everybody, "newsletter")) < 1_000

    def test_the_reports_of_the_guide_answer(self, loaded):
        commands = re.findall(r"`orchard (report [^`]*)`", GUIDE.read_text(encoding="utf-8"))
        assert len(commands) > 8
        for command in sorted(set(commands)):
            code, answer = orchard(*shlex.split(command))
            assert (code, bool(answer["rows"])) == (0, True), command

    def test_the_command_finishes_what_was_begun_and_refuses_another_company(self, loaded):
        code, answer = orchard("demo", "--size", "large")
        assert (code, "has the demo company already: size small" in answer["error"]) == (1, True)
        code, answer = orchard("demo")
        assert (code, answer["contacts"]) == (0, Contact.objects.count())


@pytest.mark.slow
def test_who_stops_it_hears_how_far_it_is(own_database):
    actions.found(size=Size.SMALL, seed=7, until=UNTIL)
    before = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # shells let what runs behind them ignore it
    threading.Timer(8, os.kill, (os.getpid(), signal.SIGINT)).start()
    code, answer = orchard("demo")
    signal.signal(signal.SIGINT, before)
    assert code == 1
    assert re.fullmatch(
        r"Stopped: \d+ of 78 weeks are told. The same command tells the rest.", answer["error"]
    )
    assert queries.loading().finished_at is None


@pytest.mark.django_db
def test_the_demo_is_founded_only_where_there_is_no_company():
    actions.found(size=Size.SMALL, seed=7, until=UNTIL)
    with pytest.raises(Conflict, match="has a company already"):
        actions.found(size=Size.SMALL, seed=7, until=UNTIL)
