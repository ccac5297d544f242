"""What can be done with tasks and notices; one module per noun."""

from orchard.tasks.actions.aside import bring_back, put_aside
from orchard.tasks.actions.log import log, unlog
from orchard.tasks.actions.many import drop_of_contacts, drop_steps, move_subject, pick_steps_up, reassign
from orchard.tasks.actions.notes import (
    change_note,
    forget_removed_notes,
    remove_note,
    restore_note,
    write_note,
)
from orchard.tasks.actions.notices import (
    Telling,
    choose_mailing,
    forget_notices,
    mail_digests,
    notify,
    see,
    see_all,
    tell,
)
from orchard.tasks.actions.remind import remind
from orchard.tasks.actions.steps import change_step, done, drop, plan_step, snooze, take_back
from orchard.tasks.queries.wording import install_notice_kinds

__all__ = [
    "Telling",
    "bring_back",
    "change_note",
    "change_step",
    "choose_mailing",
    "done",
    "drop",
    "drop_of_contacts",
    "drop_steps",
    "forget_notices",
    "forget_removed_notes",
    "install_notice_kinds",
    "log",
    "mail_digests",
    "move_subject",
    "notify",
    "pick_steps_up",
    "plan_step",
    "put_aside",
    "reassign",
    "remind",
    "remove_note",
    "restore_note",
    "see",
    "see_all",
    "snooze",
    "take_back",
    "tell",
    "unlog",
    "write_note",
]
