"""The room's storage: programs, their versions, who is in them, and who matched without having been let in."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from orchard.nurture.types import CLOSED, OPEN, State, VersionState

_OPEN = [state.value for state in OPEN]
_CLOSED = [state.value for state in CLOSED]


class Program(models.Model):
    """Book: a program, whose words stand in its versions.

    `opened_at` is since when it has had a live version, `paused_at` since when nobody in it moves. `swept_at` is when
    everybody was last looked at for it; empty until whoever fits at going live was let in, or passed over.
    """

    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "program"

    def __str__(self) -> str:
        """Name the program by its number; its words stand in its versions."""
        return f"Program {self.pk}"


class ProgramVersion(models.Model):
    """Book: one version. `document` is what was written, a draft's mistakes and all; once live it does not change.

    `lets_in` says that whoever fits at going live enters at once.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=8, choices=[(state.value, state.name) for state in VersionState])
    document = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    lets_in = models.BooleanField(default=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField()
    live_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    live_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "program_version"
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=["program"], condition=Q(state=state.value), name=f"program_one_{state.value}"
                )
                for state in (VersionState.DRAFT, VersionState.LIVE)
            ),
            models.UniqueConstraint(fields=["program", "number"], name="program_version_number"),
            models.CheckConstraint(
                condition=Q(state=VersionState.DRAFT.value, number__isnull=True, live_at__isnull=True)
                | ~Q(state=VersionState.DRAFT.value) & Q(number__isnull=False, live_at__isnull=False),
                name="program_numbered_once_live",
            ),
        ]


class Enrolment(models.Model):
    """Book: one contact's way through one version of a program: exactly one next step, or a recorded end.

    `at_step` is the place of the next step, due at `due_at`; while it is held, `remaining` is what is left of that
    wait, since `held_at`. `cause_id` is the fact that let the contact in, `by` the member who did so by hand;
    `fact_id` is the fact that told so, by which it follows whom that is about when contacts are joined and parted.
    `end_cause_id` is the fact of a lead that was the end of it, so that it goes on where that is taken back.
    `failures` counts how often in a row the step could not be done.

    The contact is not held by a constraint: an enrolment outlives an import that is taken back.
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="enrolments")
    version = models.ForeignKey(ProgramVersion, on_delete=models.PROTECT, related_name="enrolments")
    contact = models.ForeignKey(
        "contacts.Contact", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    state = models.CharField(max_length=6, choices=[(state.value, state.name) for state in State])
    at_step = models.CharField(max_length=60)
    due_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    remaining = models.DurationField(null=True)
    steps_done = models.IntegerField(default=0)
    failures = models.SmallIntegerField(default=0)
    entered_at = models.DateTimeField()
    cause_id = models.BigIntegerField(null=True)
    fact_id = models.BigIntegerField(null=True)
    end_cause_id = models.BigIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        db_table = "enrolment"
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "program"], condition=Q(state__in=_OPEN), name="enrolment_one_open"
            ),
            models.UniqueConstraint(
                fields=["program", "cause_id"],
                condition=Q(cause_id__isnull=False),
                name="enrolment_once_for_a_cause",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=State.ACTIVE.value,
                    due_at__isnull=False,
                    held_at__isnull=True,
                    remaining__isnull=True,
                    ended_at__isnull=True,
                    outcome="",
                )
                | Q(
                    state=State.HELD.value,
                    due_at__isnull=True,
                    held_at__isnull=False,
                    remaining__isnull=False,
                    remaining__gte=timedelta(0),
                    ended_at__isnull=True,
                    outcome="",
                )
                | Q(state__in=_CLOSED, due_at__isnull=True, held_at__isnull=True, ended_at__isnull=False)
                & ~Q(outcome=""),
                name="enrolment_one_next_step_or_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state=State.ACTIVE.value), name="enrolment_due"),
            models.Index(fields=["program", "state", "-id"], name="enrolment_of_program"),
            models.Index(
                fields=["version", "at_step"], condition=Q(state__in=_OPEN), name="enrolment_at_step"
            ),
        ]


class Passed(models.Model):
    """Book: a contact who meets a program's condition and was not let in: by a quiet import, or before."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="passed")
    contact = models.ForeignKey(
        "contacts.Contact",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    at = models.DateTimeField()

    class Meta:
        db_table = "program_passed"
        constraints = [models.UniqueConstraint(fields=["program", "contact"], name="program_passed_once")]
