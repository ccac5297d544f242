"""Saved conditions: written once, named by others without a circle, put away only when nobody names them."""

from datetime import UTC, datetime

import pytest

from orchard.interactions.models import Interaction
from orchard.journal import queries as journal
from orchard.kit import clock
from orchard.kit.errors import Conflict, NotAllowed, Refused
from orchard.nurture import actions as nurture
from orchard.segments import actions, queries
from orchard.segments.types import BadSegment, InUse
from orchard.team.types import Role
from tests.make.members import member
from tests.make.programs import live, said
from tests.make.segments import IN_AUSTRIA, VISITED, said_anew, saved, writer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    with clock.at(NOW):
        yield


def test_a_saved_segment_is_told_to_the_ledger_and_to_the_journal():
    sam = writer()
    segment = saved("Met at a show", VISITED, by=sam)
    fact = Interaction.objects.get(kind="segment.saved")
    assert (fact.subject_kind, fact.subject_id, fact.member_id) == ("segment", segment, sam.pk)
    (line,) = journal.about("segment", segment)
    assert line.details["condition"] == VISITED
    assert queries.segment(segment).row.words == "has visited our booth within the last 30 days"


def test_a_name_is_given_once_whatever_its_case_and_the_code_stays_when_it_is_changed():
    sam = writer()
    segment = saved("Met at a show", VISITED, by=sam)
    with pytest.raises(Conflict, match="“Met at a show” already"):
        saved("MET AT A SHOW", VISITED, by=sam)
    actions.change(
        segment_id=segment, name="Booth", condition=VISITED, revision=1, actor_id=sam.pk, now=clock.now()
    )
    row = queries.segment(segment).row
    assert (row.code, row.name) == ("met-at-a-show", "Booth")
    assert queries.segment(saved("Met at a show", IN_AUSTRIA, by=sam)).row.code == "met-at-a-show-2"


def test_a_segment_that_leads_back_to_itself_is_refused_with_the_way():
    sam = writer()
    first = saved("A", VISITED, by=sam)
    saved("B", {"any": [{"segment": "a"}, IN_AUSTRIA]}, by=sam)
    saved("C", {"not": {"segment": "b"}}, by=sam)
    with pytest.raises(BadSegment, match="“A” → “C” → “B” → “A”"):
        said_anew(first, {"all": [VISITED, {"segment": "c"}]}, by=sam)
    with pytest.raises(BadSegment, match="“A” → “A”"):
        said_anew(first, {"segment": "a"}, by=sam)
    assert queries.segment(first).revision == 1


def test_what_is_not_there_is_refused_with_the_nearest_that_is():
    saved("Met at a show", VISITED)
    with pytest.raises(BadSegment, match=r"no segment `met-at-a-shop`\. Did you mean `met-at-a-show`"):
        saved("More", {"segment": "met-at-a-shop"})
    with pytest.raises(BadSegment, match=r"There is no field `contact\.shoe`"):
        saved("More", {"field": "contact.shoe", "is": "x"})


def test_together_with_what_it_names_a_condition_is_as_large_as_one_may_be():
    many = {"any": [{"field": "contact.city", "is": str(number)} for number in range(30)]}
    saved("Many", many)
    with pytest.raises(BadSegment, match="With what its segments say: A condition may have at most 50 parts"):
        saved("Twice", {"all": [{"segment": "many"}, {"not": {"segment": "many"}}]})


def test_a_segment_does_not_grow_beyond_what_those_who_name_it_can_bear():
    sam = writer()
    small = saved("Many", {"field": "contact.city", "is": "Graz"}, by=sam)
    others = [{"field": "contact.city", "is": str(number)} for number in range(30)]
    saved("Twice", {"all": [{"segment": "many"}, {"any": others}]}, by=sam)
    with pytest.raises(BadSegment, match="“Twice” names this segment, and could not be asked any more"):
        said_anew(small, {"any": others}, by=sam)


def test_what_others_name_is_not_put_away_and_their_names_are_told():
    sam = writer()
    segment = saved("Met at a show", VISITED, by=sam)
    other = saved("In Austria too", {"all": [{"segment": "met-at-a-show"}, IN_AUSTRIA]}, by=sam)
    program = live(said(name="After the show", when={"segment": "met-at-a-show"}), by=sam, sweeps=False)
    with pytest.raises(InUse, match="“In Austria too”, “After the show”"):
        actions.archive(segment_id=segment, actor_id=sam.pk, now=clock.now())
    actions.archive(segment_id=other, actor_id=sam.pk, now=clock.now())
    nurture.retire(program_id=program.pk, actor_id=sam.pk, now=clock.now())
    actions.archive(segment_id=segment, actor_id=sam.pk, now=clock.now())
    assert queries.segments() == []
    assert {each.name for each in queries.segments(archived=True)} == {"Met at a show", "In Austria too"}
    with pytest.raises(Refused, match="rests on “Met at a show”"):
        actions.restore(segment_id=other, actor_id=sam.pk, now=clock.now())
    actions.restore(segment_id=segment, actor_id=sam.pk, now=clock.now())
    actions.restore(segment_id=other, actor_id=sam.pk, now=clock.now())
    assert len(queries.segments()) == 2


def test_a_program_cannot_go_live_with_a_segment_that_is_not_there():
    with pytest.raises(Refused, match="There is no segment `gone`"):
        live(said(when={"segment": "gone"}), sweeps=False)


def test_who_saves_over_somebody_else_or_has_no_right_is_told_so():
    sam = writer()
    segment = saved("Met at a show", VISITED, by=sam)
    said_anew(segment, IN_AUSTRIA, by=sam)
    with pytest.raises(Conflict, match="Somebody else has changed"):
        actions.change(
            segment_id=segment, name="X", condition=VISITED, revision=1, actor_id=sam.pk, now=clock.now()
        )
    with pytest.raises(NotAllowed, match="Marketing, managers and admins"):
        saved("Mine", VISITED, by=member(Role.SALES))
