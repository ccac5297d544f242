"""A real server in processes of its own, on the database of the test."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from urllib.parse import quote, urlencode

from django.conf import settings

from tests.make import database


def url_of(name):
    """Return DATABASE_URL of a database of the test server."""
    given = database.parameters(name)
    login = ":".join(quote(given[each], safe="") for each in ("user", "password") if each in given)
    place = {each: given[each] for each in ("host", "port") if each in given}
    return f"postgresql://{login}@/{name}?{urlencode(place)}"


def environment(name):
    """Return the environment in which a command of Orchard works on a database of the test server.

    What the browser tests allow themselves in this process is not handed on.
    """
    given = {**os.environ, "DATABASE_URL": url_of(name), "ORCHARD_SECRET_KEY": settings.SECRET_KEY}
    given.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    return given


class Server:
    """`orchard web` with several processes."""

    def __init__(self, name, *, workers=2, threads=4):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "orchard", "web", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [*command, "--workers", str(workers), "--threads", str(threads)],
            env=environment(name),
            start_new_session=True,
        )

    def ready(self, seconds=60):
        """Wait until it answers, and return it."""
        begun = time.monotonic()
        while time.monotonic() - begun < seconds:
            assert self._process.poll() is None
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=5):
                    return self
            except OSError:
                time.sleep(0.1)
        raise AssertionError("The server did not come up.")

    def kill(self):
        """Kill all of its processes at once."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


@contextmanager
def serving(name, **options):
    """Serve inside, on a database of the test server."""
    server = Server(name, **options)
    try:
        yield server.ready()
    finally:
        server.kill()


def asked(request):
    """Send a request; return status, headers and body, of refusals too."""
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.headers, refusal.read()
