"""Tokens by the command line, for whoever sets an installation up without a page."""

import pytest

from orchard.team.types import Role
from tests.make.command import orchard
from tests.make.members import member
from tests.make.rest import System

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return member(Role.ADMIN, email="ada@orchard.example")


def added(*more):
    return orchard("token", "add", "--name", "Shop", "--as", "ada@orchard.example", *more)


def test_a_token_is_made_listed_and_withdrawn(ada):
    code, made = added("--scope", "contacts:read", "--scope", "facts:write")
    assert (code, made["name"]) == (0, "Shop")
    system = System(made["token"])
    assert system.get("/me").json()["scopes"] == ["contacts:read", "facts:write"]
    _, listed = orchard("token", "list")
    (line,) = listed["tokens"]
    assert (line["member"], line["state"]) == ("ada@orchard.example", "works")
    assert made["token"] not in str(listed)
    assert orchard("token", "withdraw", made["token"][:16]) == (0, {"prefix": line["prefix"], "name": "Shop"})
    assert system.get("/me").status_code == 401
    assert orchard("token", "list")[1]["tokens"][0]["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--scope", "everything"), "There is no scope everything. Known: contacts:read"),
        ((), "Choose at least one scope"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(ada, arguments, sentence):
    code, answer = added(*arguments)
    assert code == 1
    assert sentence in answer["error"]


def test_a_token_that_nobody_knows_cannot_be_withdrawn():
    code, answer = orchard("token", "withdraw", "nothing")
    assert (code, answer["error"]) == (
        1,
        "There is no token that begins with nothing. See `orchard token list`.",
    )
