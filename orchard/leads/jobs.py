"""The clockwork of leads: what time alone brings about, looked for again and again."""

from datetime import datetime

from orchard.leads import actions

ROUNDS = 50
"""How often a job goes on at once before others have their turn."""


def tick(now: datetime) -> int:
    """Do what is due for leads: offers, attempts, rot, rests; return how much that was."""
    done = 0
    for act in (actions.expire, actions.tell_late_attempts, actions.rot, actions.wake):
        for _ in range(ROUNDS):
            acted = act(now=now)
            done += acted
            if not acted:
                break
    return done


def draw(now: datetime) -> int:
    """Offer what waits, until nothing or nobody is left; return how many offers were made."""
    made = 0
    for _ in range(ROUNDS):
        offered = actions.draw(now=now)
        made += offered
        if not offered:
            break
    return made


def look_round(now: datetime) -> int:
    """Take leads out of the hands of who is not there, and out of pools that nobody is in; return how many."""
    return actions.take_back_from_the_absent(now=now) + actions.route_anew(now=now)
