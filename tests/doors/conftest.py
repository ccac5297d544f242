"""A real server on a database of its own, and a real browser that reports what goes wrong on a page."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What htmx says of a request that a newer one has replaced, or that the next page cut short.
REPLACED = ("htmx:afterRequest,", "htmx:sendAbort,")
# What moved by itself while a page came in; a part of it that comes later pushes away nothing that one reads.
MOVED = """
window.moved = [];
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) {
    if (shift.hadRecentInput || shift.value < 0.01) continue;
    const what = shift.sources.map(({ node }) => (node?.outerHTML ?? node?.textContent ?? "").slice(0, 120));
    window.moved.push(`${shift.value.toFixed(3)} of the window: ${what.join(", ")}`);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
SIZES = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """Debian's Chromium; skips with the reason where it is absent."""
    if not CHROMIUM.exists():
        pytest.skip("needs Chromium (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, and Django would take it for asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def served(own_database: str, settings: object) -> Iterator[str]:
    """Serve on a database of its own and give the address; what a test sets stays set until its pages are closed."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.test.testcases import LiveServerThread

    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


@pytest.fixture
def member(own_database: str):
    """Add a member of the role admin."""
    from orchard.kit.clock import now
    from orchard.team.models import Member

    return Member.objects.create(
        email="nora@orchard.example", name="Nora Lind", role="admin", scope="all", created_at=now()
    )


@pytest.fixture
def wrong() -> list[str]:
    """Collect what pages complain of; a test that provokes a complaint clears it."""
    return []


@pytest.fixture
def opened(chromium: object, served: str, member: object, wrong: list[str]) -> Iterator[Callable]:
    """Open an address as `member`, logged in, and wait for its parts.

    At the end no page may have complained, moved by itself while it came in, or asked a foreign host.
    """
    from django.test import Client
    from playwright.sync_api import expect

    client = Client()
    client.force_login(member)
    session = client.cookies["sessionid"].value
    pages = []

    def open_(path: str, size: str = "wide", theme: str = "light") -> object:
        page = chromium.new_page(viewport=SIZES[size], color_scheme=theme)
        pages.append(page)
        page.add_init_script(MOVED)
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": served}])
        page.on(
            "console",
            lambda message: (
                message.type == "error"
                and not message.text.startswith(REPLACED)
                and wrong.append(message.text)
            ),
        )
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda request: request.url.startswith((served, "data:")) or wrong.append(f"asks {request.url}"),
        )
        page.goto(served + path)
        expect(page.locator(".htmx-request")).to_have_count(0, timeout=30_000)
        wrong.extend(f"{path} moves by {moved}" for moved in page.evaluate("window.moved"))
        return page

    yield open_
    for page in pages:
        page.context.close()
    assert wrong == []
