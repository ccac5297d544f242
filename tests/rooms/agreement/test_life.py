"""The life of a version: written, proposed, signed by both sides, in force, retired."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from orchard.agreement import actions, queries
from orchard.agreement.models import AgreementVersion, Signature
from orchard.agreement.types import BadDocument, State
from orchard.interactions.models import Interaction
from orchard.journal.models import Entry
from orchard.kit.errors import Conflict, NotAllowed, Refused
from tests.make.agreements import NOW, SMALL, in_force, member

pytestmark = pytest.mark.django_db
OTHER = SMALL.replace("at_least: 40", "at_least: 30")


def proposed(text=SMALL):
    sam = member("Sam Okafor", "marketing", marketing=True)
    return queries.version(actions.propose_text(text=text, member_id=sam.pk, now=NOW)), sam


def test_a_version_comes_into_force_when_both_sides_have_signed_the_same_text():
    version, sam = proposed()
    nora = member("Nora Lind", sales=True)
    sign = {"version_id": version.id, "text_hash": version.text_hash, "now": NOW}
    assert actions.sign(member_id=sam.pk, side="marketing", **sign) == State.PROPOSED
    assert queries.in_force() is None
    assert actions.sign(member_id=nora.pk, side="sales", **sign) == State.IN_FORCE
    now = queries.in_force()
    assert now.id == version.id
    assert now.number == 1
    assert [each.name for each in now.signed] == ["Sam Okafor", "Nora Lind"]


def test_each_step_leaves_its_fact_and_its_line_in_the_journal():
    version = in_force()
    expected = ["agreement.proposed", "agreement.signed", "agreement.signed", "agreement.in_force"]
    facts = Interaction.objects.filter(subject_kind="agreement", subject_id=version.id).order_by("id")
    assert [fact.kind for fact in facts] == expected
    assert all(fact.contact_id is None for fact in facts)
    lines = Entry.objects.filter(subject_kind="agreement", subject_id=version.id).order_by("id")
    assert [line.action for line in lines] == expected
    assert {line.details["text_hash"] for line in lines} == {version.text_hash}


def test_the_version_before_is_retired_and_both_stay_readable():
    first, second = in_force(), in_force(OTHER, now=NOW + timedelta(days=1))
    before = queries.version(first.id)
    assert (before.state, before.retired_at) == (State.RETIRED, NOW + timedelta(days=1))
    assert [shown.number for shown in queries.history()] == [2, 1]
    assert second.based_on == first.id
    assert before.document.handoff != second.document.handoff


def test_only_members_with_the_right_sign_and_only_for_their_side():
    version, sam = proposed()
    sign = {"version_id": version.id, "text_hash": version.text_hash, "now": NOW}
    with pytest.raises(NotAllowed, match="no right to sign for Sales"):
        actions.sign(member_id=sam.pk, side="sales", **sign)
    with pytest.raises(NotAllowed):
        actions.sign(member_id=member("Admin", "admin").pk, side="sales", **sign)
    assert not Signature.objects.exists()


def test_one_member_with_both_rights_gives_two_signatures():
    version, _ = proposed()
    both = member("Founder", "admin", sales=True, marketing=True)
    sign = {"member_id": both.pk, "version_id": version.id, "text_hash": version.text_hash, "now": NOW}
    assert actions.sign(side="sales", **sign) == State.PROPOSED
    assert actions.sign(side="marketing", **sign) == State.IN_FORCE
    assert Signature.objects.filter(member=both).count() == 2


def test_nobody_signs_another_text_than_the_one_read():
    version, sam = proposed()
    with pytest.raises(Conflict, match="not the one that you read"):
        actions.sign(member_id=sam.pk, version_id=version.id, side="marketing", text_hash="0" * 64, now=NOW)


def test_a_side_signs_once():
    version, sam = proposed()
    sign = {"version_id": version.id, "side": "marketing", "text_hash": version.text_hash, "now": NOW}
    actions.sign(member_id=sam.pk, **sign)
    with pytest.raises(Conflict, match="already signed for Marketing"):
        actions.sign(member_id=member("Mia", marketing=True).pk, **sign)


def test_a_withdrawn_proposal_loses_its_signatures_and_its_text_becomes_the_draft():
    version, sam = proposed()
    actions.sign(
        member_id=sam.pk, version_id=version.id, side="marketing", text_hash=version.text_hash, now=NOW
    )
    actions.withdraw(member_id=sam.pk, version_id=version.id, now=NOW)
    after = queries.version(version.id)
    assert (after.state, after.in_force_at, after.signed) == (State.RETIRED, None, ())
    assert queries.draft().text == SMALL
    actions.propose(member_id=sam.pk, revision=1, now=NOW)
    assert (queries.proposed().number, queries.proposed().signed) == (2, ())


def test_what_was_proposed_cannot_change_even_by_hand():
    version, _ = proposed()
    for change in ({"text": OTHER}, {"text_hash": "1" * 64}, {"document": {}}, {"number": 7}):
        with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
            AgreementVersion.objects.filter(pk=version.id).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        AgreementVersion.objects.filter(pk=version.id).delete()


def test_any_text_can_be_kept_as_a_draft_but_only_an_agreement_can_be_proposed():
    sam = member("Sam Okafor", "marketing")
    revision = actions.save_draft(member_id=sam.pk, text="name: half", revision=None, now=NOW)
    with pytest.raises(BadDocument, match="`handoff` is missing") as refused:
        actions.propose(member_id=sam.pk, revision=revision, now=NOW)
    assert {mistake.path for mistake in refused.value.mistakes} >= {"handoff", "score", "promises", "returns"}
    assert queries.draft().text == "name: half"


def test_two_who_write_the_same_draft_do_not_overwrite_each_other():
    sam, mia = member("Sam", "marketing"), member("Mia", "marketing")
    assert actions.save_draft(member_id=sam.pk, text=SMALL, revision=None, now=NOW) == 1
    assert actions.save_draft(member_id=sam.pk, text=OTHER, revision=1, now=NOW) == 2
    with pytest.raises(Conflict, match="Somebody else has saved"):
        actions.save_draft(member_id=mia.pk, text="mine", revision=1, now=NOW)
    with pytest.raises(Conflict, match="There is a draft already"):
        actions.save_draft(member_id=mia.pk, text="mine", revision=None, now=NOW)
    with pytest.raises(Conflict):
        actions.propose(member_id=mia.pk, revision=1, now=NOW)
    assert queries.draft().text == OTHER


def test_a_salesperson_without_the_right_to_sign_does_not_draft():
    with pytest.raises(NotAllowed):
        actions.save_draft(member_id=member("Sal").pk, text=SMALL, revision=None, now=NOW)


def test_one_proposal_waits_at_a_time_and_proposing_it_again_changes_nothing():
    version, sam = proposed()
    assert actions.propose_text(text=SMALL + "# again\n", member_id=sam.pk, now=NOW) == version.id
    with pytest.raises(Conflict, match="Version 1 waits for signatures"):
        actions.propose_text(text=OTHER, member_id=sam.pk, now=NOW)


def test_what_is_in_force_is_not_proposed_again():
    in_force()
    with pytest.raises(Refused, match="the same as version 1"):
        actions.propose_text(text=SMALL, member_id=None, now=NOW)


def test_a_discarded_draft_stays_in_the_journal():
    sam = member("Sam", "marketing")
    actions.save_draft(member_id=sam.pk, text=SMALL, revision=None, now=NOW)
    actions.discard_draft(member_id=sam.pk, revision=1, now=NOW)
    assert queries.draft() is None
    assert Entry.objects.get(action="agreement.draft_discarded").details == {"version": 1, "text": SMALL}


def test_another_name_alone_is_a_change_that_is_told():
    before = queries.check_text(SMALL)
    after = queries.check_text(SMALL.replace("name: Small", "name: Smaller"))
    (told,) = queries.changes_between(before, after)
    assert (told.clause, told.title, told.before, told.after) == (0, "Its name", "Small", "Smaller")
