"""Pages speak the language that their reader chose, and English to other systems."""

import pytest
from django.test import Client
from django.urls import reverse

from orchard.kit import clock
from orchard.outbox.models import Message
from orchard.tasks import actions as tasks
from orchard.team import actions
from orchard.team.types import Role
from tests.make.members import member

pytestmark = pytest.mark.django_db

GERMAN = {"headers": {"accept-language": "de-AT,de;q=0.9,en;q=0.5"}}


def said(answer):
    return answer.content.decode()


def speaker(language, role=Role.MARKETING):
    person = member(role)
    person.language = language
    person.save()
    client = Client()
    client.force_login(person)
    return client


def test_a_stranger_is_spoken_to_as_the_browser_asks(client):
    answer = client.get(reverse("account_login"), **GERMAN)
    assert '<html lang="de"' in said(answer)
    assert "Anmelden" in said(answer)
    assert (answer["Content-Language"], "Accept-Language" in answer["Vary"]) == ("de", True)
    assert "Anmelden" not in said(client.get(reverse("account_login")))
    assert '<html lang="en"' in said(client.get(reverse("account_login"), headers={"accept-language": "fr"}))


def test_a_member_s_choice_goes_before_what_the_browser_asks():
    german, english, unchosen = speaker("de"), speaker("en"), speaker("")
    page = reverse("contacts:list")
    assert "Kontakte" in said(german.get(page))
    assert "Kontakte" not in said(english.get(page, **GERMAN))
    assert "Kontakte" in said(unchosen.get(page, **GERMAN))
    assert "Kontakte" not in said(unchosen.get(page))


def test_a_member_chooses_in_the_profile_and_is_answered_in_that_language_at_once():
    client = speaker("")
    fields = {"name": "Nora", "time_zone": "UTC", "theme": "system", "language": "de"}
    answer = client.post(reverse("profile:show"), fields, follow=True)
    assert "Gespeichert." in said(answer)
    assert '<html lang="de"' in said(answer)
    refused = client.post(reverse("profile:show"), fields | {"language": "tlh"})
    assert '<html lang="de"' in said(refused)
    assert "Gespeichert." not in said(refused)


def test_a_refusal_speaks_the_reader_s_language():
    answer = speaker("de", Role.SALES).get(reverse("members:list"))
    assert answer.status_code == 403
    assert "Rolle" in said(answer)


def test_other_systems_are_answered_in_english(client):
    answer = client.get("/api/v1/me", **GERMAN)
    assert answer["Content-Language"] == "en"
    assert "Anmeld" not in said(answer)


def test_letters_speak_the_language_of_who_gets_them():
    reader = member()
    reader.language = "de"
    reader.save()
    actions.reset_password(member_id=reader.id, new="pears are not apples", now=clock.now())
    assert Message.objects.get(recipient=reader.email).payload["subject"] == "Ihr Passwort wurde geändert"
    other = member()
    tasks.choose_mailing(member_id=other.id, mailing="at_once")
    tasks.choose_mailing(member_id=reader.id, mailing="at_once")
    tasks.notify(
        member_ids=[reader.id, other.id], kind="lead.offered", subject=("lead", 1), key="x", now=clock.now()
    )
    subjects = dict(
        Message.objects.filter(unique_key__startswith="notices").values_list("recipient", "payload")
    )
    assert "Orchard" in subjects[reader.email]["subject"]
    assert "neuer Hinweis" in subjects[reader.email]["subject"]
    assert "new notice" in subjects[other.email]["subject"]
