"""The shapes of contacts: what is asked, what is given, what is answered."""

from datetime import datetime
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from orchard.api.v1.shapes import MOST, PAGE, BodyId, Filled, Given, Id, Named
from orchard.contacts.queries import Order
from orchard.contacts.types import TEXT_LIMITS, Seniority

Own: TypeAlias = dict[str, str | StrictBool | int | float | None]


def _text(field: str, description: str) -> Any:
    return Field(None, max_length=TEXT_LIMITS[field], description=description)


class Wish(BaseModel):
    """Which contacts, in which order."""

    search: str = Field(
        "", max_length=200, description="The beginning of a name, a company or an e-mail address."
    )
    account_id: Id | None = Field(None, description="Whose account this is.")
    owner_id: Id | None = Field(None, description="Whom this member looks after.")
    country: str = Field("", max_length=TEXT_LIMITS["country"], description="As it stands in the contact.")
    order: Order = Field(Order.NEWEST, description="`newest` first, or by `name`.")
    cursor: str = Field("", max_length=2_000, description="`next` or `previous` of another page.")
    limit: int = Field(PAGE, ge=1, le=MOST, description="How many at most.")


class Line(BaseModel):
    """A contact in a list."""

    id: int
    full_name: str | None
    title: str | None
    country: str | None
    account: Named | None
    owner: Named | None
    email: str | None
    phone: str | None
    created_at: datetime


class Contacts(BaseModel):
    """A page of a list; `next` and `previous` are empty where nothing follows."""

    contacts: list[Line]
    next: str = Field(description="The `cursor` of the page behind, or empty.")
    previous: str = Field(description="The `cursor` of the page before, or empty.")


class Email(BaseModel):
    """An address of a contact."""

    id: int
    address: str
    is_primary: bool


class Phone(BaseModel):
    """A number of a contact."""

    id: int
    number: str
    label: str


class ExternalId(BaseModel):
    """What a contact is called in another system."""

    source: str
    value: str


class Contact(BaseModel):
    """A contact whole."""

    id: int
    also_known_as: list[int] = Field(description="Ids that were joined with this one.")
    full_name: str | None
    first_name: str | None
    last_name: str | None
    title: str | None
    seniority: str | None
    department: str | None
    country: str | None
    city: str | None
    language: str | None
    time_zone: str | None
    linkedin: str | None
    is_competitor: bool | None
    account: Named | None
    owner: Named | None
    custom: dict[str, Any] = Field(description="The company's own fields.")
    emails: list[Email]
    phones: list[Phone]
    external_ids: list[ExternalId]
    created_at: datetime
    updated_at: datetime = Field(
        description="When one of the fields was changed last; the ETag is made of it."
    )


class Fields(Given):
    """The fields of a contact. In a PATCH, null empties a field and one that is left out stays."""

    full_name: str | None = _text("full_name", "The name; made of its parts where only these are given.")
    first_name: str | None = _text("first_name", "A part of the name.")
    last_name: str | None = _text("last_name", "A part of the name.")
    title: str | None = _text("title", "What they are in their company.")
    seniority: Seniority | None = Field(None, description="How far their word reaches.")
    department: str | None = _text("department", "Where in their company.")
    country: str | None = _text("country", "Two letters, such as AT, let phone numbers be understood.")
    city: str | None = _text("city", "Where they are.")
    language: str | None = _text("language", "Such as de or pt-BR.")
    time_zone: str | None = _text("time_zone", "Such as Europe/Vienna.")
    linkedin: str | None = _text("linkedin_slug", "A LinkedIn profile, by its address or its name.")
    is_competitor: StrictBool | None = Field(None, description="Whether they work for a competitor.")
    account_id: BodyId | None = Field(None, description="The company they belong to.")
    owner_id: BodyId | None = Field(None, description="The member who looks after them.")
    custom: Own = Field({}, max_length=200, description="The company's own fields, by name.")

    def values(self) -> dict[str, Any]:
        """Return the fields that were given, as the actions call them."""
        given = self.model_dump(exclude_unset=True, include=set(Fields.model_fields))
        own = given.pop("custom", {})
        if "linkedin" in given:
            given["linkedin_slug"] = given.pop("linkedin")
        return {**given, **{f"custom.{name}": value for name, value in own.items()}}


class NewId(Given):
    """What a contact is called in another system."""

    source: Filled = Field(max_length=60, description="The name of the system, such as `shop`.")
    value: Filled = Field(max_length=200, description="The id there.")

    model_config = ConfigDict(json_schema_extra={"examples": [{"source": "shop", "value": "K-1045"}]})


class NewContact(Fields):
    """Somebody new: a name, an e-mail address or an id in another system at least."""

    emails: list[Annotated[str, Field(max_length=320)]] = Field(
        [], max_length=20, description="The first one is the primary."
    )
    phones: list[Annotated[str, Field(max_length=60)]] = Field(
        [], max_length=20, description="Phone numbers."
    )
    external_ids: list[NewId] = Field([], max_length=20, description="Ids in other systems.")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "full_name": "Ana Reyes",
                    "title": "Head of Packaging",
                    "country": "ES",
                    "emails": ["ana.reyes@solcosmetics.example"],
                    "external_ids": [{"source": "shop", "value": "K-1044"}],
                }
            ]
        }
    )


class Change(Fields):
    """Fields to set."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Head of Purchasing", "city": None}]})


class NewEmail(Given):
    """One more address."""

    address: Filled = Field(max_length=320)

    model_config = ConfigDict(json_schema_extra={"examples": [{"address": "ana@reyes.example"}]})


class NewPhone(Given):
    """One more number."""

    number: Filled = Field(max_length=60)
    label: str = Field("", max_length=40, description="Such as mobile.")

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"number": "+34 915 550 100", "label": "mobile"}]}
    )


class Made(BaseModel):
    """The id of what was made."""

    id: int


class Outcome(BaseModel):
    """What a change came to."""

    id: int
    changed: list[str] = Field(description="The fields that have another value now.")
