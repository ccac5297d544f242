"""Facts: what happened with contacts, stated by other systems and read in the order of the ledger."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from django.http import HttpRequest
from ninja import Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from orchard.api import actions, queries, rules
from orchard.api.operations import Desk, Reply, caller_of
from orchard.api.types import MOST_FACTS, FactShown, Scope, Stated
from orchard.api.v1.contact_shapes import NewId
from orchard.api.v1.shapes import MOST, BodyId, ContactId, Given, Named, named
from orchard.kit import clock

desk = Desk(tags=["facts"])

# The ledger's own list, which mypy cannot read.
Kind = StrEnum("Kind", {name: name for name in rules.STATEABLE})  # type: ignore[misc]


class About(Given):
    """Whom a fact is about: exactly one of the three."""

    id: BodyId | None = Field(None, description="The contact's id here.")
    email: str | None = Field(None, max_length=320, description="One of the contact's e-mail addresses.")
    external_id: NewId | None = Field(None, description="What the contact is called in another system.")

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if sum(each is not None for each in (self.id, self.email, self.external_id)) != 1:
            raise ValueError("Give exactly one of id, email and external_id.")
        return self

    @property
    def sign(self) -> int | str | tuple[str, str]:
        """What the contact is looked for by."""
        if self.external_id is not None:
            return self.external_id.source.strip(), self.external_id.value.strip()
        return self.id if self.id is not None else self.email or ""


class NewFact(Given):
    """Something that happened."""

    contact: About
    kind: Kind = Field(description="What happened.")
    occurred_at: AwareDatetime | None = Field(
        None,
        description="When it happened, with its time zone; now, where it is left out. At most 5 minutes ahead.",
    )
    campaign: str = Field(
        "", max_length=200, description="Code or name of a campaign; one that is not known is made."
    )
    content: str = Field("", max_length=200, description="Your reference of a piece of content; likewise.")
    words: str = Field(
        "", max_length=20_000, description="What was said or written; kept apart, and erased with the person."
    )
    key: Annotated[str, Field(max_length=200)] = Field(
        "",
        description=(
            "What makes this fact the same fact, such as `shop order 1044`: with its kind it is stated once, whichever "
            "call or token says so again."
        ),
    )


class NewFacts(Given):
    """Facts to state, all of them or none."""

    facts: list[NewFact] = Field(min_length=1, max_length=MOST_FACTS)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "facts": [
                        {
                            "contact": {"email": "ana.reyes@solcosmetics.example"},
                            "kind": "quote.requested",
                            "occurred_at": "2026-11-02T09:30:00+01:00",
                            "campaign": "website",
                            "words": "500 boxes, white, by March?",
                            "key": "website form 8812",
                        }
                    ]
                }
            ]
        }
    )


class StatedFact(BaseModel):
    """What became of one fact."""

    id: int | None = Field(description="The id of the fact; null where its key had been stated before.")
    contact_id: int


class StatedFacts(BaseModel):
    """What became of the facts, in the order in which they were stated."""

    facts: list[StatedFact]


class Fact(BaseModel):
    """Something that happened with a contact."""

    id: int
    place: int = Field(description="Its place in the one order of the ledger.")
    kind: str
    direction: str = Field(description="`in` from the contact, `out` from us, or empty: about the contact.")
    occurred_at: datetime
    recorded_at: datetime
    campaign: Named | None
    content: Named | None
    member: Named | None
    amount: int | None = Field(description="In minor units of `currency`.")
    currency: str
    words: str


class Facts(BaseModel):
    """A page of facts; `next` and `previous` are empty where nothing follows."""

    facts: list[Fact]
    next: str = Field(description="The `cursor` of the page behind, or empty.")
    previous: str = Field(description="The `cursor` of the page before, or empty.")


class Wish(BaseModel):
    """Which page."""

    cursor: str = Field("", max_length=2_000, description="`next` or `previous` of another page.")
    limit: int = Field(100, ge=1, le=MOST, description="How many at most.")


@desk.offer("POST", "/facts", name="facts", scope=Scope.FACTS_WRITE, answers=StatedFacts, status=201)
def state_facts(request: HttpRequest, given: NewFacts) -> Reply:
    """State what happened with contacts: one fact, or up to 1,000.

    All of them or none: where one does not fit, the answer names each that does not. Up to 100 facts in one call are
    seen at once; more of them stand behind what people do meanwhile.
    """
    stated = [
        Stated(
            sign=each.contact.sign,
            kind=each.kind,
            occurred_at=each.occurred_at,
            campaign=each.campaign,
            content=each.content,
            words=each.words,
            key=each.key,
        )
        for each in given.facts
    ]
    told = actions.state_facts(stated=stated, caller=caller_of(request), now=clock.now())
    facts = [StatedFact(id=each.id, contact_id=each.contact_id) for each in told]
    return Reply(StatedFacts(facts=facts), 201, about=sorted({each.contact_id for each in told}))


@desk.offer(
    "GET",
    "/contacts/{int:contact_id}/facts",
    name="contact_facts",
    scope=Scope.FACTS_READ,
    answers=Facts,
)
def list_facts(
    request: HttpRequest,  # noqa: ARG001 - ninja gives it
    contact_id: ContactId,
    wish: Query[Wish],
) -> Reply:
    """List what happened with a contact.

    In the order of the ledger, what was recorded first comes first: follow `next` until it is empty. A fact that was
    just stated is here as soon as it has its place, within a second.
    """
    page = queries.facts_of_contact(contact_id, cursor=wish.cursor, size=wish.limit)
    return Reply(Facts(facts=[_shown(each) for each in page.rows], next=page.next, previous=page.previous))


def _shown(each: FactShown) -> Fact:
    fact = each.fact
    return Fact(
        id=fact.id,
        place=fact.pos,
        kind=fact.kind,
        direction=fact.direction,
        occurred_at=fact.occurred_at,
        recorded_at=fact.recorded_at,
        campaign=named(fact.campaign_id, each.campaign),
        content=named(fact.content_id, each.content),
        member=named(fact.member_id, each.member),
        amount=fact.amount,
        currency=fact.currency,
        words=each.words,
    )
