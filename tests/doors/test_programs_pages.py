"""Programs over Django's client: written as a form, let live, looked at, paused, and who is in them."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from orchard import flow
from orchard.agreement import queries as agreement
from orchard.contacts import actions as contacts
from orchard.kit import clock
from orchard.nurture import actions, queries
from orchard.nurture.models import Enrolment, Program, ProgramVersion
from orchard.reports.queries.timeline import timeline
from orchard.segments.queries import matching
from orchard.team.types import Role
from tests.make import agreements
from tests.make.leads import AGREEMENT, contact, drain, rep, ripe, tick
from tests.make.members import member
from tests.make.posting import posted
from tests.make.programs import CALL, WAIT, enrolment_of, live, marketer, returns, said

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    matching._kept.clear()
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT)
        yield


def signed_in(role=Role.MARKETING):
    client = Client()
    client.force_login(member(role, name="Sam Okafor"))
    return client


def words(client, name, *args, **wish):
    return " ".join(client.get(reverse(name, args=args), wish).content.decode().split())


def form(page, act="save", **changes):
    return posted(page, "program-form", act=act, **changes)


def test_with_no_program_the_list_says_what_one_is_for_and_which_reasons_wait_for_an_answer():
    page = words(signed_in(), "programs:list")
    assert "No programs yet" in page
    assert "Not now" in page
    assert f"{reverse('programs:new')}?reason=wrong_timing" in page
    sales = words(signed_in(Role.SALES), "programs:list")
    assert "Marketing and managers can write one" in sales
    assert reverse("programs:new") not in sales


def test_a_program_is_written_step_by_step_and_goes_live():
    sam = signed_in()
    page = words(sam, "programs:new", reason="too_early")
    assert 'value="too_early" checked' in page
    page = sam.post(reverse("programs:new"), form(page, "steps!add:branch")).content.decode()
    page = sam.post(reverse("programs:new"), form(page, "steps.2.then!add:end")).content.decode()
    page = sam.post(reverse("programs:new"), form(page, "steps.2!up")).content.decode()
    page = sam.post(reverse("programs:new"), form(page, "steps.2!remove")).content.decode()
    assert "Give the program a name" in page
    changes = {
        "name": "Later, perhaps",
        "steps.1.when.field": "contact.country",
        "steps.1.when.field_was": "contact.country",
        "steps.1.when.operator": "is",
        "steps.1.when.value": "AT",
        "steps.1.then.0.outcome": "near",
    }
    answer = sam.post(reverse("programs:new"), {**form(page), **changes})
    program = Program.objects.get()
    assert answer["Location"] == reverse("programs:go_live", args=[program.id])
    asked = words(sam, "programs:go_live", program.id)
    assert "Wait 30 days" in asked
    assert "If this holds: country is Austria" in asked
    sam.post(reverse("programs:go_live", args=[program.id]), {"revision": "1"})
    version = ProgramVersion.objects.get()
    assert (version.state, version.number) == ("live", 1)
    assert [step["type"] for step in version.document["steps"]] == ["wait", "branch"]
    assert version.document["steps"][1]["then"] == [{"type": "end", "outcome": "near"}]
    assert version.document["audience"] == {"returned": ["too_early"]}
    assert version.document["goal"] == {"becomes_lead": True}


def test_the_form_of_any_program_posts_what_it_shows():
    sam = signed_in()
    values = said(
        {**WAIT, "hours": 2, "name": "again"},
        {**CALL, "to": "member", "member": "nora@example.com", "due_days": 3},
        {
            "type": "branch",
            "when": {"all": [{"did": ["form.submitted"], "within_days": 9}, {"stage": ["nurturing"]}]},
            "then": [{"type": "go", "to": "again"}],
            "else": [{"type": "branch", "when": {"score": "fit", "at_least": 5}, "then": [WAIT], "else": []}],
        },
        goal={"when": {"did": ["webinar.attended"]}},
        when={"field": "contact.country", "in": ["AT", "CH"]},
        ends={"customer": True, "disqualified": False},
    )
    values["audience"]["again_after_days"] = 90
    rep(email="nora@example.com")
    program_id = actions.begin(values=values, actor_id=marketer().id, now=clock.now())
    page = sam.get(reverse("programs:edit", args=[program_id])).content.decode()
    sam.post(reverse("programs:edit", args=[program_id]), form(page))
    saved = queries.check(queries.draft(program_id).values)
    assert saved == queries.check(values)


def test_a_draft_with_mistakes_is_kept_with_each_beside_its_field():
    sam = signed_in()
    page = words(sam, "programs:new")
    answer = sam.post(reverse("programs:new"), form(page, **{"steps.0.days": "0"}))
    program_id = Program.objects.get().id
    assert answer["Location"] == reverse("programs:edit", args=[program_id])
    page = words(sam, "programs:edit", program_id)
    assert "Say how long to wait" in page
    assert "3 things are to be mended" in page
    answer = sam.get(reverse("programs:go_live", args=[program_id]))
    assert answer.status_code == 422
    assert "Something is to be mended first" in answer.content.decode()
    assert "Not live yet" in words(sam, "programs:show", program_id)
    assert "Without a name" in words(sam, "programs:list")


def test_two_who_write_at_once_do_not_overwrite_each_other():
    sam = signed_in()
    program_id = actions.begin(values=said(), actor_id=marketer().id, now=clock.now())
    page = sam.get(reverse("programs:edit", args=[program_id])).content.decode()
    actions.save_draft(
        program_id=program_id, values=said(name="Theirs"), revision=1, actor_id=marketer().id, now=clock.now()
    )
    answer = sam.post(reverse("programs:edit", args=[program_id]), form(page, name="Mine"))
    assert answer.status_code == 409
    assert "Mine" in answer.content.decode()
    assert queries.draft(program_id).values["name"] == "Theirs"
    sam.post(reverse("programs:edit", args=[program_id]), form(answer.content.decode()))
    assert queries.draft(program_id).values["name"] == "Mine"
    sam.post(reverse("programs:discard", args=[program_id]), {"revision": "3"})
    assert not Program.objects.exists()


def test_the_page_says_who_is_where_and_who_waits_and_why():
    rep()
    sam = signed_in()
    program = live(said(WAIT, CALL, goal={"becomes_lead": True}))
    ada, bob = ripe("Ada Lovelace"), contact("Bob Baker")
    tick()
    returns(ada)
    tick()
    cyd = ripe("Cyd Cole")
    tick()
    for each in (bob, cyd):
        actions.let_in(program_id=program.id, contact_id=each, actor_id=marketer().id, now=clock.now())
    page = words(sam, "programs:show", program.id)
    assert "Whoever Sales returned as “Too early”" in page
    assert "Ada Lovelace" in page
    assert "Bob Baker" in page
    assert "Cyd Cole" not in page
    assert "Cyd Cole" in words(sam, "programs:show", program.id, show="held")
    assert "Sales works with the contact" in words(sam, "programs:show", program.id, show="held")
    narrowed = words(sam, "programs:show", program.id, step="1:1")
    assert "Ada Lovelace" in narrowed
    assert "Bob Baker" not in narrowed
    assert "Held since" in words(sam, "contacts:show", cyd)
    drain()
    entered = [each.where for each in timeline([cyd]).rows if each.what == "Entered a program"]
    assert entered == ["Not now"]
    assert "Entered" in words(sam, "programs:results", program.id)
    sam.post(reverse("programs:take_out", args=[enrolment_of(bob).id]))
    assert "Was taken out" in words(sam, "programs:show", program.id, show="ended")
    assert reverse("programs:pause", args=[program.id]) not in words(
        signed_in(Role.SALES), "programs:show", program.id
    )


def test_a_program_is_paused_and_resumed_with_the_count():
    sam, program = signed_in(), live()
    for name in ("Ada", "Bob"):
        actions.let_in(
            program_id=program.id, contact_id=contact(name), actor_id=marketer().id, now=clock.now()
        )
    assert "Pause (2 going on)" in words(sam, "programs:show", program.id)
    sam.post(reverse("programs:pause", args=[program.id]))
    page = words(sam, "programs:show", program.id)
    assert "Paused since" in page
    assert "Resume (2 stand still)" in page
    assert "Paused: 2 contacts stand still." in page
    assert sam.post(reverse("programs:pause", args=[program.id])).status_code == 409
    sam.post(reverse("programs:resume", args=[program.id]))
    assert "2 contacts go on." in words(sam, "programs:show", program.id)


def test_somebody_is_let_in_by_the_address_or_from_the_own_page():
    sam, program = signed_in(), live()
    ada, bob = contact("Ada"), contact("Bob")
    contacts.add_email(contact_id=ada, address="ada@example.com", now=clock.now(), actor_id=None)
    address = reverse("programs:let_in", args=[program.id])
    assert sam.post(address, {"email": "nobody@example.com"}).status_code == 422
    sam.post(address, {"email": "ADA@example.com"})
    assert enrolment_of(ada).by_id is not None
    answer = sam.post(address, {"email": "ada@example.com"})
    assert answer.status_code == 422
    assert "Ada is in this program already." in answer.content.decode()
    sam.post(reverse("programs:enter", args=[bob]), {"program": program.id})
    assert enrolment_of(bob).state == "active"
    assert reverse("programs:enter", args=[bob]) in words(sam, "contacts:show", bob)
    assert reverse("programs:enter", args=[bob]) not in words(signed_in(Role.SALES), "contacts:show", bob)


def test_going_live_says_how_many_fit_now_and_lets_them_in_on_wish():
    sam = signed_in()
    for name in ("Ada", "Bob"):
        contact(name, country="AT")
    drain()
    values = said(WAIT, when={"field": "contact.country", "is": "AT"})
    program_id = actions.begin(values=values, actor_id=marketer().id, now=clock.now())
    page = words(sam, "programs:go_live", program_id)
    assert "2 contacts meet the condition now." in page
    assert "Let these 2 in as well" in page
    sam.post(reverse("programs:go_live", args=[program_id]), {"revision": "1"})
    flow.sweep(clock.now())
    assert not Enrolment.objects.exists()
    page = words(sam, "programs:show", program_id)
    assert "2 contacts fit and were not let in" in page
    sam.post(reverse("programs:let_in_passed", args=[program_id]))
    assert Enrolment.objects.count() == 2


def test_earlier_versions_stay_to_be_read_and_a_retired_program_lets_nobody_in():
    sam, program = signed_in(), live()
    page = sam.get(reverse("programs:edit", args=[program.id])).content.decode()
    assert "starting from what was live last" in page
    sam.post(reverse("programs:edit", args=[program.id]), form(page, name="Other"))
    sam.post(reverse("programs:go_live", args=[program.id]), {"revision": "1"})
    assert "Other" in words(sam, "programs:show", program.id)
    assert "Not now" in words(sam, "programs:show", program.id, version="1")
    assert sam.get(reverse("programs:show", args=[program.id]), {"version": "7"}).status_code == 404
    assert "0 contacts are in it" in words(sam, "programs:retire", program.id)
    sam.post(reverse("programs:retire", args=[program.id]))
    assert "Nobody enters any more" in words(sam, "programs:show", program.id)
    assert sam.post(reverse("programs:retire", args=[program.id])).status_code == 409


def test_what_came_back_says_which_program_answers_and_leads_to_a_new_one():
    rep()
    sam, ada = signed_in(), ripe("Ada")
    tick()
    returns(ada)
    page = words(sam, "leads:returned")
    assert f"{reverse('programs:new')}?reason=too_early" in page
    program = live()
    page = words(sam, "leads:returned")
    assert reverse("programs:show", args=[program.id]) in page
    assert "reason=too_early" not in page.split("What answers")[1].split("</ul>")[0]


def test_a_draft_of_the_agreement_says_which_reasons_no_program_answers():
    sam = signed_in()
    live(said(returned=("wrong_timing", "no_answer")))
    page = sam.get(reverse("agreement:edit")).content.decode()
    sam.post(reverse("agreement:edit"), posted(page, act="save", name="Loop 2"))
    page = words(sam, "agreement:edit")
    assert "“Too early”: rests for 20 days" in page
    assert "“Not now”" not in page.split("No program answers")[1].split("</ul>")[0]
    sam.post(reverse("agreement:propose"), {"revision": "1", "resting": ["too_early"]})
    assert agreement.proposed() is not None
