"""Writes a meeting as a file that calendars read (RFC 5545, RFC 5546)."""

from datetime import UTC, datetime
from uuid import UUID

from icalendar import Calendar, Event, vCalAddress, vText

PRODUCT = "-//Orchard//Orchard//EN"


def meeting_file(
    *,
    uid: UUID,
    sequence: int,
    changed_at: datetime,
    starts_at: datetime,
    ends_at: datetime,
    title: str,
    place: str,
    link: str,
    member: tuple[str, str],
    cancelled: bool,
) -> bytes:
    """Return the file by which a calendar takes the meeting in, moves it, or takes it out again.

    The same meeting keeps its UID; a later file has a higher SEQUENCE, by which calendars know which one holds.
    `member` is name and address of whoever goes there.
    """
    name, address = member
    event = Event()
    event.add("uid", f"{uid}@orchard")
    event.add("sequence", sequence)
    event.add("dtstamp", changed_at.astimezone(UTC))
    event.add("dtstart", starts_at.astimezone(UTC))
    event.add("dtend", ends_at.astimezone(UTC))
    event.add("summary", title)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    if place:
        event.add("location", place)
    if link:
        event.add("description", link)
    event.add("organizer", _person(name, address))
    attendee = _person(name, address)
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    event.add("attendee", attendee)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "REQUEST")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _person(name: str, address: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    person.params["CN"] = vText(name.replace('"', "'"))
    return person
