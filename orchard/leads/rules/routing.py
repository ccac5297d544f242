"""Who may be offered a lead: by the agreement's rows in their order, else by territory, else by turn among all."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from orchard.agreement.types import Route
from orchard.leads.types import Why
from orchard.team.types import Taker

EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Pool:
    """Some members among whom a lead goes by turn. `row` is the agreement's row that said so, None for no row.

    `code` names the pool: `everybody`, `team:CODE`, `territory:ID` or `member:ID`.
    """

    code: str
    why: Why
    row: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """What routing asks of a contact: whose account it is, who met it (the last first), which territories it is in."""

    owner_id: int | None = None
    met_by: Sequence[int] = ()
    territories: Sequence[int] = ()


@dataclass(frozen=True)
class Takers:
    """Everybody who takes leads, and who of them is away now."""

    all: Sequence[Taker]
    away: frozenset[int] = frozenset()

    @cached_property
    def present(self) -> dict[int, Taker]:
        """Who is not away."""
        return {each.id: each for each in self.all if each.id not in self.away}

    @cached_property
    def pools(self) -> Mapping[str, frozenset[int]]:
        """The members of each pool that has any who is not away."""
        found: dict[str, set[int]] = {}
        for each in self.present.values():
            for code in codes_of(each):
                found.setdefault(code, set()).add(each.id)
        return {code: frozenset(members) for code, members in found.items()}

    @cached_property
    def by_email(self) -> dict[str, int]:
        """The id of each by e-mail."""
        return {each.email: each.id for each in self.all}


def pools_of(routes: Sequence[Route], holds: Sequence[bool], known: Known, takers: Takers) -> Iterator[Pool]:
    """Yield the pools that a lead may go to, in order; none of them is empty.

    A row that names one member passes on to the next when that member is away or was asked in vain; one that names
    several ends the search, and so does the last resort: the territory of the contact's country, else everybody.
    """
    for place, (route, holding) in enumerate(zip(routes, holds, strict=True)):
        if not holding:
            continue
        for code, why in _codes(route, known, takers):
            if code in takers.pools:
                yield Pool(code, why, place)
                if why is Why.TURN:
                    return
    for code in (*map(territory_code, known.territories), EVERYBODY):
        if code in takers.pools:
            yield Pool(code, Why.TURN, None)
            return


def chosen(pools: Iterator[Pool], asked: Collection[int], takers: Takers) -> Pool | None:
    """Return the first pool with a member who was not asked yet; None where everybody was asked in vain."""
    return next((pool for pool in pools if takers.pools[pool.code].difference(asked)), None)


def codes_of(taker: Taker) -> list[str]:
    """Return the codes of the pools that a member is in."""
    codes = [EVERYBODY, member_code(taker.id)]
    codes += [team_code(taker.team)] if taker.team else []
    return codes + ([territory_code(taker.territory_id)] if taker.territory_id is not None else [])


def member_code(member_id: int) -> str:
    """Return the code of the pool of one member."""
    return f"member:{member_id}"


def team_code(code: str) -> str:
    """Return the code of the pool of a team."""
    return f"team:{code}"


def territory_code(territory_id: int) -> str:
    """Return the code of the pool of a territory."""
    return f"territory:{territory_id}"


def _codes(route: Route, known: Known, takers: Takers) -> Iterator[tuple[str, Why]]:
    if route.to.team is not None:
        yield team_code(route.to.team), Why.TURN
    elif route.to.member is not None:
        if (named := takers.by_email.get(route.to.member)) is not None:
            yield member_code(named), Why.NAMED
    elif route.to.relation == "who_met_them":
        yield from ((member_code(each), Why.WHO_MET_THEM) for each in known.met_by)
    elif route.to.relation == "account_owner" and known.owner_id is not None:
        yield member_code(known.owner_id), Why.ACCOUNT_OWNER
    elif route.to.relation == "territory":
        yield from ((territory_code(each), Why.TURN) for each in known.territories)
