"""Contacts: listed, read, added and changed, by the same actions as on the pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header, Query

from orchard.api.operations import CHANGED, UNSEEN, Desk, Reply, caller_of
from orchard.api.types import Changed, NotSeen, Scope
from orchard.api.v1.contact_shapes import (
    Change,
    Contact,
    Contacts,
    Email,
    ExternalId,
    Line,
    Made,
    NewContact,
    NewEmail,
    NewId,
    NewPhone,
    Outcome,
    Phone,
    Wish,
)
from orchard.api.v1.shapes import ContactId, named
from orchard.contacts import actions, queries
from orchard.contacts.queries import ContactPage
from orchard.contacts.types import TEXT_LIMITS
from orchard.kit import clock
from orchard.kit.errors import Outdated

desk = Desk(tags=["contacts"])


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
            account=named(row.account_id, row.account_name),
            owner=named(row.owner_id, row.owner_name),
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
        account=named(contact.account_id, contact.account.name if contact.account else None),
        owner=named(contact.owner_id, contact.owner.name if contact.owner else None),
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
