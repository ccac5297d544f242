"""`orchard agreement`, run as a user runs it but in this process."""

import json

import pytest

from orchard.cli import agreement as command
from orchard.cli.main import _parser
from orchard.kit.errors import Refused
from orchard.team.types import Role, Side
from tests.make.agreements import EXAMPLE, SMALL
from tests.make.members import member

pytestmark = pytest.mark.django_db


def run(*words):
    return command.agreement(_parser().parse_args(["agreement", *map(str, words)]))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "agreement.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_the_way_from_a_file_to_a_version_in_force(file):
    sam = member(Role.MARKETING, signs_for=(Side.MARKETING,), name="Sam Okafor")
    nora = member(Role.SALES, signs_for=(Side.SALES,))
    assert run("check", file).data["ok"] is True
    assert run("check", file).data["unanswered"] == ["wrong_timing"]
    assert "No program answers “Not now” (60 days)" in run("check", file).text
    assert run("propose", file).data["state"] == "proposed"
    assert run("sign", "--as", sam.email).data["signed"] == {"marketing": "Sam Okafor"}
    answer = run("sign", file, "--as", nora.email.upper())
    assert (answer.data["version"], answer.data["state"]) == (1, "in_force")
    shown = run("show")
    assert shown.data["text_hash"] == run("check", file).data["text_hash"]
    assert "1  A contact is not a lead" in shown.text


def test_check_tells_every_mistake_with_its_line_and_fails(file):
    file.write_text(
        EXAMPLE.replace("show.visited", "show.vsited").replace("cap: 24", "cap: 2"), encoding="utf-8"
    )
    answer = run("check", file)
    assert not answer.ok
    assert [mistake["line"] for mistake in answer.data["mistakes"]] == [7, 8, 22]
    assert answer.text.startswith("line 7, score.engagement[0].kinds[0]: There is no kind")
    assert not run("propose", file).ok


def test_a_file_that_is_not_the_proposed_text_is_not_signed(file):
    nora = member(Role.SALES, signs_for=(Side.SALES,))
    run("propose", file)
    file.write_text(SMALL.replace("at_least: 40", "at_least: 30"), encoding="utf-8")
    with pytest.raises(Refused, match="not the one that you read"):
        run("sign", file, "--as", nora.email)


def test_the_difference_to_the_version_in_force_is_told_in_words(file):
    both = member(Role.ADMIN, signs_for=(Side.SALES, Side.MARKETING))
    run("propose", file)
    assert run("sign", "--as", both.email).data["state"] == "in_force"
    file.write_text(SMALL.replace("at_least: 40", "at_least: 30"), encoding="utf-8")
    answer = run("diff", file)
    assert answer.data["changes"] == [
        {
            "clause": 1,
            "title": "A contact is not a lead",
            "before": "It has at least 40 points",
            "after": "It has at least 30 points",
        }
    ]
    assert json.dumps(answer.data)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"name: \xff\n", "line 1: this is not UTF-8"), (b"x" * (2**20 + 1), "larger than any agreement")],
)
def test_a_file_that_is_no_text_is_refused_in_a_sentence(file, content, sentence):
    file.write_bytes(content)
    with pytest.raises(Refused, match=sentence):
        run("check", file)


def test_a_missing_file_a_stranger_and_a_member_without_the_right_are_refused(file, tmp_path):
    with pytest.raises(Refused, match="cannot be read: No such file"):
        run("check", tmp_path / "none.yaml")
    run("propose", file)
    with pytest.raises(Refused, match="no member with the login nobody"):
        run("sign", "--as", "nobody@orchard.example")
    with pytest.raises(Refused, match="nothing to sign"):
        run("sign", "--as", member(Role.ADMIN).email)
