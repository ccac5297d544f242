"""Whose the records are that addresses name: the owner of each sort, and whether whoever asks now may see it."""

from collections.abc import Callable, Mapping

from orchard.connect import queries as imports
from orchard.contacts import queries as contacts
from orchard.leads import queries as leads
from orchard.nurture import queries as nurture
from orchard.opportunities import queries as opportunities
from orchard.tasks import queries as tasks
from orchard.team import queries as team
from orchard.weekly import queries as weekly

# For each argument of an address that names a record with an owner: whether the member is the owner. Roles are held to
# it address by address.
OWNERS: Mapping[str, Callable[[int, int], bool]] = {
    "member_id": lambda member_id, record_id: member_id == record_id,
    "session_id": team.is_session_of,
    "absence_id": team.is_absence_of,
    "import_id": imports.begun_by,
    "task_id": tasks.is_step_of,
    "log_id": tasks.is_logged_by,
    "aside_id": tasks.is_aside_of,
    "note_id": tasks.is_note_of,
    "file_id": contacts.is_file_of,
    "notice_id": tasks.is_notice_of,
    "view_id": team.may_change_view,
    "meeting_note_id": weekly.is_note_of,
    "decision_id": weekly.is_decision_of,
}

# For each argument that names a record which lies within the reach of some and not of others: whether whoever asks sees
# it. Every role is held to it at every address.
REACHED: Mapping[str, Callable[[int], bool]] = {
    "lead_id": leads.is_seen,
    "opportunity_id": opportunities.is_seen,
    "task_id": tasks.is_seen,
    "contact_id": contacts.is_seen,
    "email_id": contacts.is_seen_by_email,
    "phone_id": contacts.is_seen_by_phone,
    "external_id": contacts.is_seen_by_external_id,
    "doubt_id": contacts.is_seen_by_doubt,
    "merge_id": contacts.is_seen_by_merge,
    "file_id": contacts.is_seen_by_file,
    "enrolment_id": nurture.is_seen,
    "note_id": lambda note_id: not contacts.hidden_among(tasks.contacts_of_notes([note_id])),
}
