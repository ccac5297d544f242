"""Enrolments follow whom they are of: joined, parted, erased, gone with an import; and who fits a condition enters."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction

from orchard import flow
from orchard.connect import actions as imports
from orchard.connect.actions.undo import undo_on
from orchard.contacts import actions as contacts
from orchard.interactions.models import Interaction
from orchard.interactions.types import Lane
from orchard.kit import clock
from orchard.kit.errors import Conflict, NotAllowed, Refused
from orchard.nurture import actions, queries
from orchard.nurture.models import Enrolment, Passed, ProgramVersion
from orchard.nurture.queries import Where
from orchard.nurture.types import BadProgram
from orchard.segments.queries import matching
from orchard.tasks.models import Task
from orchard.team.types import Role
from tests.make import agreements
from tests.make.leads import AGREEMENT, contact, drain, happened, lead_of, rep, ripe, tick
from tests.make.members import member
from tests.make.programs import CALL, WAIT, enrolment_of, later, live, marketer, next_version, returns, said

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
IN_AUSTRIA = {"field": "contact.country", "is": "AT"}


@pytest.fixture(autouse=True)
def monday(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    matching._kept.clear()  # by places of the ledger, which come again when a test is undone
    with clock.at(MONDAY):
        yield


def let_in(program, *people, by=None):
    """Let people in by hand."""
    for each in people:
        actions.let_in(
            program_id=program.pk, contact_id=each, actor_id=(by or marketer()).pk, now=clock.now()
        )


def test_of_two_enrolments_of_one_contact_the_further_goes_on_and_parting_gives_both_back():
    program = live(said(CALL, WAIT, CALL))
    ada, twin = contact("Ada"), contact("Ada L.")
    let_in(program, ada)
    tick()
    with later(days=10):
        let_in(program, twin)
        Enrolment.objects.filter(contact=twin).update(steps_done=1)
        merge = contacts.merge(survivor_id=twin, loser_id=ada, now=clock.now(), actor_id=None)
        drain()
        first, second = Enrolment.objects.order_by("id")
        assert (first.contact_id, first.state, first.remaining) == (twin, "active", None)
        assert (second.state, second.outcome, second.merged_into) == ("ended", "merged", first)
    with later(days=15):
        contacts.unmerge(merge_id=merge, now=clock.now(), actor_id=None)
        drain()
        assert (enrolment_of(ada).id, enrolment_of(ada).state) == (first.id, "active")
        assert (enrolment_of(twin).id, enrolment_of(twin).state) == (second.id, "active")
        assert enrolment_of(ada).due_at == first.due_at


def test_a_merge_moves_the_enrolment_to_who_lives_on():
    program = live()
    ada, twin = contact("Ada"), contact("Ada L.")
    let_in(program, ada)
    merge = contacts.merge(survivor_id=twin, loser_id=ada, now=clock.now(), actor_id=None)
    drain()
    assert enrolment_of(twin).state == "active"
    contacts.unmerge(merge_id=merge, now=clock.now(), actor_id=None)
    drain()
    assert enrolment_of(ada).state == "active"
    assert not Enrolment.objects.filter(contact=twin).exists()


def test_an_erased_contact_leaves_with_its_tasks():
    program = live(said(CALL, WAIT))
    rep()
    ada = contact("Ada")
    let_in(program, ada)
    tick()
    assert Task.objects.filter(contact_id=ada, dropped_at=None).count() == 1
    contacts.erase_contact(contact_id=ada, now=clock.now(), actor_id=None)
    drain()
    assert (enrolment_of(ada).state, enrolment_of(ada).outcome) == ("ended", "erased")
    assert Task.objects.filter(dropped_at=None).count() == 0
    with pytest.raises(Refused):
        let_in(program, ada)


def brought(rows: str, *, loud=False) -> int:
    """Import people; return the id of the import."""
    upload = BytesIO(b"Email,Name,Country\n" + rows.encode())
    made = imports.begin(file_name="people.csv", upload=upload, now=clock.now())
    fields = "contact: {email: Email, full_name: Name, country: Country}"
    imports.describe(import_id=made, map_text=fields, loud=loud)
    imports.launch(import_id=made, now=clock.now())
    imports.run(import_id=made)
    drain()
    return made


def test_an_import_lets_nobody_in_unless_it_is_loud_and_takes_them_along_when_undone():
    live(said(WAIT, when=IN_AUSTRIA))
    brought("quiet@example.com,Quiet,AT\n")
    assert not Enrolment.objects.exists()
    loud = brought("loud@example.com,Loud,AT\n", loud=True)
    mine = Enrolment.objects.get()
    assert mine.state == "active"
    imports.undo(import_id=loud, now=clock.now())
    undo_on(import_id=loud)
    drain()
    mine.refresh_from_db()
    assert (mine.state, mine.outcome) == ("ended", "gone")


def test_who_is_let_in_by_hand_needs_a_live_program_and_is_in_it_once():
    program = live()
    ada = contact("Ada")
    let_in(program, ada)
    with pytest.raises(Refused, match="already"):
        let_in(program, ada)
    actions.take_out(enrolment_id=enrolment_of(ada).id, actor_id=marketer().pk, now=clock.now())
    assert enrolment_of(ada).outcome == "taken_out"
    with pytest.raises(Conflict, match="over already"):
        actions.take_out(enrolment_id=enrolment_of(ada).id, actor_id=marketer().pk, now=clock.now())
    let_in(program, ada)
    actions.retire(program_id=program.pk, actor_id=marketer().pk, now=clock.now())
    with pytest.raises(Refused, match="not live"):
        let_in(program, contact("Bob"))


def test_sales_looks_and_changes_nothing():
    lars = member(Role.SALES)
    program = live()
    for act in (actions.pause, actions.retire):
        with pytest.raises(NotAllowed):
            act(program_id=program.pk, actor_id=lars.pk, now=clock.now())
    with pytest.raises(NotAllowed):
        actions.begin(values=said(), actor_id=lars.pk, now=clock.now())


def test_a_wrong_draft_is_kept_and_does_not_go_live():
    sam = marketer()
    wrong = said({"type": "wait"})
    program_id = actions.begin(values=wrong, actor_id=sam.pk, now=clock.now())
    with pytest.raises(BadProgram, match="how long"):
        actions.go_live(program_id=program_id, revision=1, lets_in=False, actor_id=sam.pk, now=clock.now())
    assert queries.draft(program_id).values == wrong
    actions.save_draft(program_id=program_id, values=said(), revision=1, actor_id=sam.pk, now=clock.now())
    with pytest.raises(Conflict):
        actions.save_draft(program_id=program_id, values=wrong, revision=1, actor_id=sam.pk, now=clock.now())
    assert not actions.discard_draft(program_id=program_id, revision=2, actor_id=sam.pk, now=clock.now())
    assert not ProgramVersion.objects.exists()


def test_a_live_version_cannot_be_changed_in_the_database_either():
    live()
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        ProgramVersion.objects.update(document={"name": "Other"})


def test_who_comes_to_meet_a_condition_enters_and_who_met_it_before_waits_to_be_let_in():
    before = contact("Before", country="AT")
    drain()
    program = live(said(WAIT, when=IN_AUSTRIA))
    assert list(Passed.objects.values_list("contact", flat=True)) == [before]
    ada, far = contact("Ada", country="AT"), contact("Far", country="CA")
    happened(before, "form.submitted")
    drain()
    assert list(Enrolment.objects.values_list("contact", flat=True)) == [ada]
    assert actions.let_in_passed(program_id=program.pk, actor_id=marketer().pk, now=clock.now()) == 1
    assert enrolment_of(before).state == "active"
    assert not Passed.objects.exists()
    assert not Enrolment.objects.filter(contact=far).exists()


def test_who_fits_at_going_live_enters_at_once_where_that_was_said():
    before = contact("Before", country="AT")
    drain()
    live(said(WAIT, when=IN_AUSTRIA), lets_in=True)
    assert enrolment_of(before).state == "active"


def test_bulk_facts_let_nobody_in_and_the_hourly_look_does_not_either():
    program = live(said(WAIT, when={"did": ["form.submitted"], "within_days": 90}))
    quiet = contact("Quiet")
    drain()
    happened(quiet, "form.submitted", lane=Lane.BULK)
    drain()
    with later(hours=2):
        flow.sweep(clock.now())
    assert not Enrolment.objects.exists()
    assert list(Passed.objects.values_list("contact", flat=True)) == [quiet]
    assert queries.program(program.pk, now=clock.now()).passed == 1


def test_time_alone_lets_somebody_in():
    silent = {"all": [{"did": ["form.submitted"]}, {"not": {"did": ["form.submitted"], "within_days": 30}}]}
    live(said(WAIT, when=silent))
    ada = contact("Ada")
    happened(ada, "form.submitted")
    drain()
    with later(days=20):
        flow.sweep(clock.now())
        assert not Enrolment.objects.exists()
    with later(days=31):
        flow.sweep(clock.now())
        assert enrolment_of(ada).state == "active"


def test_each_contact_enters_once_unless_it_may_come_again():
    forms = {"did": ["form.submitted"], "within_days": 3}
    audience = {"when": forms, "again_after_days": 20}
    live({**said({"type": "end", "outcome": "seen"}), "audience": audience})
    live(said({"type": "end", "outcome": "seen"}, when=forms, name="Once"))
    ada = contact("Ada")
    for day in (0, 10, 25):
        with later(days=day):
            happened(ada, "form.submitted")
            drain()
            tick()
    assert sorted(Enrolment.objects.values_list("version__document__name", "outcome")) == [
        ("Not now", "seen"),
        ("Not now", "seen"),
        ("Once", "seen"),
    ]


def test_a_goal_that_is_a_condition_ends_it_when_a_fact_makes_it_true():
    program = live(said(WAIT, goal={"when": {"did": ["webinar.attended"]}}))
    ada, there = contact("Ada"), contact("There")
    happened(there, "webinar.attended")
    drain()
    let_in(program, ada)
    with pytest.raises(Refused, match="reached the goal"):
        let_in(program, there)
    happened(ada, "webinar.attended")
    drain()
    assert (enrolment_of(ada).state, enrolment_of(ada).outcome) == ("ended", "reached")


def test_earlier_returns_are_let_in_where_the_program_said_so():
    agreements.in_force(AGREEMENT)
    rep()
    ada = ripe("Ada")
    tick()
    returns(ada)
    live(lets_in=True)
    assert enrolment_of(ada).cause_id == Interaction.objects.get(kind="lead.returned").id


def test_the_lists_say_who_is_where_and_what_came_of_it():
    rep()
    agreements.in_force(AGREEMENT)
    sam = marketer()
    program = live(said(WAIT, CALL, goal={"becomes_lead": True}), by=sam)
    ada, bob, cyd = (ripe(name) if name == "Cyd" else contact(name) for name in ("Ada", "Bob", "Cyd"))
    let_in(program, ada, bob, by=sam)
    tick()
    let_in(program, cyd, by=sam)
    assert lead_of(cyd).state == "offered"
    shown = queries.program(program.pk, now=clock.now())
    assert (shown.tally.active, shown.tally.held, shown.tally.due) == (2, 1, 0)
    assert [(str(step.line.words), step.count) for step in shown.steps] == [
        ("Wait 30 days", 1),
        ("Task for who returned the lead last: Ask how it goes, the same day", 2),
    ]
    assert [each.name for each in queries.people(program.pk, Where.ACTIVE).rows] == ["Bob", "Ada"]
    assert [each.name for each in queries.people(program.pk, Where.ACTIVE, size=1).rows] == ["Bob"]
    (held,) = queries.of_contacts([cyd])
    assert (held.program, held.state, held.held_at) == ("Not now", "held", MONDAY)
    with later(hours=1):
        happened(ada, "quote.requested")
        drain()
        tick()
    found = queries.results(program.pk)
    assert (found.entered, found.reached, found.became_leads, found.won) == (3, 1, 1, 0)
    assert found.ends == [("reached the goal", 1)]


def test_who_was_two_is_one_among_those_of_whom_something_came():
    rep()
    agreements.in_force(AGREEMENT)
    program = live(said(WAIT, CALL, goal={"becomes_lead": True}))
    ada, twin = contact("Ada"), contact("Ada L.")
    let_in(program, ada, twin)
    Enrolment.objects.update(state="ended", outcome="left", ended_at=clock.now(), due_at=None)
    with later(hours=1):
        happened(ada, "quote.requested")
        drain()
        tick()
        contacts.merge(survivor_id=twin, loser_id=ada, now=clock.now(), actor_id=None)
        drain()
    assert queries.results(program.pk).became_leads == 1


def test_another_version_goes_live_while_the_first_goes_on():
    sam = marketer()
    program = live(by=sam)
    ada = contact("Ada")
    let_in(program, ada)
    second = next_version(program, said({"type": "end", "outcome": "let be"}, name="Other"), by=sam)
    assert (second.number, queries.program(program.pk, now=clock.now()).name) == (2, "Other")
    assert queries.program(program.pk, now=clock.now(), number=1).name == "Not now"
    assert [(each.number, each.inside) for each in queries.program(program.pk, now=clock.now()).versions] == [
        (2, 0),
        (1, 1),
    ]
