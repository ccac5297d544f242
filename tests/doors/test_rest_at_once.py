"""A hundred calls at once with one key, and a server that is killed in the middle of one: one effect, one answer."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.request import Request

import psycopg

from orchard.api.models import Answer
from orchard.contacts.models import Contact
from orchard.interactions.models import Interaction
from tests.make.database import parameters
from tests.make.rest import token
from tests.make.server import asked, serving

CALLS = 100
ANNA = {"full_name": "Anna Berg", "emails": ["anna.berg@example.com"]}


def call(server, secret, key, body=ANNA):
    return asked(
        Request(
            f"{server.address}/api/v1/contacts",
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {secret}",
                "Idempotency-Key": key,
                "Content-Type": "application/json",
            },
        )
    )


def done(server, secret, key):
    """Send a call as long as one with its key is at work."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        status, headers, body = call(server, secret, key)
        if status != 409:
            return status, headers, body
        assert json.loads(body)["type"].endswith("call-still-running")
        assert headers["Retry-After"] == "1"
        time.sleep(0.05)
    raise AssertionError("Somebody still works under this key.")


def effects():
    return Contact.objects.count(), Interaction.objects.filter(kind="contact.created").count()


def test_of_a_hundred_calls_at_once_with_one_key_one_is_done_and_all_get_its_answer(own_database):
    secret = token()
    with serving(own_database) as server, ThreadPoolExecutor(CALLS) as pool:
        answers = list(pool.map(lambda _: call(server, secret, "one"), range(CALLS)))
        assert effects() == (1, 1)
        assert Answer.objects.count() == 1
        assert {status for status, _, _ in answers} <= {201, 409}
        fresh = [
            headers
            for status, headers, _ in answers
            if status == 201 and "Idempotent-Replayed" not in headers
        ]
        assert len(fresh) == 1
        _, _, body = done(server, secret, "one")
        assert {said for status, _, said in answers if status == 201} == {body}
        still = [json.loads(said)["type"] for status, _, said in answers if status == 409]
        assert set(still) <= {"urn:orchard:problem:call-still-running"}
        assert effects() == (1, 1)


def test_a_hundred_calls_at_once_with_keys_of_their_own_are_all_done(own_database):
    secret = token()
    with serving(own_database) as server, ThreadPoolExecutor(CALLS) as pool:
        names = [f"Person {number}" for number in range(CALLS)]
        answers = list(pool.map(lambda name: call(server, secret, name, {"full_name": name}), names))
    assert {status for status, _, _ in answers} == {201}
    assert effects() == (CALLS, CALLS)


def waits_to_be_kept(connection):
    waiting = "SELECT count(*) FROM pg_locks WHERE relation = 'api_answer'::regclass AND NOT granted"
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if connection.execute(waiting).fetchone()[0]:
            return
        time.sleep(0.02)
    raise AssertionError("No call came that far.")


def test_a_server_killed_between_the_effect_and_its_answer_leaves_neither_and_the_key_free(own_database):
    secret = token()
    with ThreadPoolExecutor(1) as pool, psycopg.connect(**parameters(own_database)) as other:
        with serving(own_database) as server:
            # The contact is made, its answer cannot be kept: the call hangs right before its end.
            other.execute("LOCK TABLE api_answer IN SHARE MODE")
            lost = pool.submit(call, server, secret, "one")
            waits_to_be_kept(other)
            status, _, body = call(server, secret, "one")
            assert (status, json.loads(body)["type"]) == (409, "urn:orchard:problem:call-still-running")
            server.kill()
        assert lost.exception(30) is not None
        other.rollback()
        assert effects() == (0, 0)
        with serving(own_database) as server:
            status, headers, _ = done(server, secret, "one")
    assert status == 201
    assert "Idempotent-Replayed" not in headers
    assert effects() == (1, 1)
    assert Answer.objects.count() == 1
