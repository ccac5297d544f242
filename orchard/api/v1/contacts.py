"""Contacts: listed, read, added and changed, by the same actions as on the pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, TypeAlias

from django.http import HttpRequest
from ninja import Header, Path, Query
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from orchard.api.operations import ABSENT, CHANGED, UNSEEN, Desk, Reply, caller_of
from orchard.api.types import Changed, NotSeen, Scope
from orchard.api.v1.shapes import MOST, PAGE, BodyId, Filled, Given, Id, Named
from orchard.contacts import actions, queries
from orchard.contacts.queries import ContactPage, Order
from orchard.contacts.types import TEXT_LIMITS, Seniority
from orchard.kit import clock
from orchard.kit.errors import Outdated

desk = Desk(tags=["contacts"])

ContactId: TypeAlias = Annotated[
    Id, Path(description="The id of a contact; one that was joined with another means that one.")
]
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


@desk.offer("GET", "/contacts", name="contacts", scope=Scope.CONTACTS_READ, answers=Contacts)
def list_contacts(request: HttpRequest, wish: Query[Wish]) -> Reply:  # noqa: ARG001 - ninja gives it
    """List contacts.

    A page at a time: follow `next` until it is empty. Who is added meanwhile neither shifts a page nor comes twice.
    """
    page = queries.contacts(
        search=wish.search,
        account_id=wish.account_id,
        owner_id=wish.owner_id,
        country=wish.country,
        order=wish.order,
        cursor=wish.cursor,
        size=wish.limit,
    )
    lines = [
        Line(
            id=row.id,
            full_name=row.full_name,
            title=row.title,
            country=row.country,
            account=_named(row.account_id, row.account_name),
            owner=_named(row.owner_id, row.owner_name),
            email=row.email,
            phone=row.phone,
            created_at=row.created_at,
        )
        for row in page.rows
    ]
    return Reply(Contacts(contacts=lines, next=page.next, previous=page.previous))


@desk.offer("POST", "/contacts", name="contacts", scope=Scope.CONTACTS_WRITE, answers=Made, status=201)
def create_contact(request: HttpRequest, given: NewContact) -> Reply:
    """Add a contact.

    Refused with 409 where an address, a profile or an id belongs to somebody already.
    """
    values = given.values()
    own = {
        name.removeprefix("custom."): value for name, value in values.items() if name.startswith("custom.")
    }
    contact_id = actions.create_contact(
        now=clock.now(),
        actor_id=caller_of(request).member_id,
        emails=given.emails,
        phones=given.phones,
        ids=[(each.source, each.value) for each in given.external_ids],
        custom={name: value for name, value in own.items() if value is not None},
        **{name: value for name, value in values.items() if not name.startswith("custom.")},
    )
    return Reply(Made(id=contact_id), 201, {"Location": f"/api/v1/contacts/{contact_id}"}, about=[contact_id])


@desk.offer("GET", "/contacts/{int:contact_id}", name="contact", scope=Scope.CONTACTS_READ, answers=Contact)
def read_contact(request: HttpRequest, contact_id: ContactId) -> Reply:  # noqa: ARG001 - ninja gives it
    """Read one contact whole.

    The answer's ETag is what a change asks for.
    """
    page = queries.contact(contact_id)
    return Reply(_whole(page), headers={"ETag": _tag(page.contact.updated_at)})


@desk.offer(
    "PATCH",
    "/contacts/{int:contact_id}",
    name="contact",
    scope=Scope.CONTACTS_WRITE,
    answers=Outcome,
    refuses=(CHANGED, UNSEEN),
)
def change_contact(
    request: HttpRequest,
    contact_id: ContactId,
    given: Change,
    if_match: Annotated[
        str | None,
        Header(
            None,
            alias="If-Match",
            description="The ETag of the contact as you read it; `*` writes over whatever stands there.",
        ),
    ],
) -> Reply:
    """Change fields of a contact.

    Only where nobody changed them since you read them: send the ETag that you got as If-Match. Without one the answer
    is 428, with one that does not stand any more 412: read again, then decide. A name given as a whole does not change
    its parts; send them along.
    """
    now = clock.now()
    try:
        changed = actions.change_contact(
            contact_id=contact_id,
            values=given.values(),
            now=now,
            actor_id=caller_of(request).member_id,
            seen=_seen(if_match),
        )
    except Outdated as error:
        raise Changed(
            "The contact was changed since you read it. Read it again, then decide.",
            headers={"ETag": _tag(error.stands)},
        ) from error
    stands = {"ETag": _tag(now)} if changed else {}
    return Reply(Outcome(id=contact_id, changed=changed), headers=stands, about=[contact_id])


@desk.offer(
    "POST",
    "/contacts/{int:contact_id}/emails",
    name="contact_emails",
    scope=Scope.CONTACTS_WRITE,
    answers=Made,
    status=201,
    refuses=(ABSENT,),
)
def add_email(request: HttpRequest, contact_id: ContactId, given: NewEmail) -> Reply:
    """Give a contact one more e-mail address.

    The first one becomes the primary, to which mail goes.
    """
    email_id = actions.add_email(
        contact_id=contact_id,
        address=given.address,
        now=clock.now(),
        actor_id=caller_of(request).member_id,
    )
    return Reply(Made(id=email_id), 201, about=[contact_id])


@desk.offer(
    "POST",
    "/contacts/{int:contact_id}/phones",
    name="contact_phones",
    scope=Scope.CONTACTS_WRITE,
    answers=Made,
    status=201,
)
def add_phone(request: HttpRequest, contact_id: ContactId, given: NewPhone) -> Reply:
    """Give a contact one more phone number.

    A number that somebody else has too is let in, and the pair waits for a look on the review list.
    """
    phone_id = actions.add_phone(
        contact_id=contact_id,
        number=given.number,
        label=given.label,
        now=clock.now(),
        actor_id=caller_of(request).member_id,
    )
    return Reply(Made(id=phone_id), 201, about=[contact_id])


@desk.offer(
    "POST",
    "/contacts/{int:contact_id}/external-ids",
    name="contact_external_ids",
    scope=Scope.CONTACTS_WRITE,
    answers=Made,
    status=201,
)
def add_external_id(request: HttpRequest, contact_id: ContactId, given: NewId) -> Reply:
    """Note what a contact is called in another system.

    From then on facts may name the contact by it.
    """
    noted = actions.add_external_id(
        contact_id=contact_id,
        source=given.source,
        value=given.value,
        now=clock.now(),
        actor_id=caller_of(request).member_id,
    )
    return Reply(Made(id=noted), 201, about=[contact_id])


def _named(id_: int | None, name: str | None) -> Named | None:
    return Named(id=id_, name=name or "") if id_ is not None else None


def _whole(page: ContactPage) -> Contact:
    contact = page.contact
    plain: Mapping[str, Any] = {
        name: getattr(contact, name) for name in Contact.model_fields if name in TEXT_LIMITS
    }
    return Contact(
        **plain,
        id=contact.id,
        also_known_as=[each for each in page.ids if each != contact.id],
        linkedin=contact.linkedin_slug,
        is_competitor=contact.is_competitor,
        account=_named(contact.account_id, contact.account.name if contact.account else None),
        owner=_named(contact.owner_id, contact.owner.name if contact.owner else None),
        custom=contact.custom,
        emails=[Email(id=each.id, address=each.address, is_primary=each.is_primary) for each in page.emails],
        phones=[Phone(id=each.id, number=each.number, label=each.label) for each in page.phones],
        external_ids=[ExternalId(source=each.source, value=each.value) for each in page.external_ids],
        created_at=contact.created_at,
        updated_at=contact.updated_at,
    )


def _tag(at: datetime) -> str:
    return f'"{at.isoformat()}"'


def _seen(tag: str | None) -> datetime | None:
    """Return the time that an ETag of ours is made of; None where the caller wants to write over anything."""
    if not tag:
        raise NotSeen("Send the ETag of the contact as you read it in the header If-Match.")
    if tag.strip() == "*":
        return None
    try:
        seen = datetime.fromisoformat(tag.strip().removeprefix('"').removesuffix('"'))
    except ValueError:
        seen = None
    if seen is None or seen.tzinfo is None:
        raise Changed("This If-Match is no ETag of ours. Read the contact and send the ETag as it comes.")
    return seen
