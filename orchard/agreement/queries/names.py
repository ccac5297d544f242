"""Which names an agreement of this company may use, and what they are called: fields, stages, campaigns, people."""

from dataclasses import dataclass, replace

from orchard.agreement.queries.stages import stage_labels
from orchard.agreement.queries.terms import Force, names_for
from orchard.agreement.types import Document
from orchard.campaigns import queries as campaigns
from orchard.contacts import queries as contacts
from orchard.content import queries as content
from orchard.engine import catalogue
from orchard.engine.types import Catalogue
from orchard.team import queries as team


def known(document: Document | None = None) -> Catalogue:
    """Return the catalogue of this process with what the company has declared: its fields, stages and campaigns.

    The words are those of the agreement in force, or of `document`.
    """
    names = catalogue.installed().extended(
        (
            *contacts.usual_fields(),
            *contacts.catalogue_fields(),
            *campaigns.catalogue_fields(),
            *content.catalogue_fields(),
        )
    )
    return replace(names, stages=stage_labels(document))


def names_of(force: Force) -> Catalogue:
    """Return the names by which a version's conditions are read."""
    named = names_for(force.terms).extended(campaigns.fields_called(dict(force.campaigns)))
    return replace(named, stages=stage_labels(force.document))


@dataclass(frozen=True, slots=True)
class Takers:
    """Whom a lead may go to by name: each team by its code, each member by the address that they sign in with."""

    teams: tuple[tuple[str, str], ...] = ()
    members: tuple[tuple[str, str], ...] = ()


def takers() -> Takers:
    """Return the teams and those who take leads, by name."""
    return Takers(
        tuple((each.code, each.name) for each in team.teams()),
        tuple((each.email, each.name) for each in team.sellers()),
    )


def people(*documents: Document) -> dict[str, str]:
    """Return the name of each team by its code, and of each member by address, that these route to."""
    targets = [route.to for document in documents for route in document.routing]
    teams = {target.team for target in targets if target.team}
    members = {target.member for target in targets if target.member}
    return {
        **(team.team_names(teams) if teams else {}),
        **(team.names_by_email(members) if members else {}),
    }
