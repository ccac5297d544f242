"""How members change and go, and what they change themselves."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from orchard.journal import queries as journal
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.kit.paging import By
from orchard.outbox.models import Message
from orchard.team import actions, jobs, queries, rules
from orchard.team.models import Member
from orchard.team.types import (
    NAME_LENGTH,
    EmailTaken,
    LastAdmin,
    Place,
    Role,
    Side,
    UnknownMember,
    UnknownTeam,
    WeakPassword,
    WrongPassword,
)
from tests.make.members import PASSWORD, member

pytestmark = pytest.mark.django_db


def change(person, actor, **changes):
    actions.change_member(
        **{
            "member_id": person.id,
            "email": person.email,
            "name": person.name,
            "place": person.place,
            "territory_id": person.territory_id,
            "takes": person.takes,
            "actor_id": actor.id,
            "now": clock.now(),
            **changes,
        }
    )


def sign_in(person) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client


def is_in(client) -> bool:
    return client.get(reverse("profile:show")).status_code == 200


def test_an_admin_changes_what_a_member_is_and_the_audit_book_says_so():
    admin, person = member(Role.ADMIN), member(Role.SALES)
    change(person, admin, name=" Nora   Vik ", place=Place(Role.MANAGER, frozenset(Side)))
    changed = queries.member(person.id)
    assert (changed.name, changed.role) == ("Nora Vik", Role.MANAGER)
    assert (changed.signs_for_sales, changed.signs_for_marketing) == (True, True)
    line = journal.about("member", person.id)[0]
    assert (line.action, line.actor_id) == ("member.changed", admin.id)
    assert line.details["was"]["role"] == "sales"


def test_the_last_admin_stays_an_admin():
    admin = member(Role.ADMIN)
    with pytest.raises(LastAdmin, match="Make somebody else an admin first"):
        change(admin, admin, place=Place(Role.SALES))
    other = member(Role.ADMIN)
    change(admin, other, place=Place(Role.SALES))
    with pytest.raises(LastAdmin):
        actions.switch_off(member_id=other.id, actor_id=admin.id, now=clock.now())


def test_an_admin_who_is_switched_off_does_not_count_as_one():
    admin, other = member(Role.ADMIN), member(Role.ADMIN)
    actions.switch_off(member_id=other.id, actor_id=admin.id, now=clock.now())
    with pytest.raises(LastAdmin):
        change(admin, admin, place=Place(Role.SALES))


def test_nobody_switches_off_the_own_login():
    admin, _other = member(Role.ADMIN), member(Role.ADMIN)
    with pytest.raises(Refused, match="Another admin can"):
        actions.switch_off(member_id=admin.id, actor_id=admin.id, now=clock.now())


def test_switching_off_ends_every_session_at_once_and_switching_on_brings_none_back():
    admin, person = member(Role.ADMIN), member(password=PASSWORD)
    phone, laptop = sign_in(person), sign_in(person)
    assert is_in(phone)
    actions.switch_off(member_id=person.id, actor_id=admin.id, now=clock.now())
    assert not is_in(phone)
    assert not is_in(laptop)
    actions.switch_on(member_id=person.id, actor_id=admin.id, now=clock.now())
    assert not is_in(phone)
    assert is_in(sign_in(person))


def test_signing_out_elsewhere_keeps_the_session_that_asks():
    person, stranger = member(password=PASSWORD), member(password=PASSWORD)
    here, there, theirs = sign_in(person), sign_in(person), sign_in(stranger)
    assert (
        actions.sign_out_everywhere(
            member_id=person.id, actor_id=person.id, keep=here.session.session_key, now=clock.now()
        )
        == 1
    )
    assert (is_in(here), is_in(there), is_in(theirs)) == (True, False, True)


def test_a_session_is_listed_with_its_browser_until_it_ends():
    person = member(password=PASSWORD)
    client = sign_in(person)
    UserSession.objects.update(
        user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    )
    (session,) = queries.signed_in(person.id, current_key=client.session.session_key, now=clock.now())
    assert (session.client, session.current) == ("Firefox on Linux", True)
    actions.end_session(session_id=session.id, member_id=person.id, now=clock.now())
    assert queries.signed_in(person.id, now=clock.now()) == []
    assert not Session.objects.exists()


def test_a_session_that_has_run_out_is_not_listed():
    person = member(password=PASSWORD)
    sign_in(person)
    assert queries.signed_in(person.id, now=clock.now() + timedelta(days=400)) == []


def test_what_is_known_of_a_session_is_forgotten_when_it_has_run_out():
    person = member(password=PASSWORD)
    old, new = sign_in(person), sign_in(person)
    Session.objects.filter(session_key=old.session.session_key).update(expire_date=clock.now())
    assert jobs.forget_sessions(clock.now()) == 1
    assert UserSession.objects.get().session_key == new.session.session_key
    assert is_in(new)
    assert jobs.forget_sessions(clock.now()) == 0


def test_nobody_ends_the_session_of_somebody_else():
    person, stranger = member(password=PASSWORD), member()
    client = sign_in(person)
    (session,) = queries.signed_in(person.id, now=clock.now())
    actions.end_session(session_id=session.id, member_id=stranger.id, now=clock.now())
    assert is_in(client)


def test_a_password_changes_only_for_who_knows_the_old_one_and_ends_other_sessions():
    person = member(password=PASSWORD)
    here, there = sign_in(person), sign_in(person)

    def to(old, new):
        actions.change_password(
            member_id=person.id, old=old, new=new, keep_session=here.session.session_key, now=clock.now()
        )

    with pytest.raises(WrongPassword):
        to("wrong", "pears are not apples")
    with pytest.raises(WeakPassword):
        to(PASSWORD, "12345678901")
    assert is_in(there)
    to(PASSWORD, "pears are not apples")
    assert not is_in(there)
    assert "Your password was changed" in Message.objects.get().payload["subject"]


def test_members_set_their_own_name_time_zone_and_theme():
    person = member()
    actions.change_profile(
        member_id=person.id, name="Nora", time_zone="Europe/Oslo", theme="dark", language="", now=clock.now()
    )
    person.refresh_from_db()
    assert (person.name, person.time_zone, person.theme) == ("Nora", "Europe/Oslo", "dark")
    with pytest.raises(Refused, match="time zone"):
        actions.change_profile(
            member_id=person.id,
            name="Nora",
            time_zone="Mars/Base",
            theme="dark",
            language="",
            now=clock.now(),
        )


def test_an_address_belongs_to_one_member_whatever_its_case():
    admin, person = member(Role.ADMIN, email="ada@x.example"), member()
    with pytest.raises(EmailTaken):
        change(person, admin, email=" ADA@x.example")
    with pytest.raises(EmailTaken):
        member(email="Ada@X.example")
    with pytest.raises(UnknownMember):
        queries.member(0)


@pytest.mark.parametrize(
    "sort", [By(key, down) for key in ("name", "signed_in", "role") for down in (False, True)]
)
def test_the_list_pages_through_everybody_once_in_both_directions(sort):
    people = [member(name=name) for name in ("Åse", "anna", "Bo", "bo", "Bo", "Cleo", "Dora")]
    for person in people[:3]:
        Member.objects.filter(id=person.id).update(last_login=clock.now())
    seen, cursor, pages = [], "", []
    while True:
        page = queries.members(queries.Filter(), by=sort, cursor=cursor, size=3)
        seen += [row.id for row in page.rows]
        pages.append(page)
        if not (cursor := page.next):
            break
    assert sorted(seen) == sorted(person.id for person in people)
    assert len(seen) == len(people)
    back = queries.members(queries.Filter(), by=sort, cursor=pages[-1].previous, size=3)
    assert [row.id for row in back.rows] == [row.id for row in pages[-2].rows]


def test_the_list_narrows_by_words_role_team_and_state():
    admin = member(Role.ADMIN, name="Ada Root")
    team_id = actions.add_team(name="North", actor_id=admin.id, now=clock.now())
    nora = member(name="Nora Lind", email="nl@company.example", team_id=team_id)
    member(Role.MARKETING, name="Max Berg")

    def found(**chosen):
        return [row.name for row in queries.members(queries.Filter(**chosen)).rows]

    assert found(words="lind comp") == found(team_id=team_id) == ["Nora Lind"]
    assert found(role="marketing") == ["Max Berg"]
    actions.switch_off(member_id=nora.id, actor_id=admin.id, now=clock.now())
    assert found(active=False) == ["Nora Lind"]
    assert queries.count(queries.Filter(active=True)) == 2
    assert queries.signers(Side.SALES) == []


def test_a_team_keeps_its_code_when_renamed_and_leaves_its_members_when_removed():
    admin = member(Role.ADMIN)
    team_id = actions.add_team(name="Nord & Süd", actor_id=admin.id, now=clock.now())
    person = member(team_id=team_id)
    actions.rename_team(team_id=team_id, name="North", actor_id=admin.id, now=clock.now())
    team = queries.team(team_id)
    assert (team.name, team.code, team.active) == ("North", "nord_sud", 1)
    assert actions.remove_team(team_id=team_id, actor_id=admin.id, now=clock.now()) == "North"
    assert queries.member(person.id).team is None
    with pytest.raises(UnknownTeam):
        queries.team(team_id)


def test_two_teams_of_one_name_get_different_codes():
    codes = []
    for _ in range(4):
        team_id = actions.add_team(name="東京 x" * 9, actor_id=None, now=clock.now())
        codes.append(queries.team(team_id).code)
    assert len(set(codes)) == 4


@given(st.text(max_size=200))
def test_a_code_is_always_fit_to_be_written_into_an_agreement(name):
    code = rules.code_of(name)
    assert code
    assert len(code) <= rules.CODE_LENGTH
    assert code == rules.code_of(code)


@given(st.text(max_size=200))
def test_a_name_is_kept_with_single_blanks_or_refused_in_a_sentence(text):
    try:
        name = rules.name_of(text)
    except Refused:
        return
    assert name == " ".join(name.split())
    assert 0 < len(name) <= NAME_LENGTH


def test_an_invitation_holds_until_its_last_second():
    now = datetime(2026, 5, 1, tzinfo=UTC)
    holds = {"used_at": None, "withdrawn_at": None, "expires_at": now}
    assert rules.invitation_holds(**holds, now=now - timedelta(seconds=1))
    assert not rules.invitation_holds(**holds, now=now)
    assert not rules.invitation_holds(**{**holds, "used_at": now}, now=now - timedelta(days=1))
