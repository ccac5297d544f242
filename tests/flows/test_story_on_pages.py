"""The story of a company's first day, told over the pages by three people with a login each."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from orchard import flow
from orchard.agreement import jobs as agreement_jobs
from orchard.agreement import queries as agreement
from orchard.connect import jobs, queries
from orchard.contacts import queries as contacts
from orchard.interactions import actions as ledger
from orchard.kit import clock
from orchard.outbox import jobs as outbox
from orchard.team.types import Role
from tests.make.members import member
from tests.make.posting import posted

PEOPLE = """Email,First name,Last name,Company,Visited us on,Asked for a quote on
ada@nordfoods.example,Ada,Able,Nordfoods,{today},{today}
bob@polkarton.example,Bob,Baker,Polkarton,{today},
not an address,,,Polkarton,{today},
"""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path


def logged_in(role, name):
    client = Client()
    client.force_login(member(role, name=name))
    return client


def invited(admin, mailoutbox, **place):
    """Invite somebody over the page, follow the link of the mail and choose a password; return a client."""
    admin.post(reverse("members:invite"), place)
    outbox.deliver_email(clock.now())
    link = re.search(r"https?://[^/]+(/invitation/\S+)", mailoutbox[-1].body).group(1)
    newcomer = Client()
    answer = newcomer.post(link, {"name": place["name"], "password": "a long and quiet orchard"})
    assert answer["Location"] == "/"
    return newcomer


def words_of(client, name, *arguments, **wish):
    answer = client.get(reverse(name, args=arguments), wish)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def sign(client, side):
    waiting = agreement.proposed()
    answer = client.post(
        reverse("agreement:sign", args=[waiting.number]), {"text_hash": waiting.text_hash, "side": side}
    )
    assert answer.status_code == 302


def imported(client):
    """Bring the file in over upload, map and preview, and let the worker do its part; return the import."""
    content = PEOPLE.format(today=clock.now().date())
    client.post(reverse("imports:new"), {"file": SimpleUploadedFile("people.csv", content.encode())})
    import_id = queries.imports().rows[0].id
    page = client.get(reverse("imports:map", args=[import_id])).content.decode()
    facts = {
        "f.0.kind": "show.visited",
        "f.0.at": "Visited us on",
        "f.0.campaign": "=",
        "f.0.campaign_value": "Packaging Fair",
        "f.1.kind": "quote.requested",
        "f.1.at": "Asked for a quote on",
        "f.1.only_if": "Asked for a quote on",
    }
    sheet = client.get(reverse("imports:map", args=[import_id])).context["sheet"]
    columns = {f"c.{column.place}.to": column.to for column in sheet.columns}
    assert columns["c.0.to"] == "email", page
    where = reverse("imports:map", args=[import_id])
    answer = client.post(where, {**columns, "kept": sheet.kept_text, "rest": sheet.rest_text, **facts})
    assert answer["Location"] == reverse("imports:preview", args=[import_id]), answer.content.decode()
    client.post(reverse("imports:preview", args=[import_id]))
    jobs.work(clock.now())
    return import_id


def test_from_an_invitation_to_who_is_a_lead_and_what_is_missing(mailoutbox):
    admin = logged_in(Role.ADMIN, "Ada Quist")
    sam = invited(
        admin,
        mailoutbox,
        email="sam@our.example",
        name="Sam Okafor",
        role="marketing",
        signs_for=["marketing"],
    )
    nora = invited(
        admin, mailoutbox, email="nora@our.example", name="Nora Lind", role="sales", signs_for=["sales"]
    )
    import_id = imported(sam)
    result = words_of(sam, "imports:show", import_id)
    assert "2" in result
    assert b"not an address" in b"".join(sam.get(reverse("imports:rejects", args=[import_id])))
    assert "Nobody has agreed yet what a lead is" in words_of(nora, "agreement:show")
    page = sam.get(reverse("agreement:edit")).content.decode()
    sam.post(reverse("agreement:edit"), posted(page, act="save"))
    asked = sam.post(reverse("agreement:propose"), {"revision": "1"}).content.decode()
    sam.post(reverse("agreement:propose"), posted(asked))
    sign(sam, "marketing")
    assert agreement.in_force() is None
    sign(nora, "sales")
    assert "signed by both sides" in words_of(nora, "agreement:show")
    agreement_jobs.refresh_new_version(clock.now())
    ledger.drain(flow.CONSUMERS)
    offered = words_of(nora, "leads:list")
    assert "Ada Able" in offered
    assert "asked for a quote" in offered
    assert "Bob Baker" not in offered
    bob = words_of(nora, "contacts:show", contacts.find_by_email("bob@polkarton.example"))
    assert "Visited our booth" in bob
    assert "missing" in bob.lower()
    funnel = words_of(nora, "reports:figures", "funnel")
    assert "Packaging Fair" in funnel
