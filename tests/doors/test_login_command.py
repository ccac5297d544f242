"""The first person comes in by the command line."""

import json
from urllib.parse import urlsplit

import pytest
from django.test import Client

from orchard.cli import main
from orchard.team.models import Member
from tests.make.members import PASSWORD

pytestmark = pytest.mark.django_db


def test_the_printed_link_lets_the_first_admin_in(capsys):
    wish = ["member", "add", "--email", "ada@company.example", "--role", "admin", "--signs-for", "sales"]
    assert main([*wish, "--signs-for", "marketing", "--address", "https://o.example/", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["link"].startswith("https://o.example/invitation/")
    Client().post(urlsplit(answer["link"]).path, {"name": "Ada", "password": PASSWORD})
    ada = Member.objects.get()
    assert (ada.role, ada.signs_for_sales, ada.signs_for_marketing) == ("admin", True, True)


def test_a_second_invitation_of_the_same_person_is_refused_in_one_sentence(capsys):
    wish = ["member", "add", "--email", "ada@company.example", "--role", "admin"]
    assert main(wish) == 0
    assert main([*wish, "--json"]) == 1
    assert "has an open invitation" in json.loads(capsys.readouterr().out.splitlines()[-1])["error"]


def test_an_unknown_role_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as end:
        main(["member", "add", "--email", "ada@company.example", "--role", "king"])
    assert end.value.code == 2
