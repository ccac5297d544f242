"""Two members sign at the same moment."""

import threading

from django.db import connection

from orchard.agreement import actions, queries
from orchard.agreement.types import State
from orchard.interactions.models import Interaction
from orchard.kit.errors import Conflict
from tests.make.agreements import NOW, SMALL, member


def test_two_who_sign_at_the_same_moment_bring_it_into_force_once(own_database):
    sam, nora = member("Sam Okafor", "marketing", marketing=True), member("Nora Lind", sales=True)
    version = queries.version(actions.propose_text(text=SMALL, member_id=sam.pk, now=NOW))
    start, states = threading.Barrier(4), []

    def sign(who, side):
        start.wait()
        try:
            states.append(
                actions.sign(
                    member_id=who.pk, version_id=version.id, side=side, text_hash=version.text_hash, now=NOW
                )
            )
        except Conflict:
            states.append("refused")
        finally:
            connection.close()

    pairs = [(sam, "marketing"), (nora, "sales")] * 2
    threads = [threading.Thread(target=sign, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(states) == sorted([State.PROPOSED, State.IN_FORCE, "refused", "refused"])
    assert queries.in_force().id == version.id
    assert Interaction.objects.filter(kind="agreement.in_force").count() == 1
