"""Promise: with a million contacts and fifty thousand leads every list is there in 80 ms and every desk in 150.

Each address is asked by HTTP of the server as it is shipped, one request after the other, as a member who is signed in;
what a page fetches by itself after it stands counts as an address of its own. Of each, the time that nineteen of twenty
requests do not exceed is told, and the slowest address makes the figure. The reference is the page that asks the
database for nothing but who is there. How many questions a page asks of the database is counted in this process.
"""

import gzip
import json
import re
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import company, facts
from bench.figures import LOWER, Figure, rounded
from bench.forms import share
from bench.ground import Ground, say
from bench.large import large
from bench.leads import LEADS
from bench.segment import CONDITION, DECIDERS
from orchard import flow
from orchard.engine import lake
from orchard.interactions import actions as ledger
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.kit.money import Money
from orchard.leads import actions as leads
from orchard.leads import jobs
from orchard.leads.models import Lead
from orchard.nurture import actions as nurture
from orchard.opportunities import actions as opportunities
from orchard.opportunities.types import Fields
from orchard.reports import jobs as ready
from orchard.search import actions as search
from orchard.segments import actions as segments
from orchard.tasks import actions as tasks
from orchard.tasks.types import What
from orchard.team import actions as team
from orchard.team.models import Member
from orchard.team.types import Hours, Place, Role, TerritoryFields

VERSION = 2
MEMBERS = 40
TIMES = 50
AT_ONCE = 5_000
ACCEPTED, RETURNED, SALES = 8, 10, 25
"""Of so many leads one is accepted, one comes back, one becomes a sale."""
PATIENCE = 60.0
FILTERED = 3.0
PROGRAM = {
    "name": "Not now",
    "audience": {"returned": ["wrong_timing"]},
    "steps": [{"type": "wait", "days": 30}, {"type": "task", "what": "call", "title": "Ask how it goes"}],
}


class Page(NamedTuple):
    """One address and who asks for it."""

    name: str
    who: Role
    address: str


def measure(here: Ground) -> list[Figure]:
    """Ask for every list and every desk, and for a list narrowed by what people did, which nobody asked for yet."""
    filled = here.cached(f"pages_{VERSION}", lambda: _fill(here), on=large(here))
    with here.clone(filled):
        facts.read_to_the_end()
        lake.sync(now=clock.now())
        flow.sweep(clock.now())
        ready.keep_ready(clock.now())
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
        members = {role: _member(role) for role in (Role.SALES, Role.MANAGER, Role.ADMIN)}
        lists, desks = list(_lists()), list(_desks(members[Role.SALES]))
        questions = {page: _questions(page, members[page.who]) for page in (*lists, *desks)}
        with _server(here) as port:
            door = Door(port, {role: _session(member) for role, member in members.items()})
            bare = door.slow(Page("the work that is under way", Role.ADMIN, reverse("ui:work")))
            listed = {page: door.slow(page) for page in lists}
            shown = {page: door.slow(page) for page in desks}
            loads = {page: door.load(page) for page in desks}
            did = door.first(_filtered())
    for page, milliseconds in {**listed, **shown}.items():
        say(f"  {milliseconds:7.1f} ms {questions[page]:3} questions  {page.name}: {page.address[:90]}")
    return [
        Figure("list_p95_ms", rounded(max(listed.values())), "ms", LOWER, 80, rounded(bare)),
        Figure("desk_p95_ms", rounded(max(shown.values())), "ms", LOWER, 150, rounded(bare)),
        Figure("did_filter_s", rounded(did), "s", LOWER, FILTERED, None),
        Figure("max_queries", max(questions.values()), "queries", LOWER, 30, None),
        Figure("max_first_load_kb", rounded(max(loads.values())), "kB", LOWER, 250, None),
    ]


def _lists() -> Iterator[Page]:
    """Give every list as it opens, and those of contacts and leads as people narrow and order them."""
    plain = {
        "contacts": "contacts:list",
        "companies": "accounts:list",
        "basket": "basket:list",
        "leads in hands": "leads:list",
        "what came back": "leads:returned",
        "opportunities": "opportunities:list",
        "segments": "segments:list",
        "programs": "programs:list",
        "campaigns": "campaigns:list",
        "imports": "imports:list",
        "members": "members:list",
        "audit book": "audit:list",
        "steps": "tasks:list",
    }
    for name, view in plain.items():
        yield Page(name, Role.ADMIN, reverse(view))
    for view in ("leads:list", "basket:list", "tasks:list", "opportunities:list"):
        yield Page(f"{view} of a seller", Role.SALES, reverse(view))
    country = json.dumps({"field": "contact.country", "is": "AT"})
    both = json.dumps(
        {
            "all": [
                {"field": "contact.country", "in": ["AT", "DE"]},
                {"field": "account.industry", "is": "food"},
            ]
        }
    )
    saved = json.dumps({"segment": "deciders"})
    for name, query in (
        ("by name", {"sort": "name"}),
        ("newest", {"sort": "-added"}),
        ("ripe", {"show": "ripe"}),
        ("one country", {"where": country}),
        ("two fields", {"where": both}),
        ("a saved segment", {"where": saved}),
        ("words", {"words": "company 4711"}),
    ):
        yield Page(f"contacts, {name}", Role.ADMIN, f"{reverse('contacts:list')}?{urlencode(query)}")
    (segment,) = _row("SELECT id FROM segment WHERE code = 'deciders'")
    (program,) = _row("SELECT id FROM program ORDER BY id LIMIT 1")
    yield Page("members of a segment", Role.ADMIN, reverse("segments:show", args=[segment]))
    yield Page("people of a program", Role.ADMIN, reverse("programs:show", args=[program]))
    yield Page("search", Role.ADMIN, f"{reverse('search:find')}?q=gruber")


def _desks(seller: Member) -> Iterator[Page]:
    """Give the screens that people keep open, and what they fetch once they stand."""
    held = Lead.objects.filter(member=seller, state="accepted").order_by("-id").first()
    offered = Lead.objects.filter(member=seller, state="offered").order_by("-id").first()
    (program,) = _row("SELECT id FROM program ORDER BY id LIMIT 1")
    (contact, account) = _row(
        "SELECT contact_id, account_id FROM interaction WHERE account_id IS NOT NULL ORDER BY id DESC LIMIT 1"
    )
    if held is None or offered is None:
        raise Refused("Nobody has a lead in hands; the ground of this bench is wrong.")
    for view in ("today:show", "weekly:show", "notices:list"):
        yield Page(view, Role.SALES, reverse(view))
    for lead in (held, offered):
        yield Page(f"lead, {lead.state}", Role.SALES, reverse("leads:show", args=[lead.pk]))
    yield Page("return", Role.SALES, reverse("leads:give_back", args=[held.pk]))
    yield Page("contact", Role.ADMIN, reverse("contacts:show", args=[contact]))
    yield Page("contact of a lead", Role.SALES, reverse("contacts:show", args=[held.contact_id]))
    yield Page("account", Role.ADMIN, reverse("accounts:show", args=[account]))
    yield Page("program", Role.ADMIN, reverse("programs:show", args=[program]))
    yield Page("program's results", Role.ADMIN, reverse("programs:results", args=[program]))
    for view in ("agreement:show", "agreement:history", "routing:show", "health:show", "leads:desks"):
        yield Page(view, Role.MANAGER if view != "leads:desks" else Role.ADMIN, reverse(view))
    for name in ("scorecard", "funnel", "came_back"):
        yield Page(f"report {name}", Role.MANAGER, reverse("reports:show", args=[name]))
        yield Page(f"figures of {name}", Role.MANAGER, reverse("reports:figures", args=[name]))
    for view in (
        "orchard:show",
        "orchard:trees",
        "orchard:table",
        "orchard:beside",
        "orchard:soon",
        "orchard:ripening",
    ):
        yield Page(view, Role.MANAGER, reverse(view))
    week = f"{clock.now():%G-W%V}"
    yield Page("figures of the week", Role.MANAGER, reverse("weekly:figures", args=[week]))


def _filtered() -> Page:
    condition = json.dumps({"did": ["webinar.attended"], "within_days": 45, "at_least": 2})
    return Page(
        "contacts by what they did",
        Role.ADMIN,
        f"{reverse('contacts:list')}?{urlencode({'where': condition})}",
    )


class Door:
    """The server as a browser sees it."""

    def __init__(self, port: int, cookies: Mapping[Role, str]) -> None:
        """Know where it is and who comes."""
        self._port, self._cookies = port, cookies

    def slow(self, page: Page) -> float:
        """Return the milliseconds that nineteen of twenty requests do not exceed, after one that nobody waits for."""
        self._body(page)
        return share([self._timed(page) * 1000 for _ in range(TIMES)], 0.95)

    def first(self, page: Page) -> float:
        """Return the seconds until a page stands that nobody asked for before."""
        return self._timed(page)

    def load(self, page: Page) -> float:
        """Return the kilobytes that a first visit moves: the page, its style and its scripts, without fonts."""
        body = self._body(page)
        found = len(gzip.compress(body.encode()))
        for address in sorted(set(re.findall(r'(?:src|href)="(/static/[^"]+\.(?:js|css|svg))"', body))):
            found += len(self._get(address, page.who)[1])
        return found / 1000

    def _timed(self, page: Page) -> float:
        begun = time.monotonic()
        self._body(page)
        return time.monotonic() - begun

    def _body(self, page: Page) -> str:
        status, body = self._get(page.address, page.who)
        if status != HTTPStatus.OK:
            raise Refused(f"{page.address} answers {status}: {body[:300]!r}")
        return body.decode()

    def _get(self, address: str, who: Role) -> tuple[int, bytes]:
        link = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        wants = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self._cookies[who]}"}
        if address.startswith("/static/"):
            wants["Accept-Encoding"] = "gzip"
        try:
            link.request("GET", address, headers=wants)
            answer = link.getresponse()
            return answer.status, answer.read()
        finally:
            link.close()


def _questions(page: Page, member: Member) -> int:
    """Return how many questions a page asks of the database once its process is warm."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(member)
    client.get(page.address)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(page.address)
    if answer.status_code != HTTPStatus.OK:
        raise Refused(f"{page.address} answers {answer.status_code}.")
    return len(asked)


@contextmanager
def _server(here: Ground) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = here.start("web", "--port", str(port))
    begun = time.monotonic()
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError as error:
                if process.poll() is not None or time.monotonic() - begun > PATIENCE:
                    raise Refused("The server did not come up.") from error
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def _member(role: Role) -> Member:
    return Member.objects.filter(role=role).order_by("id")[0]


def _session(member: Member) -> str:
    store = SessionStore()
    store[SESSION_KEY] = str(member.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = member.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def _row(question: str) -> tuple[int, ...]:
    """Return the one row that a question gives."""
    with connection.cursor() as cursor:
        cursor.execute(question)
        found = cursor.fetchone()
    if found is None:
        raise Refused(f"Nothing answers {question}.")
    return tuple(found)


def _fill(here: Ground) -> None:
    """Let fifty thousand contacts become leads, and members do with them what members do."""
    now = clock.now()
    marketer = Member.objects.get(email=company.SIGNERS[0][0])
    _hire()
    segments.create(name="Deciders", condition=DECIDERS, actor_id=marketer.pk, now=now)
    segments.create(name="Those who read", condition=CONDITION, actor_id=marketer.pk, now=now)
    program = nurture.begin(values=PROGRAM, actor_id=marketer.pk, now=now)
    nurture.go_live(program_id=program, revision=1, lets_in=True, actor_id=marketer.pk, now=now)
    say("  leads")
    _ask(here.count(LEADS, 500))
    jobs.draw(clock.now())
    ledger.drain(flow.CONSUMERS)
    _work()
    ledger.drain(flow.CONSUMERS)
    flow.sweep(clock.now())
    lake.sync(now=clock.now())
    say("  words to search by")
    search.keep_keys(contact_ids=_ids("contact"), account_ids=_ids("account"))


def _ids(table: str) -> range:
    (last,) = _row(f"SELECT coalesce(max(id), 0) FROM {table}")
    return range(1, last + 1)


def _hire() -> None:
    """Let an admin come, and sellers who work round the clock."""
    now = clock.now()
    always = TerritoryFields("Everywhere", "UTC", Hours(frozenset(range(7)), 0, 24 * 60), "")
    place = team.add_territory(fields=always, actor_id=None, now=now)
    team.add_member(
        email="admin@bench.example", name="Admin", place=Place(Role.ADMIN), password=None, now=now
    )
    for number in range(MEMBERS):
        team.add_member(
            email=f"rep{number}@bench.example",
            name=f"Rep {number}",
            place=Place(Role.SALES),
            password=None,
            now=now,
        )
    Member.objects.filter(role=Role.SALES).update(capacity=10_000, territory=place)


def _ask(count: int) -> None:
    """Let so many contacts ask for a quote who have no lead yet, some thousand at a time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.account_id FROM contact c LEFT JOIN lead l ON l.contact_id = c.id"
            " WHERE NOT c.is_competitor AND l.id IS NULL ORDER BY hashint8extended(c.id, 5) LIMIT %s",
            [max(0, count - Lead.objects.count())],
        )
        people = cursor.fetchall()
    for first in range(0, len(people), AT_ONCE):
        with transaction.atomic():
            ledger.tell("quote.requested", people[first : first + AT_ONCE], now=clock.now(), lane="bulk")
        ledger.drain(flow.CONSUMERS)


def _work() -> None:
    """Let some leads be accepted, some of those come back, and some become a sale; everybody plans a step."""
    now = clock.now()
    held = list(
        Lead.objects.filter(state="offered").order_by("id").values_list("id", "member_id", "contact_id")
    )
    for place, (lead, member, contact) in enumerate(held):
        if place % ACCEPTED == 0:
            leads.accept(lead_id=lead, member_id=member, now=now)
            day = (now + timedelta(days=place % 9)).date()
            tasks.plan_step(
                what=What.CALL, member_id=member, made_by=member, due_on=day, contact_id=contact, now=now
            )
        elif place % RETURNED == 1:
            leads.give_back(
                lead_id=lead,
                member_id=member,
                reason="wrong_timing",
                wake_on=(now + timedelta(days=90)).date(),
                note="Not this year.",
                zone="UTC",
                now=now,
            )
        elif place % SALES == 2:  # noqa: PLR2004 - those that neither of the others took
            leads.accept(lead_id=lead, member_id=member, now=now)
            fields = Fields(f"Line {place}", Money(100_000 + place, "EUR"), None)
            opportunities.convert(lead_id=lead, member_id=member, fields=fields, now=now)
