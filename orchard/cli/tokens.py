"""The command by which other systems get their tokens, and lose them."""

import argparse

from orchard.api import actions, queries
from orchard.api.types import OFFERED, Scope, TokenFields
from orchard.cli.types import Answer
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.team import queries as team


def token(given: argparse.Namespace) -> Answer:
    """Make, list or withdraw tokens."""
    return {"add": _add, "list": _list, "withdraw": _withdraw}[given.verb](given)


def _add(given: argparse.Namespace) -> Answer:
    if unknown := sorted(set(given.scope) - set(OFFERED)):
        raise Refused(f"There is no scope {unknown[0]}. Known: {', '.join(OFFERED)}.")
    made = actions.add_token(
        fields=TokenFields(
            given.name, team.member_by_email(given.member).id, frozenset(map(Scope, given.scope))
        ),
        actor_id=None,
        now=clock.now(),
    )
    return Answer({"id": made.id, "name": made.name, "token": made.secret}, made.secret)


def _list(_: argparse.Namespace) -> Answer:
    lines = [
        {
            "prefix": token.prefix,
            "name": token.name,
            "member": token.member.email,
            "scopes": [scope.value for scope in scopes],
            "state": state.value,
            "last_used_at": token.last_used_at and token.last_used_at.isoformat(),
        }
        for token, state, scopes in queries.tokens(now=clock.now())
    ]
    text = "\n".join(f"{each['prefix']}  {each['state']:10}  {each['name']}" for each in lines)
    return Answer({"tokens": lines}, text or "There are no tokens.")


def _withdraw(given: argparse.Namespace) -> Answer:
    found = queries.token_by_prefix(given.prefix or "")
    name = actions.withdraw_token(token_id=found.id, actor_id=None, now=clock.now())
    return Answer({"prefix": found.prefix, "name": name}, f"{name} works no more.")
