"""The guide to segments holds word by word: its conditions are saved, named in each other, counted and listed."""

import re
from argparse import Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from orchard.cli.segment import segment
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.nurture.models import Enrolment
from orchard.segments import actions, queries
from orchard.segments.types import BadSegment
from tests.make.programs import live, said
from tests.make.segments import follow, kept, saved, writer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    with clock.at(NOW):
        yield


def examples():
    """Return the conditions of the guide, each by the name of its file."""
    text = Path("docs/guides/segments.md").read_text(encoding="utf-8")
    return dict(re.findall(r"```yaml\n# (\S+)\n(.*?)```", text, re.DOTALL))


def asked(verb, file=None, **more):
    return segment(Namespace(verb=verb, file=file, **{"saved": None, "json": True, **more}))


def visits(contact_id):
    ledger.append([NewFact("show.visited", clock.now(), contact_id=contact_id)], now=clock.now())


def test_the_guide_word_by_word(tmp_path, capsys):
    sam, written = writer(), examples()
    ada = contacts.create_contact(full_name="Ada Lovelace", country="AT", now=NOW)
    contacts.create_contact(full_name="Ben", country="US", now=NOW)
    visits(ada)
    visitors = saved("Visitors", yaml.safe_load(written["visitors.yaml"]), by=sam)
    quiet = saved("Quiet", yaml.safe_load(written["quiet.yaml"]), by=sam)
    follow()
    assert kept(visitors) == kept(quiet) == {ada}
    with pytest.raises(BadSegment, match="“Visitors” → “Quiet” → “Visitors”"):
        actions.change(
            segment_id=visitors,
            name="Visitors",
            condition={"segment": "quiet"},
            revision=1,
            actor_id=sam.pk,
            now=NOW,
        )
    for name, text in written.items():
        (tmp_path / name).write_text(text)
        assert asked("count", str(tmp_path / name)).data["count"] == 1
    assert set(asked("count", saved="visitors").data) == {"count", "seconds"}
    assert asked("members", saved="Quiet").data["contact_ids"] == [ada]
    assert asked("members", saved="visitors", json=False) is None
    assert "Ada Lovelace" in capsys.readouterr().out


def test_wrong_files_and_names_are_refused_in_a_sentence(tmp_path):
    with pytest.raises(Refused, match="Name one"):
        asked("count")
    with pytest.raises(Refused, match="cannot be read"):
        asked("count", str(tmp_path / "none.yaml"))
    (tmp_path / "bad.yaml").write_text("all: [")
    with pytest.raises(Refused, match="line 1"):
        asked("count", str(tmp_path / "bad.yaml"))
    with pytest.raises(Refused, match="There are: none yet"):
        asked("count", saved="visitors")


def test_a_program_lets_in_who_comes_into_a_segment_and_follows_what_it_says():
    sam = writer()
    ada = contacts.create_contact(full_name="Ada Lovelace", country="AT", now=NOW)
    ben = contacts.create_contact(full_name="Ben", country="US", now=NOW)
    visitors = saved("Visitors", yaml.safe_load(examples()["visitors.yaml"]), by=sam)
    live(said(name="After the show", when={"segment": "visitors"}), by=sam)
    follow()
    visits(ada)
    visits(ben)
    follow()
    assert {each.contact_id for each in Enrolment.objects.all()} == {ada}
    actions.change(
        segment_id=visitors,
        name="Visitors",
        condition={"did": ["show.visited"]},
        revision=1,
        actor_id=sam.pk,
        now=NOW,
    )
    with clock.at(NOW + timedelta(hours=1)):
        visits(ben)
        follow()
    assert {each.contact_id for each in Enrolment.objects.all()} == {ada, ben}
    assert [each.name for each in queries.uses_of(visitors)] == ["After the show"]
