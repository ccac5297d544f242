"""The laws of the house that a linter cannot see, or not alone."""

import ast
import re
import subprocess
import sys
from collections import Counter

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from tests.arch import generate, house, words

# The names of files that mean the same in every room; a package of such a name holds one module per verb or noun.
FILES = {
    "types",
    "rules",
    "tables",
    "models",
    "queries",
    "actions",
    "consume",
    "jobs",
    "kinds",
    "migrations",
    "sql",
}

# How many characters a line of a template may have.
WIDTH = 120

DOORS = {"cli", "web", "connect", "engine", "kit"}


def test_every_room_calls_only_the_rooms_below_it():
    linted = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=house.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout[-3000:]


def test_foreign_keys_point_down_too():
    order = {name: number for number, layer in enumerate(house.layers()) for name in layer}
    wrong = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for model in apps.get_models()
        if model.__module__.startswith("orchard.")
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.related_model.__module__.startswith("orchard.")
        and order[room_of(model)] > order[room_of(field.related_model)]
    ]
    assert wrong == []


def test_the_ledger_holds_no_foreign_key():
    ledger = apps.get_app_config("interactions").get_models()
    assert [field for model in ledger for field in model._meta.get_fields() if field.is_relation] == []


def test_files_of_a_room_have_the_names_that_mean_the_same_everywhere():
    odd = [
        f"{room}/{path.name}"
        for room in house.rooms()
        if room not in DOORS
        for path in (house.ROOT / "orchard" / room).iterdir()
        if path.stem not in FILES | {"__init__", "__pycache__"} and not allowed(room, path)
    ]
    assert odd == []


def test_from_another_room_only_its_public_files_are_imported():
    public = {"actions", "queries", "tables", "types"}
    pattern = re.compile(r"^\s*from orchard\.(\w+)(?:\.(\w+))?(?:\.\S+)? import (.+)$", re.MULTILINE)
    wrong = []
    for path in house.modules():
        own = path.relative_to(house.ROOT / "orchard").parts[0]
        if own in {"flow.py", "wiring.py", "cli", "settings.py", "apps.py", "urls.py"}:
            continue
        for room, part, names in pattern.findall(path.read_text()):
            if room in DOORS | {own, "config"} or room not in house.rooms():
                continue
            taken = [part] if part else [name.strip(" ()").split(" as ")[0] for name in names.split(",")]
            wrong += [
                f"{path.name}: {room}.{each}"
                for each in taken
                if each and each not in public and not (own in {"web", "reports"} and each == "models")
            ]
    assert wrong == []


def test_pages_name_the_rows_that_they_show_but_read_and_write_through_rooms_alone():
    pattern = re.compile(r"(?<!UserSession)\.objects\b|\.save\(|\.delete\(|connection\.cursor")
    pages = [path for path in house.modules() if "web" in path.relative_to(house.ROOT).parts]
    assert [str(path) for path in pages if pattern.search(path.read_text())] == []


def test_no_module_is_a_drawer_for_anything():
    assert [
        str(path) for path in house.modules() if path.stem in {"utils", "helpers", "misc", "common"}
    ] == []


def test_modules_stay_small_enough_to_read():
    lines = {path: len(path.read_text().splitlines()) for path in house.modules()}
    assert {str(path): count for path, count in lines.items() if count > 420} == {}


def test_lines_of_templates_stay_short_enough_to_read():
    long = [
        f"{path.relative_to(house.ROOT)}:{number} has {len(line)} characters, one tag a line fits into {WIDTH}"
        for path in house.templates()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > WIDTH
    ]
    assert long == [], "\n".join(long)


def test_nobody_signals_or_overrides_save():
    pattern = re.compile(r"django\.db\.models\.signals|django\.dispatch|def save\(self")
    assert [str(path) for path in house.modules() if pattern.search(path.read_text())] == []


@pytest.mark.parametrize("name", generate.PAGES)
def test_the_generated_pages_of_the_docs_are_true(name):
    assert (house.ROOT / "docs" / name).read_text() == generate.PAGES[name](), "run `make docs`"


@pytest.mark.django_db
def test_migrations_are_in_step_with_the_models():
    ours = [config.label for config in apps.get_app_configs() if config.name.startswith("orchard.")]
    call_command("makemigrations", *ours, check=True, dry_run=True, verbosity=0)


def test_consumers_are_named_once_and_come_after_known_ones_before_them():
    from orchard import flow

    assert [name for name, count in Counter(each.name for each in flow.CONSUMERS).items() if count > 1] == []
    seen = set()
    for each in flow.CONSUMERS:
        assert set(each.after) <= seen
        seen.add(each.name)


def test_a_refusal_that_a_page_shows_is_a_template_with_its_values():
    """A sentence that is put together before nobody can look up in another language."""
    names, unread = words.refusals() | {"Phrase", "marked"}, set(words.unread())
    wrong = [
        f"{path.relative_to(house.ROOT)}:{call.lineno}"
        for path in house.modules()
        if str(path.relative_to(house.ROOT)) not in unread
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) in names
        if any(isinstance(each, ast.JoinedStr) for each in call.args[:1])
    ]
    assert wrong == []


def test_decisions_fit_on_one_page():
    long = [
        path.name
        for path in (house.ROOT / "docs" / "decisions").glob("*.md")
        if len(path.read_text().splitlines()) > 60
    ]
    assert long == []


def test_the_repository_names_no_registry_and_no_machine():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=house.ROOT, capture_output=True, text=True, check=True
    ).stdout
    hosts = [
        "pypi" + ".org",
        "files.python" + "hosted",
        "registry.npm" + "js",
        "/work" + "/main",
        "/root" + "/",
    ]
    named = []
    for name in tracked.splitlines():
        path = house.ROOT / name
        if path.is_file() and path.suffix not in {".woff2", ".png"}:
            text = path.read_text(errors="ignore")
            named += [f"{name}: {host}" for host in hosts if host in text]
    assert named == []


def room_of(model):
    return model.__module__.split(".")[1]


def allowed(room, path):
    """Rooms may hold one more noun where the design asks for it; each stands here with its reason."""
    return (room, path.stem) in {
        ("api", "v1"),  # the first version of the door, a module per resource
        ("api", "operations"),  # what its operations have in common
        ("api", "problems"),  # how a refusal is told
        ("api", "reading"),  # how a request is read
        ("api", "idempotency"),  # how a call is done once
        ("api", "openapi"),  # how the door describes itself
        ("api", "middleware"),  # what stands around it
        ("agreement", "document"),  # the text both sides sign, as a model
        ("agreement", "starters"),  # the agreement a new company begins with
        ("agreement", "words"),  # the contract as people read it
        ("agreement", "diff"),  # what differs between two versions
        ("nurture", "document"),  # a program, as a model
        ("nurture", "steps"),  # the types of its steps, each registered once
        ("outbox", "mail"),  # how a message becomes an e-mail
        ("team", "letters"),  # what we write to members
        ("tasks", "letters"),  # what notices say by e-mail
        ("demo", "story"),  # the fictional company's eighteen months
        ("backup", "archive"),  # what the file looks like
        ("backup", "schema"),  # what the database says it holds
        ("agreement", "verdict"),  # the agreement as an expression over facts
    }
