"""The room's notices: how each kind is worded, and where it leads. In the data map, `contacts` speaks for this room."""

from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from orchard.kit.languages import dated
from orchard.tasks import queries
from orchard.tasks.types import NoticeKind
from orchard.team import queries as team


def _meetings(task_ids: Collection[int]) -> dict[int, str]:
    """Say when meetings begin, in the reader's zone, and what they are about."""
    return {
        each.id: f"{dated(timezone.localtime(each.starts_at), 'D j M, H:i')}, {each.words}"
        for each in queries.steps(task_ids)
        if each.starts_at is not None
    }


def _members(member_ids: Collection[int]) -> dict[int, str]:
    return team.names(list(member_ids))


NOTICES = (
    NoticeKind(
        "task.due",
        words=_("A step is due: %(details)s"),
        mail=(_("A step of yours is due."), _("%(n)s steps of yours are due.")),
        address="tasks:change",
        icon="clock",
        details=queries.titles,
    ),
    NoticeKind(
        "meeting.near",
        words=_("A meeting of yours: %(details)s"),
        mail=(_("A meeting of yours is near."), _("%(n)s meetings of yours are near.")),
        address="tasks:change",
        icon="users",
        details=_meetings,
    ),
    NoticeKind(
        "task.given",
        words=_("A colleague gave you a step: %(details)s"),
        mail=(_("A colleague gave you a step."), _("Colleagues gave you %(n)s steps.")),
        address="tasks:change",
        icon="hand-helping",
        details=queries.titles,
    ),
    NoticeKind(
        "note.mentioned",
        words=_("%(details)s mentioned you in a note on %(contact)s"),
        mail=(_("A colleague mentioned you in a note."), _("Colleagues mentioned you in %(n)s notes.")),
        address="notes:show",
        icon="at-sign",
        details=queries.authors_of,
    ),
    NoticeKind(
        "note.mentioned_at",
        words=_("%(details)s mentioned you in a note on a company"),
        mail=(_("A colleague mentioned you in a note."), _("Colleagues mentioned you in %(n)s notes.")),
        address="notes:show",
        icon="at-sign",
        details=queries.authors_of,
    ),
    NoticeKind(
        "tasks.given",
        words=_("Steps of %(details)s are yours now"),
        mail=(_("Steps of a colleague are yours now."), _("Steps of %(n)s colleagues are yours now.")),
        address="tasks:list",
        of="",
        icon="hand-helping",
        details=_members,
    ),
)
"""What this room tells members."""
