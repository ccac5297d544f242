"""The step that gives a member something to do with the contact: a call, a mail by hand, anything else."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from pydantic import Field, StrictInt, StrictStr, StringConstraints, model_validator

from orchard.kit.words import marked
from orchard.nurture.steps.base import Due, FormField, Here, Step, StepType, Words
from orchard.tasks import actions as tasks
from orchard.tasks.types import TITLE_LENGTH, What
from orchard.team import queries as team

MOST_DAYS = 366

Asked = Literal["call", "mail", "todo"]
For = Literal["account_owner", "returned_by", "member"]


class Task(Step):
    """Asks `for` a member to do `what` within `due_days`.

    Where nobody stands in that relation, or whoever does is switched off, it goes to the account's owner, then to who
    put the program live, then to a manager.
    """

    type: Literal["task"]
    what: Asked
    title: Annotated[StrictStr, StringConstraints(strip_whitespace=True, max_length=TITLE_LENGTH)] = ""
    to: For = "account_owner"
    member: (
        Annotated[
            StrictStr,
            StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[^@\s]+@[^@\s]+$"),
        ]
        | None
    ) = None
    due_days: Annotated[StrictInt, Field(ge=0, le=MOST_DAYS)] = 0

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.to == "member") != (self.member is not None):
            raise ValueError(marked("name the member by e-mail, or say `account_owner` or `returned_by`"))
        if self.what == "todo" and not self.title:
            raise ValueError(marked("say what is to be done"))
        return self


def _says(step: Task, words: Words) -> str:
    if step.member:
        whom = words.members.get(step.member, step.member)
    else:
        whom = _("the account's owner") if step.to == "account_owner" else _("who returned the lead last")
    days = step.due_days
    due = ngettext("within %(n)s day", "within %(n)s days", days) % {"n": days} if days else _("the same day")
    return _("Task for %(whom)s: %(what)s, %(due)s") % {
        "whom": whom,
        "what": step.title or What(step.what).label,
        "due": due,
    }


def _does(step: Task, dues: Sequence[Due], here: Here) -> None:
    people = {each.pk: each for each in team.active()}
    named = next((each.pk for each in people.values() if each.email == step.member), None)
    last_resort = min(team.managers(), default=None)
    for due in dues:
        asked = {"account_owner": due.owner_id, "returned_by": due.returned_by, "member": named}[step.to]
        holder = next((each for each in (asked, due.owner_id, here.live_by) if each in people), last_resort)
        if holder is None:
            continue
        day = here.now.astimezone(ZoneInfo(people[holder].time_zone)).date()
        tasks.plan_step(
            what=step.what,
            member_id=holder,
            made_by=None,
            due_on=day + timedelta(days=step.due_days),
            title=step.title,
            contact_id=due.contact_id,
            account_id=due.account_id,
            subject=("enrolment", due.enrolment_id),
            now=here.now,
        )


TASK = StepType(
    name="task",
    label=gettext_lazy("Task for a member"),
    icon="calendar-check",
    model=Task,
    says=_says,
    does=_does,
    fields=(
        FormField(
            "what",
            gettext_lazy("What"),
            kind="select",
            choices=(
                ("call", gettext_lazy("Call")),
                ("mail", gettext_lazy("Write a mail")),
                ("todo", gettext_lazy("Something else")),
            ),
            blank="call",
        ),
        FormField("title", gettext_lazy("In words")),
        FormField(
            "to",
            gettext_lazy("For"),
            kind="select",
            choices=(
                ("account_owner", gettext_lazy("the account's owner")),
                ("returned_by", gettext_lazy("who returned the lead last")),
                ("member", gettext_lazy("a member")),
            ),
            blank="account_owner",
        ),
        FormField("member", gettext_lazy("Member"), kind="member", only_for=("to", "member")),
        FormField("due_days", gettext_lazy("Due within"), kind="number", unit=gettext_lazy("days"), blank=0),
    ),
)
