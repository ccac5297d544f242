"""Notes on the pages of contacts, companies and leads: written, named in, changed, taken away and brought back."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.contacts.actions.hold import Held
from orchard.interactions import actions as ledger
from orchard.kit import clock
from orchard.tasks.models import Note, Notice
from orchard.team import actions as team
from orchard.team.types import Role, Scope
from tests.make.members import member
from tests.make.reading import text_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday():
    with clock.at(NOW):
        yield


@pytest.fixture
def nora(client):
    person = member(Role.SALES, name="Nora Lind")
    client.force_login(person)
    return person


@pytest.fixture
def ada(nora):
    return contacts.create_contact(full_name="Ada Lovelace", now=NOW)


def write(client, contact, words="Knows the plant.", **more):
    answer = client.post(
        reverse("notes:about_contact", args=[contact]),
        {"words": words, "key": str(uuid4()), **more},
        follow=True,
    )
    ledger.drain(flow.CONSUMERS)
    return answer


def page(client, contact):
    return client.get(reverse("contacts:show", args=[contact]))


def test_a_note_stands_among_what_happened_with_who_wrote_it(client, ada):
    write(client, ada, "Knows <the> plant.\nCall after four.")
    said = text_of(page(client, ada))
    assert re.search(r"Note · [\w ]+, 09:30 Nora Lind", said)
    assert "Knows <the> plant. Call after four." in said
    assert "Everything 2 Notes 1 Records 1" in said
    assert "&lt;the&gt;" in page(client, ada).content.decode()


def test_a_colleague_who_is_named_is_told_and_led_to_it(client, ada):
    sam = member(Role.MARKETING, name="Sam Okafor")
    write(client, ada, "@sam okafor has the film.")
    client.force_login(sam)
    assert "Nora Lind mentioned you in a note on Ada Lovelace" in text_of(client.get(reverse("notices:list")))
    led = client.post(reverse("notices:open", args=[Notice.objects.get().pk]), follow=True)
    assert led.redirect_chain[-1][0] == reverse("contacts:show", args=[ada]) + "?channel=note#timeline"
    assert "@sam okafor has the film." in text_of(led)
    assert "Edit" not in re.sub(r".*id=\"timeline\"", "", led.content.decode(), flags=re.DOTALL)


def test_an_empty_note_is_asked_for_beside_its_field_and_a_long_one_is_kept_there(client, ada):
    answer = write(client, ada, "  ")
    assert answer.status_code == 422
    long = write(client, ada, "x" * 5_001)
    assert long.status_code == 422
    assert "x" * 5_001 in long.content.decode()
    assert not Note.objects.exists()


def test_ones_own_note_is_changed_taken_away_and_brought_back(client, ada):
    write(client, ada)
    note = Note.objects.get().pk
    edit = reverse("notes:edit", args=[note])
    assert "Knows the plant." in client.get(edit).content.decode()
    client.post(edit, {"words": "Knows two plants.", "key": str(uuid4())})
    assert "Knows two plants. changed" in text_of(page(client, ada))
    gone = client.post(reverse("notes:remove", args=[note]), follow=True)
    undo = re.search(r'action="(/notes/\d+/restore)"', gone.content.decode())[1]
    ledger.drain(flow.CONSUMERS)
    assert "Knows two plants." not in text_of(page(client, ada))
    client.post(undo)
    ledger.drain(flow.CONSUMERS)
    assert "Knows two plants." in text_of(page(client, ada))


def test_somebody_elses_note_is_read_and_not_changed(client, ada):
    write(client, ada)
    client.force_login(member(Role.MANAGER))
    assert "Knows the plant." in text_of(page(client, ada))
    assert client.get(reverse("notes:edit", args=[Note.objects.get().pk])).status_code == 403
    assert client.post(reverse("notes:remove", args=[Note.objects.get().pk])).status_code == 403


def test_a_note_on_a_company_stands_in_its_time_line(client, nora):
    acme = contacts.create_account(name="Acme", now=NOW)
    client.post(
        reverse("notes:about_account", args=[acme]), {"words": "Two lines, soon four.", "key": str(uuid4())}
    )
    ledger.drain(flow.CONSUMERS)
    assert "Two lines, soon four." in text_of(client.get(reverse("accounts:show", args=[acme])))
    answer = client.post(reverse("notes:about_account", args=[acme]), {"words": "", "key": str(uuid4())})
    assert answer.status_code == 422


def test_members_are_offered_as_one_types_by_any_part_of_the_name(client, nora):
    for name in ("Sam Okafor", "Olga Samson", "Ulf Berg"):
        member(Role.SALES, name=name)
    found = re.findall(
        r'data-handle="([^"]+)"', client.get(reverse("notes:members"), {"words": "sam"}).content.decode()
    )
    assert found == ["Olga Samson", "Sam Okafor"]
    assert 'data-handle="' not in client.get(reverse("notes:members"), {"words": "zzz"}).content.decode()


def test_only_who_may_see_a_contact_is_offered_and_told_on_it(client, nora, ada):
    north = team.add_team(name="North", actor_id=None, now=NOW)
    lars = member(Role.SALES, name="Lars Berg", team_id=north)
    mate = member(Role.SALES, name="Lea Mate", team_id=north, scope=Scope.TEAM)
    marketing = member(Role.MARKETING, name="Lou Wide")
    member(Role.SALES, name="Liv Apart")
    where = reverse("notes:members")
    free = client.get(where, {"words": "l", "contact": ada}).content.decode()
    assert free.count("data-handle") == 5
    contacts.hold([Held(ada, 1, nora.id), Held(ada, 2, lars.id)], source_kind="lead", now=NOW)
    found = re.findall(
        r'data-handle="([^"]+)"', client.get(where, {"words": "l", "contact": ada}).content.decode()
    )
    assert found == ["Lars Berg", "Lea Mate", "Lou Wide", "Nora Lind"]
    write(client, ada, "@Lea Mate @Lou Wide @Liv Apart: look.")
    assert set(Notice.objects.values_list("member", flat=True)) == {mate.id, marketing.id}
    client.force_login(member(Role.SALES, name="Ida Beyond"))
    assert "data-handle" not in client.get(where, {"words": "l", "contact": ada}).content.decode()
