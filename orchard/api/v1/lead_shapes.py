"""The shapes of leads: what is asked, what is given, what is answered."""

from datetime import date, datetime
from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictInt, model_validator

from orchard.api.v1.shapes import MOST, PAGE, BodyId, Filled, Given, Id, Named
from orchard.leads.queries import Order
from orchard.leads.types import NOTE_LENGTH, RELEASED_AT_ONCE, State
from orchard.tasks.types import PLACE_LENGTH, TITLE_LENGTH, Happened, What


class Wish(BaseModel):
    """Which leads, in which order."""

    state: list[State] = Field(
        [], max_length=len(State), description="In one of these states; give it more than once for several."
    )
    member: Literal["me"] | Id | None = Field(
        None, description="Whose: `me`, or the id of a member. Of leads that are over: who had it last."
    )
    account_id: Id | None = Field(None, description="At this company.")
    contact_id: Id | None = Field(None, description="Of this contact, earlier ones included.")
    order: Order = Field(
        Order.NEWEST,
        description="`newest` first; or by `due`: those whose clock runs, the one that runs out next first.",
    )
    cursor: str = Field("", max_length=2_000, description="`next` or `previous` of another page.")
    limit: int = Field(PAGE, ge=1, le=MOST, description="How many at most.")


class Clocks(BaseModel):
    """When what runs out; null where nothing runs."""

    accept_by: datetime | None = Field(description="Until when the offer holds.")
    first_attempt_by: datetime | None = Field(description="By when the contact is to be tried first.")
    rots_at: datetime | None = Field(description="When it goes back, if nobody is in touch before.")


class Came(BaseModel):
    """For which reason a lead is over."""

    reason: str = Field(description="Its code in the agreement.")
    label: str = Field(description="What the agreement calls it.")


class LeadLine(BaseModel):
    """A lead in a list."""

    id: int
    contact: Named
    account: Named | None
    state: State
    stale: bool = Field(description="Whether nothing that counts has happened for long.")
    member: Named | None = Field(description="Who has it, or had it last.")
    round: int = Field(description="The first time that the contact is a lead is 1.")
    points: float = Field(description="The score of the last assessment before it was taken.")
    ripe_at: datetime
    accepted_at: datetime | None
    clocks: Clocks
    closed_at: datetime | None
    came_back: Came | None
    eligible_at: datetime | None = Field(
        description="From when the contact may become a lead again, once this one is over; null for never, or open."
    )


class Leads(BaseModel):
    """A page of a list; `next` and `previous` are empty where nothing follows."""

    leads: list[LeadLine]
    next: str = Field(description="The `cursor` of the page behind, or empty.")
    previous: str = Field(description="The `cursor` of the page before, or empty.")


class ScoreLine(BaseModel):
    """One line of the score on the day it became a lead."""

    name: str
    points: float
    fit: bool = Field(description="Whether it says what the contact is; else what they did.")


class Offer(BaseModel):
    """One time that the lead was offered to somebody, or taken."""

    member: str
    made_at: datetime
    due_at: datetime | None
    why: str = Field(description="Why it came to this member, such as `turn` or `account_owner`.")
    by: str = Field(description="The manager who sent it, or empty.")
    outcome: str = Field(description="How it ended; empty while it runs.")
    ended_at: datetime | None


class Lead(LeadLine):
    """One lead whole."""

    version: int = Field(description="The version of the agreement by which it became a lead.")
    touched_at: datetime | None = Field(description="The last real exchange, or the acceptance.")
    attempts: int = Field(description="How often we tried since it came to whoever has it.")
    met: list[str] = Field(description="Why it is a lead, in words.")
    lines: list[ScoreLine] = Field(description="The score of the day it became a lead, line by line.")
    offers: list[Offer] = Field(description="The last one first.")
    colleagues: list[Named] = Field(description="Who ripened at the same company and joined it.")


class Choice(BaseModel):
    """A reason for which the lead may come back, and what follows."""

    reason: str
    label: str
    asks: str = Field(description="`wake_on` where the reason asks for a day, else empty.")
    disqualifies: bool = Field(description="Whether it ends for good.")
    attempts: int = Field(description="How many attempts there were.")
    missing: int = Field(description="How many more the reason needs; it is refused until then.")
    eligible_at: datetime | None = Field(
        description="From when the contact may come again, if it is returned now without a day; null for never."
    )


class Choices(BaseModel):
    """The reasons of the agreement under which the lead was offered."""

    choices: list[Choice]


class Nothing(Given):
    """No more than the address says."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{}]})


class Back(Given):
    """Why a lead comes back."""

    reason: Filled = Field(max_length=60, description="A code of `reasons`.")
    wake_on: date | None = Field(
        None,
        description="The day that the contact named, by the clock of the member; for reasons that ask for it.",
    )
    note: str = Field(
        "", max_length=NOTE_LENGTH, description="In your words; kept apart, and erased with the person."
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "too_early", "note": "Asks again after the move."}]}
    )


class Receiver(Given):
    """Who gets a lead: exactly one of the two."""

    member_id: BodyId | None = Field(None, description="The id of a member.")
    email: str | None = Field(None, max_length=254, description="The login of a member.")

    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "lars.berg@orchard.example"}]})

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.member_id is None) == (self.email is None):
            raise ValueError("Give exactly one of member_id and email.")
        return self


class Count(Given):
    """How many stale leads are let out."""

    count: StrictInt = Field(ge=1, le=RELEASED_AT_ONCE, description="The highest scores first.")

    model_config = ConfigDict(json_schema_extra={"examples": [{"count": 10}]})


class Released(BaseModel):
    """What a release came to."""

    released: int = Field(description="How many there were, at most as many as asked for.")


class NextStep(Given):
    """What is to be done next, by the member for whom the token acts: on a day, or for a meeting from when to when."""

    what: What
    due_on: date | None = Field(None, description="The day; a meeting has times instead.")
    title: str = Field("", max_length=TITLE_LENGTH, description="Its own words.")
    starts_at: AwareDatetime | None = Field(None, description="When a meeting begins, with its time zone.")
    ends_at: AwareDatetime | None = Field(None, description="When it ends.")
    place: str = Field("", max_length=PLACE_LENGTH, description="Where a meeting is.")


class NewEntry(Given):
    """What happened with the contact of a lead."""

    happened: Happened = Field(
        description="`reached` and `no_answer` are calls, `held` and `missed` meetings, `mail` one written by hand."
    )
    at: AwareDatetime | None = Field(None, description="When, with its time zone; now, where it is left out.")
    words: str = Field(
        "", max_length=20_000, description="What was said; kept apart, and erased with the person."
    )
    next_step: NextStep | None = Field(None, description="What comes next.")

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"happened": "reached", "words": "Wants samples of the white box."}]}
    )


class Entry(BaseModel):
    """What was logged."""

    id: int
    fact_id: int = Field(description="The fact that tells it, as the contact's facts list it.")
    next_step_id: int | None
