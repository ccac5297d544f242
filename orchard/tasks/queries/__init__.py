"""What is known of tasks (`steps`) and notices (`notices`), and how notices are worded (`wording`)."""

from orchard.tasks.queries.notices import (
    is_notice_of,
    mailing_of,
    notice,
    notices,
    unseen_count,
    worded,
)
from orchard.tasks.queries.steps import (
    counts,
    done_by,
    is_logged_by,
    is_step_of,
    just_logged,
    meeting_file,
    next_steps,
    next_steps_of_contacts,
    open_of,
    open_of_contacts,
    open_of_subjects,
    step,
    steps,
    titles,
    today_of,
)
from orchard.tasks.queries.wording import kind_of

__all__ = [
    "counts",
    "done_by",
    "is_logged_by",
    "is_notice_of",
    "is_step_of",
    "just_logged",
    "kind_of",
    "mailing_of",
    "meeting_file",
    "next_steps",
    "next_steps_of_contacts",
    "notice",
    "notices",
    "open_of",
    "open_of_contacts",
    "open_of_subjects",
    "step",
    "steps",
    "titles",
    "today_of",
    "unseen_count",
    "worded",
]
