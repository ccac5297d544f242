"""Whatever an address is asked with, it answers in words: never with a fault of ours."""

import json
import random
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from orchard.connect import jobs, queries
from orchard.connect.models import Import
from orchard.connect.types import State
from orchard.kit import clock
from orchard.team.types import Role, Side
from orchard.web.permissions import PERMISSIONS
from tests.doors.records import RECORDS
from tests.doors.test_permissions import ADDRESSES, takes_forms
from tests.make import rest
from tests.make.database import undone
from tests.make.forms import alive, forms_of
from tests.make.members import member
from tests.make.reading import text_of

pytestmark = pytest.mark.django_db

WEB = Path("orchard/web")
# What pages ask of an address or a form, read from the code, so that what is new is asked as well.
ASKED = sorted(
    {
        name
        for path in WEB.rglob("*.py")
        for name in re.findall(
            r"""(?:GET|POST|asked|query)(?:\.get|\.getlist)?[\[(]["']([\w.]+)["']""", path.read_text()
        )
    }
    | {
        "sort",
        "columns",
        "view",
        "cursor",
        "words",
        "channel",
        "people",
        "show",
        "export",
        "next",
        "key",
        "seen",
    }
)
GARBAGE = {
    "nothing": "",
    "a zero": "a\0b",
    "a flood of digits": "9" * 40,
    "below zero": "-1",
    "beyond a bigint": str(2**63),
    "not a number": "NaN",
    "digits of another script": "٣٤",
    "a superscript": "²",
    "a list": "[1, [2], {}]",
    "an object": '{"a": {"b": null}}',
    "half of one": '{"all": [',
    "a cave": "[" * 5_000,
    "a great number": "1e999999",
    "a year that never comes": "99999-01-01",
    "the first year": "0001-01-01",
    "the last year": "9999-12-31",
    "a day that is none": "2026-02-30T25:61",
    "yaml": "!!python/object/apply:os.system ['x']",
    "many names for one": "&a [*a]",
    "a way up": "../../../etc/passwd",
    "lines": "a\r\nSet-Cookie: x=1\r\n\r\n<svg onload=x>",
    "half a letter": "\udcff",
    "faces": "👩‍👩‍👧‍👦" * 30,
    "a sign of its own": "%",
    "a million letters": "x" * 1_000_000,
}
LEAVES = {"account_logout", "profile:password"}
DRAWN_ANEW = {
    *("agreement:edit", "agreement:reading", "agreement:would", "agreement:propose"),
    *("segments:new", "segments:edit", "segments:preview", "programs:new", "programs:edit"),
    *("contacts:narrow", "members:renew_invitation"),
}
"""What answers an empty form with itself or with what it did: nothing is asked there, or nothing was pressed."""
IDS = {"number", "place"}
BEYOND = (0, 2**31, 2**63 - 1, 2**63, 10**40)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path


@pytest.fixture
def admin():
    return member(Role.ADMIN, signs_for=(Side.SALES, Side.MARKETING))


@pytest.fixture
def asking(admin):
    client = Client(raise_request_exception=False)
    client.force_login(admin)
    return client


def sent(text):
    """Return the text as a browser can send it."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def is_in_words(answer):
    """Tell whether somebody reads why it was not done."""
    page = answer.content.decode()
    return answer.status_code == 422 or "data-sentence=" in page or "problem+json" in answer["Content-Type"]


def values_of(client, rule, where):
    """Return the forms of an address, and the names that are asked for there."""
    forms = []
    if "GET" in rule.methods:
        answer = client.get(where)
        if "text/html" in answer.get("Content-Type", ""):
            forms = [each for each in forms_of(answer.content.decode(), where) if each.method == "post"]
    forms = [each for each in forms if each.action.partition("?")[0] == where]
    names = set(ASKED).union(*(each.values for each in forms)) - {"csrfmiddlewaretoken", "next"}
    return forms, sorted(names)


def addressed(name, arguments, admin):
    """Return an address with records of its own in it."""
    return reverse(name, kwargs={each: RECORDS[each](admin) for each in sorted(arguments)})


def ask(client, method, where, data, said):
    """Send it, take back what it did, and let no fault of ours pass."""
    with undone():
        answer = client.get(where, data) if method == "GET" else client.post(where, data)
        assert answer.status_code < 500, (method, where, said)
        if "text/html" in answer.get("Content-Type", "") and not answer.streaming:
            assert alive(answer.content.decode()) == [], (method, where, said)
        for _ in answer.streaming_content if answer.streaming else ():
            pass  # what is read to its end is closed
    return answer


# A fourth of the addresses at once, the others with the slow tests.
SOME = [
    pytest.param(name, arguments, id=name, marks=[] if place % 4 == 0 else pytest.mark.slow)
    for place, (name, arguments) in enumerate(ADDRESSES)
]


@pytest.mark.parametrize(("name", "arguments"), SOME)
def test_whatever_an_address_is_asked_with_it_answers_in_words(admin, asking, name, arguments):
    rule, draw = PERMISSIONS[name], random.Random(name)
    if name in LEAVES:
        return
    where = addressed(name, arguments, admin)
    forms, names = values_of(asking, rule, where)
    few = {each: sent(text) for each, text in GARBAGE.items() if len(text) < 400}
    if "GET" in rule.methods:
        mixed = {each: [draw.choice(list(few.values())) for _ in range(2)] for each in names}
        ask(asking, "GET", where, mixed, mixed)
    if takes_forms(rule):
        mixed = {each: draw.choice(list(few.values())) for each in names}
        ask(asking, "POST", where, mixed, mixed)
        for form in forms[:1]:
            field = draw.choice(sorted(set(form.values) - {"csrfmiddlewaretoken"}) or ["x"])
            kind = draw.choice(list(few))
            ask(
                asking,
                "POST",
                where,
                {**form.values, **dict(form.buttons[-1:]), field: few[kind]},
                (field, kind),
            )
        empty = ask(asking, "POST", where, {}, "nothing")
        done = empty.status_code in (204, 302) or name in DRAWN_ANEW or name.startswith("account_")
        assert done or is_in_words(empty), (where, empty.status_code, text_of(empty)[:90])
    ids = {each for each in arguments if each.endswith("_id") or each in IDS}
    for number in BEYOND[-2:] if ids else ():
        beyond = _beyond(name, arguments, ids, number, admin)
        ask(asking, "GET" if "GET" in rule.methods else "POST", beyond, {}, number)


def _beyond(name, arguments, ids, number, admin):
    kept = {each: RECORDS[each](admin) for each in sorted(arguments - ids)}
    return reverse(name, kwargs={**kept, **dict.fromkeys(ids, number)})


@pytest.mark.slow
@pytest.mark.parametrize(("name", "arguments"), ADDRESSES, ids=[name for name, _ in ADDRESSES])
def test_no_garbage_of_any_sort_ends_in_a_fault_of_ours(admin, asking, name, arguments):
    rule, where, draw = PERMISSIONS[name], addressed(name, arguments, admin), random.Random(name)
    if name in LEAVES:
        return
    forms, names = values_of(asking, rule, where)
    for kind, text in GARBAGE.items():
        given = sent(text)
        if "GET" in rule.methods:
            every = {each: [given] * 2 for each in names} if len(given) < 400 else {"words": given[:60_000]}
            ask(asking, "GET", where, every, kind)
        if takes_forms(rule):
            large = names if len(given) < 10_000 else names[:5]
            more = draw.choice(({}, {"act": "save"}, {"go": "1"}))
            ask(asking, "POST", where, {**dict.fromkeys(large, given), **more}, kind)
    for form in forms if takes_forms(rule) else ():
        pressed = dict(form.buttons[-1:])
        for field in sorted(set(form.values) - {"csrfmiddlewaretoken", "next"})[:60]:
            kind, text = draw.choice(list(GARBAGE.items()))
            typed = {**form.values, **pressed, field: [sent(text)] * 2}
            ask(asking, "POST", where, typed, (kind, field))
    ids = {each for each in arguments if each.endswith("_id") or each in IDS}
    for number in BEYOND if ids else ():
        beyond = _beyond(name, arguments, ids, number, admin)
        for method in sorted({"GET", "POST"} & rule.methods):
            ask(asking, method, beyond, {}, number)


BODIES = [
    b"",
    b"\x00",
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b"[" * 100_000,
    b'{"facts": {"0": 1}}',
    json.dumps({"full_name": ["a"], "emails": "a", "facts": [[]], "member_id": [1], "reason": {}}).encode(),
    json.dumps({"full_name": 1e300, "emails": [{}], "facts": [None], "member_id": 10**40}).encode(),
    json.dumps({"full_name": "a\0", "title": "\ud800", "emails": ["\udfff"], "address": "\0"}).encode(),
    b'{"full_name": NaN}',
    b"\xff\xfe{}",
]


def test_no_body_that_another_system_sends_ends_in_a_fault_of_ours(admin):
    system, found = rest.System(rest.token(acts_for=admin), raise_request_exception=False), []
    for name, arguments in ADDRESSES:
        if not PERMISSIONS[name].by_token:
            continue
        for method in PERMISSIONS[name].methods - {"GET", "OPTIONS"}:
            for body in BODIES:
                with undone():
                    where = addressed(name, arguments, admin)
                    answer = system.call(method, where.removeprefix(rest.V1), body)
                found.append(where)
                said = (method, where, body[:40])
                assert answer.status_code < 500, said
                assert answer.status_code < 300 or "problem+json" in answer["Content-Type"], said
    assert len(found) > 100


FILES = {
    "nothing": ("a.csv", b""),
    "noise": ("a.csv", random.Random(7).randbytes(20_000)),
    "zeros": ("a.csv", b"\0" * 5_000),
    "no workbook": ("a.xlsx", b"PK\x03\x04 not a workbook"),
    "an old workbook": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 3_000),
    "not packed": ("a.csv.gz", b"not packed"),
    "cut short": ("a.csv.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"),
    "a picture": ("a.csv", b"\x89PNG\r\n\x1a\n" + b"\0\xff" * 400),
    "one quote": ("a.csv", b'Email,Name\n"a@x.example,Ann\n' * 50),
    "one long line": ("a.csv", b"x" * 300_000),
    "many columns": ("a.csv", b",".join(b"c%d" % n for n in range(3_000)) + b"\n" + b"1," * 3_000),
    "a name of a way up": ("../../etc/passwd", b"Email\na@x.example\n"),
    "a long name": ("x" * 300 + ".csv", b"Email\na@x.example\n"),
    "heads alike": ("a.csv", b"Email,Email,Email\na@x.example,b,c\n"),
    "a page": ("a.csv", b"<!doctype html><script>x</script>"),
}


def brought(asking, name, body):
    """Take a file through all steps; return what every page answered."""
    answers = [asking.post(reverse("imports:new"), {"file": SimpleUploadedFile(name, body)})]
    if answers[0].status_code != 302:
        return answers
    made = Import.objects.latest("id")
    steps = [reverse(f"imports:{step}", args=[made.id]) for step in ("map", "preview")]
    answers += [asking.get(where) for where in (*steps, f"{steps[0]}?as=text")]
    page = forms_of(answers[1].content.decode(), steps[0])
    form = next((each for each in page if "kept" in each.values), None)
    if form:
        answers.append(asking.post(steps[0], {**form.values, "csrfmiddlewaretoken": ""}))
        answers += [asking.get(steps[1]), asking.post(steps[1])]
        jobs.work(clock.now())
        answers.append(asking.get(reverse("imports:show", args=[made.id])))
        assert queries.one(made.id).state in {State.DONE, State.FAILED, State.DRAFT}, name
    return answers


@pytest.mark.parametrize("kind", FILES)
def test_no_file_that_is_none_ends_in_a_fault_of_ours(asking, kind):
    answers = brought(asking, *FILES[kind])
    assert [each.status_code for each in answers if each.status_code >= 500] == []
    assert answers[0].status_code == 302 or is_in_words(answers[0])


@pytest.mark.slow
def test_every_real_file_is_taken_in_or_refused_in_words(asking, data):
    few = [path for path in sorted(data.rglob("*")) if path.is_file() and path.stat().st_size < 300_000]
    assert len(few) > 20
    for path in few[:: max(1, len(few) // 60)]:
        with undone():
            answers = brought(asking, path.name, path.read_bytes())
            assert [each.status_code for each in answers if each.status_code >= 500] == [], path
            assert answers[0].status_code == 302 or is_in_words(answers[0]), path
