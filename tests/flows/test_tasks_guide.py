"""The part of the guide to tasks that rooms and pages follow is run as it stands there."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from orchard import wiring
from orchard.contacts import actions as contacts
from orchard.tasks import actions, queries
from tests.make.members import member
from tests.make.steps import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def kinds():
    """Let the kinds that the guide makes up be known, and forgotten again."""
    yield lambda more: actions.install_notice_kinds((*wiring.NOTICES, *more))
    actions.install_notice_kinds(wiring.NOTICES)


def test_the_examples_do_what_the_guide_says(rf, kinds):
    lars, mei = member(name="Lars Berg"), member(name="Mei Tanabe")
    ada = contacts.create_contact(full_name="Ada Lovelace", now=NOW)
    request = rf.get("/leads/7")
    request.user = lars
    names = {
        "lars": lars.id,
        "mei": mei.id,
        "ada": ada,
        "acme": 1,
        "now": NOW,
        "request": request,
        "context": {},
    }
    blocks = re.findall(
        r"```python\n(.*?)```", Path("docs/guides/tasks.md").read_text(encoding="utf-8"), re.DOTALL
    )
    for block in blocks:
        exec(compile(block, "docs/guides/tasks.md", "exec"), names)
    step = queries.step(names["step"])
    assert (step.member_id, step.subject, step.outcome) == (mei.id, ("opportunity", 3), "Lost")
    kinds(names["NOTICES"])
    actions.notify(
        member_ids=[lars.id], kind="lead.offered", subject=("lead", 7), contact_id=ada, key="7", now=NOW
    )
    told = queries.notices(lars.id).rows
    words = queries.worded(told, names={ada: "Ada Lovelace"})
    assert [words[each.id] for each in told] == [
        "A new lead: Ada Lovelace",
        "A colleague gave you a step: Talk about the offer",
    ]
    page = render_to_string("log/block.html", names["context"], request=request)
    assert 'data-keys="l c"' in page
    assert "Nothing is planned." in page
