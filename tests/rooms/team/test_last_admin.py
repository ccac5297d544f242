"""The last admin, when two act at the same moment."""

import threading

from django.db import connection

from orchard.kit import clock
from orchard.team import actions
from orchard.team.models import Member
from orchard.team.types import LastAdmin, Place, Role
from tests.make.members import member


def test_two_admins_who_demote_each_other_at_once_leave_one(own_database):
    one, two = member(Role.ADMIN), member(Role.ADMIN)
    gate, refused = threading.Barrier(2), []

    def demote(person, actor):
        gate.wait()
        try:
            actions.change_member(
                member_id=person.id,
                email=person.email,
                name=person.name,
                place=Place(Role.SALES),
                territory_id=None,
                takes=person.takes,
                actor_id=actor.id,
                now=clock.now(),
            )
        except LastAdmin as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=demote, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Member.objects.filter(role=Role.ADMIN).count() == 1
