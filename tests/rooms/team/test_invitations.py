"""How somebody becomes a member."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from orchard.journal.models import Entry
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.outbox.models import Message
from orchard.team import actions, queries
from orchard.team.models import Invitation, Member
from orchard.team.types import EmailTaken, Place, Role, Scope, Side, UnknownInvitation, WeakPassword
from tests.make.members import PASSWORD, member

pytestmark = pytest.mark.django_db


def invite(email="Ann@Company.example ", place=None, now=None, **more):
    return actions.invite(
        email=email,
        place=place or Place(Role.MARKETING, frozenset({Side.MARKETING})),
        link_to=lambda token: f"https://orchard.example/{token}",
        actor_id=more.pop("actor_id", None),
        now=now or clock.now(),
        **more,
    )


def token_of(invited):
    return invited.link.rpartition("/")[2]


def accept(invited, name="Ann Berg", password=PASSWORD, now=None):
    return actions.accept_invitation(
        token=token_of(invited), name=name, password=password, now=now or clock.now()
    )


def test_an_invited_person_becomes_what_the_invitation_says():
    admin = member(Role.ADMIN, name="Ada Root")
    team_id = actions.add_team(name="North", actor_id=admin.id, now=clock.now())
    invited = invite(place=Place(Role.SALES, frozenset({Side.SALES}), team_id), actor_id=admin.id)
    ann = queries.member(accept(invited))
    assert (ann.email, ann.name, ann.place) == (
        "ann@company.example",
        "Ann Berg",
        Place(Role.SALES, frozenset({Side.SALES}), team_id, Scope.OWN),
    )
    assert ann.check_password(PASSWORD)
    assert list(Entry.objects.order_by("id").values_list("action", flat=True)) == [
        "member.added",
        "team.added",
        "invitation.made",
        "invitation.accepted",
    ]


def test_the_mail_lies_in_the_outbox_with_the_same_link_that_the_inviter_sees():
    admin = member(Role.ADMIN, name="Ada Root")
    invited = invite(actor_id=admin.id)
    mail = Message.objects.get()
    assert (mail.channel, mail.recipient) == ("email", "ann@company.example")
    assert invited.link in mail.payload["text"]
    assert "Ada Root invites you" in mail.payload["text"]


def test_the_link_is_kept_nowhere_but_as_a_keyed_hash():
    token = token_of(invite())
    row = Invitation.objects.values().get()
    assert token not in str(row)
    assert str(row["token_hash"]) == queries.token_hash(token)
    assert token not in str(list(Entry.objects.values()))


def test_a_link_works_once():
    invited = invite()
    accept(invited)
    with pytest.raises(UnknownInvitation, match="Ask the person who invited you"):
        accept(invited, name="Somebody Else")
    assert Member.objects.count() == 1


def test_a_link_ends_after_seven_days():
    now = clock.now()
    invited = invite(now=now)
    with pytest.raises(UnknownInvitation):
        accept(invited, now=now + timedelta(days=7))
    assert accept(invited, now=now + timedelta(days=7, seconds=-1))


def test_a_withdrawn_invitation_works_no_more_and_cannot_be_renewed():
    admin, invited = member(Role.ADMIN), invite()
    actions.withdraw_invitation(invitation_id=invited.id, actor_id=admin.id, now=clock.now())
    with pytest.raises(UnknownInvitation):
        accept(invited)
    with pytest.raises(UnknownInvitation):
        actions.renew_invitation(invitation_id=invited.id, link_to=str, actor_id=admin.id, now=clock.now())


def test_renewing_gives_a_new_link_and_ends_the_old_one():
    admin, now = member(Role.ADMIN), clock.now()
    old = invite(now=now - timedelta(days=8))
    new = actions.renew_invitation(
        invitation_id=old.id, link_to=lambda token: f"https://o.example/{token}", actor_id=admin.id, now=now
    )
    with pytest.raises(UnknownInvitation):
        accept(old)
    accept(new)
    assert Message.objects.count() == 2


def test_nobody_is_invited_twice_at_a_time_or_while_being_a_member():
    admin = member(Role.ADMIN)
    invited = invite()
    with pytest.raises(EmailTaken, match="has an open invitation"):
        invite("ANN@company.example")
    member_id = accept(invited)
    with pytest.raises(EmailTaken, match="is a member already"):
        invite()
    actions.switch_off(member_id=member_id, actor_id=admin.id, now=clock.now())
    with pytest.raises(EmailTaken, match="Switch Ann Berg on again"):
        invite()


def test_a_refused_acceptance_leaves_the_invitation_open():
    invited = invite()
    with pytest.raises(WeakPassword, match="too short"):
        accept(invited, password="apple")
    with pytest.raises(WeakPassword, match="too similar"):
        accept(invited, password="ann@company.example")
    with pytest.raises(Refused, match="Give a name"):
        accept(invited, name="  ")
    assert accept(invited)


def test_what_is_no_address_is_refused():
    with pytest.raises(Refused, match="not an e-mail address"):
        invite("ann at company")


def test_an_unknown_token_is_refused_like_a_used_one():
    with pytest.raises(UnknownInvitation):
        queries.invitation_by_token("made-up", now=clock.now())


def test_the_database_itself_holds_one_open_invitation_per_address():
    invited = invite()
    twin = Invitation.objects.get(id=invited.id)
    twin.id, twin.token_hash = None, queries.token_hash("another")
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
