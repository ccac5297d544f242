"""The loop as one story over command line, REST and pages: from a file to the money, with one return on the way."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from orchard import flow
from orchard.agreement import queries as agreement
from orchard.contacts import queries as contacts
from orchard.interactions import queries as facts
from orchard.interactions.models import Interaction
from orchard.kit import clock
from orchard.kit.money import Money
from orchard.leads.models import Lead
from orchard.nurture.models import Enrolment
from orchard.opportunities import actions as sales
from orchard.opportunities.types import Fields
from orchard.tasks import queries as tasks
from orchard.team.models import Member
from orchard.team.types import Role
from tests.make import agreements, programs
from tests.make.command import orchard
from tests.make.leads import AGREEMENT, drain, happened, lead_of, rep, tick
from tests.make.members import member
from tests.make.posting import posted
from tests.make.reading import text_of, toasts_of
from tests.make.rest import System, token

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)

FILE = """Email,Name,Asked for a quote on
ada@nordfoods.example,Ada Able,2026-11-02
bob@polkarton.example,Bob Baker,
"""
MAP = """
contact: {email: Email, full_name: Name}
interactions:
  - {kind: quote.requested, at: Asked for a quote on, only_if: Asked for a quote on}
"""

# Whoever bought is looked after by others, and no lead again at once.
TERMS = AGREEMENT.replace("  at_account: join", "  never: {stage: [customer]}\n  at_account: join")

ABOUT_THE_LEAD = ("stage.entered", "lead.", "opportunity.", "call.", "quote.", "show.", "verdict.changed")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path


@pytest.fixture
def lars():
    """Give the only member who takes leads, under the agreement that both sides signed."""
    with clock.at(MONDAY):
        agreements.in_force(TERMS)
        Member.objects.update(capacity=0)
        return rep("Lars Berg")


def entered(person):
    client = Client()
    client.force_login(person)
    return client


def system_of(person):
    return System(token(acts_for=person, scopes=["leads:read", "leads:write"]))


def imported(folder):
    """Bring a file in by the command line; return the contact who asked for a quote."""
    (folder / "people.csv").write_text(FILE)
    (folder / "map.yaml").write_text(MAP)
    code, answer = orchard("import", folder / "people.csv", "--map", folder / "map.yaml")
    assert (code, answer["created"], answer["interactions"]) == (0, 2, 1), answer
    code, answer = orchard("drain")
    assert (code, answer["stuck"]) == (0, 0), answer
    return contacts.find_by_email("ada@nordfoods.example")


def stage(contact_id):
    drain()
    return agreement.stage_of(contact_id).stage


def told(contact_id):
    """Return what the ledger holds of a contact, in its order, each with the member who did it."""
    standing = [
        fact for fact in reversed(facts.facts_of([contact_id])) if fact.kind.startswith(ABOUT_THE_LEAD)
    ]
    return [
        (f"{fact.kind} {fact.direction}" if fact.kind == "verdict.changed" else fact.kind, fact.member_id)
        for fact in standing
        if fact.kind != "stage.entered"
    ]


def goes_out_and_comes_back(ada, lars):
    """Accept over REST, log a call and return on the pages; return the lead and the stages on the way."""
    stages = [stage(ada)]
    system, page, marketing = system_of(lars), entered(lars), entered(member(Role.MARKETING))
    (offered,) = system.get("/leads?state=offered&member=me").json()["leads"]
    assert (offered["contact"]["name"], offered["round"]) == ("Ada Able", 1)
    lead = offered["id"]
    assert system.post(f"/leads/{lead}/accept", None).json()["state"] == "accepted"
    stages.append(stage(ada))
    where = reverse("tasks:log", args=[ada])
    form = posted(page.get(where).content.decode().partition('-form" novalidate')[2], "")
    said = {**form, "happened": "reached", "words": "No budget before spring"}
    assert page.post(where, said).status_code == 302
    drain()
    assert Lead.objects.get(id=lead).attempted_at is not None
    back = {"reason": "wrong_timing", "wake_on": "2027-02-15", "note": "Budget comes in spring"}
    answer = page.post(reverse("leads:give_back", args=[lead]), back, follow=True)
    assert "The contact may come again from 15 February 2027." in toasts_of(answer)
    assert "“Budget comes in spring”" in text_of(marketing.get(reverse("leads:returned")))
    return lead, [*stages, stage(ada)]


def rests(ada, lars):
    """Let time pass: ripe at first and offered to nobody, then not ripe any more."""
    with clock.at(MONDAY + 50 * DAY):
        happened(ada, "show.visited")
        tick()
        assert agreement.verdict_of(ada, now=clock.now()).qualified, "ripe, but at rest"
        assert system_of(lars).get("/leads?member=me&state=offered").json()["leads"] == []
        assert "Ada Able" not in text_of(entered(lars).get(reverse("basket:list")))
    with clock.at(MONDAY + 92 * DAY):
        tick()
        assert not agreement.verdict_of(ada, now=clock.now()).qualified


def ripens_again(ada, lars, first):
    """Visit us once more after the rest, and be accepted on the page; return the lead and the stages on the way."""
    tick()
    assert lead_of(ada).id == first, "its time has come, but it is not ripe"
    happened(ada, "show.visited")
    stages = [stage(ada)]
    tick()
    second = lead_of(ada)
    assert (second.state, second.round, second.member_id) == ("offered", 2, lars.id)
    answer = entered(lars).post(reverse("leads:accept", args=[second.id]), follow=True)
    assert "The lead is yours." in toasts_of(answer)
    return second.id, [*stages, stage(ada)]


def is_sold(ada, lars, lead):
    """Convert the lead and win the sale; return the stages on the way."""
    with clock.at(datetime(2027, 2, 16, 9, tzinfo=UTC)):
        sale = sales.convert(lead_id=lead, member_id=lars.id, fields=Fields("Boxes"), now=clock.now())
        stages = [stage(ada)]
        assert system_of(lars).get(f"/leads/{lead}").json()["state"] == "converted"
    with clock.at(datetime(2027, 3, 1, 9, tzinfo=UTC)):
        sales.win(
            opportunity_id=sale,
            member_id=lars.id,
            amount=Money(1_200_000, "EUR"),
            on=date(2027, 3, 1),
            zone="UTC",
            now=clock.now(),
        )
        return [*stages, stage(ada)]


def test_from_a_file_over_a_return_to_the_money(lars, tmp_path):
    with clock.at(MONDAY):
        programs.live(programs.said(returned=("wrong_timing",), goal={"becomes_lead": True}))
        ada = imported(tmp_path)
        first, stages = goes_out_and_comes_back(ada, lars)
        tick()
        grown = Enrolment.objects.get(contact=ada)
        assert (grown.state, grown.due_at) == ("active", MONDAY + 30 * DAY)
    rests(ada, lars)
    assert [step.title for step in tasks.open_of_contacts([ada])] == ["Ask how it goes"]
    with clock.at(datetime(2027, 2, 15, 9, tzinfo=UTC)):
        second, more = ripens_again(ada, lars, first)
    stages += more + is_sold(ada, lars, second)
    assert stages == [
        "qualified",
        "accepted",
        "nurturing",
        "qualified",
        "accepted",
        "opportunity",
        "customer",
    ]
    assert told(ada) == [
        ("quote.requested", None),
        ("verdict.changed in", None),
        ("lead.waiting", None),
        ("lead.offered", lars.id),
        ("lead.accepted", lars.id),
        ("call.connected", lars.id),
        ("lead.returned", lars.id),
        ("show.visited", None),
        ("verdict.changed out", None),
        ("lead.eligible", None),
        ("show.visited", None),
        ("verdict.changed in", None),
        ("lead.waiting", None),
        ("lead.offered", lars.id),
        ("lead.accepted", lars.id),
        ("lead.converted", lars.id),
        ("opportunity.opened", lars.id),
        ("opportunity.won", lars.id),
        ("verdict.changed out", None),
    ]
    won = Interaction.objects.get(kind="opportunity.won")
    assert (won.amount, won.currency) == (1_200_000, "EUR")
    assert contacts.held([ada]) == {}
    with clock.at(datetime(2027, 3, 1, 9, tzinfo=UTC)):
        a_rebuild_changes_nothing(ada)


def a_rebuild_changes_nothing(ada):
    before = Interaction.objects.count()
    code, answer = orchard("rebuild")
    assert (code, answer["differences"]) == (0, 0)
    drain()
    assert Interaction.objects.count() == before
    assert stage(ada) == "customer"
    (row,) = [row for row in orchard("report", "funnel")[1]["rows"] if row["won"]]
    assert row["won"] == 1


def test_the_clock_is_the_only_thing_that_moves_a_lead_that_everybody_forgets(lars, tmp_path):
    with clock.at(MONDAY):
        ada = imported(tmp_path)
    for days in range(1, 12):
        with clock.at(MONDAY + days * DAY):
            for each in flow.CLOCKWORK:
                each.function(clock.now())
            drain()
    assert [kind for kind, _ in told(ada)][2:] == [
        "lead.waiting",
        "lead.offered",
        "lead.expired",
        "lead.escalated",
    ]
