"""The room's storage: tasks and which facts tell of them, logs, who was put aside, notes, notices and wishes."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from orchard.tasks.types import PLACE_LENGTH, TITLE_LENGTH, Aside, Happened, Mailing, Turn, What

_OPEN = Q(done_at__isnull=True, dropped_at__isnull=True)


class Task(models.Model):
    """One thing that a member is to do, on a day or, for a meeting, from a moment to another.

    `contact_id`, `account_id` and the subject are plain ids of rooms above; a contact that was joined with another is
    found through the ledger's aliases. `remind_at` is when to look next whether a reminder is due; none is due any
    more where it is empty. `due_before` is the day from which the task was put off last.
    """

    what = models.CharField(max_length=8, choices=[(each.value, each.label) for each in What])
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    place = models.CharField(max_length=PLACE_LENGTH, blank=True)
    due_on = models.DateField()
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    member = models.ForeignKey("team.Member", on_delete=models.PROTECT, related_name="tasks")
    made_by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    contact_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    due_before = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=TITLE_LENGTH, blank=True)
    uid = models.UUIDField(default=uuid4, unique=True)
    sequence = models.IntegerField(default=0)
    remind_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "task"
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(dropped_at__isnull=True), name="task_ends_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    what=What.MEETING.value, starts_at__isnull=False, ends_at__gt=models.F("starts_at")
                )
                | (~Q(what=What.MEETING.value) & Q(starts_at__isnull=True, ends_at__isnull=True)),
                name="task_meeting_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(subject_kind="", subject_id__isnull=True)
                | (~Q(subject_kind="") & Q(subject_id__isnull=False)),
                name="task_subject_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "due_on", "id"], condition=_OPEN, name="task_of_member"),
            models.Index(
                fields=["subject_kind", "subject_id", "due_on"],
                condition=_OPEN & ~Q(subject_kind=""),
                name="task_of_subject",
            ),
            models.Index(
                fields=["contact_id", "due_on"],
                condition=Q(contact_id__isnull=False),
                name="task_of_contact",
            ),
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="task_remind"),
        ]

    def __str__(self) -> str:
        """Name the task."""
        return self.title or What(self.what).label


class TurnTold(models.Model):
    """Book: which fact tells what became of a task. Facts name the record that the task is about, not the task.

    A turn that was taken back has its fact withdrawn and no row any more.
    """

    fact_id = models.BigIntegerField(primary_key=True)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="turns")
    turn = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Turn])

    class Meta:
        db_table = "task_told"


class Log(models.Model):
    """What was logged by one form: its fact, the task that it did, the step planned with it. No words."""

    key = models.UUIDField()
    member = models.ForeignKey("team.Member", on_delete=models.PROTECT, related_name="+")
    happened = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Happened])
    contact_id = models.BigIntegerField()
    interaction_id = models.BigIntegerField(unique=True)
    did = models.ForeignKey(Task, null=True, on_delete=models.SET_NULL, related_name="+")
    planned = models.ForeignKey(Task, null=True, on_delete=models.SET_NULL, related_name="+")
    logged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "task_log"
        constraints = [models.UniqueConstraint(fields=["member", "key"], name="task_log_once")]
        indexes = [models.Index(fields=["member", "-logged_at"], name="task_log_lately")]


class PutAside(models.Model):
    """Book: somebody whom a member put aside until a day. What was said of it stands beside the fact, here no word.

    `task` is the step that was put off with it. It is over where `ended_at` is set, or the day has come.
    """

    member = models.ForeignKey("team.Member", on_delete=models.PROTECT, db_index=False, related_name="+")
    contact_id = models.BigIntegerField()
    why = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Aside])
    until = models.DateField()
    fact_id = models.BigIntegerField(unique=True)
    task = models.ForeignKey(Task, null=True, on_delete=models.SET_NULL, related_name="+")
    put_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "task_aside"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "contact_id"], condition=Q(ended_at__isnull=True), name="task_aside_once"
            )
        ]
        indexes = [
            models.Index(fields=["-put_at", "-id"], name="task_aside_lately"),
            models.Index(fields=["contact_id"], name="task_aside_of_contact"),
        ]


class Note(models.Model):
    """What a member wrote about a contact or an account, for colleagues. Its words stand beside its fact, here no word.

    `key` is the form's own: sent again, it writes nothing.
    """

    key = models.UUIDField()
    member = models.ForeignKey("team.Member", on_delete=models.PROTECT, db_index=False, related_name="+")
    contact_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    fact_id = models.BigIntegerField(unique=True)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "note"
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], name="note_once"),
            models.CheckConstraint(
                condition=Q(contact_id__isnull=False, account_id__isnull=True)
                | Q(contact_id__isnull=True, account_id__isnull=False),
                name="note_about_one",
            ),
        ]
        indexes = [
            models.Index(fields=["removed_at"], condition=Q(removed_at__isnull=False), name="note_removed"),
        ]


class Mention(models.Model):
    """A member whom a note names."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, db_index=False, related_name="mentions")
    member = models.ForeignKey("team.Member", on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "note_mention"
        constraints = [models.UniqueConstraint(fields=["note", "member"], name="note_mention_once")]


class Notice(models.Model):
    """Something that a member is told, once for its cause (`key`). Its words are made when it is read.

    `mail_at` is when it goes out by e-mail with others, should it not have been seen by then; empty: it does not.
    """

    member = models.ForeignKey("team.Member", on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    contact_id = models.BigIntegerField(null=True)
    key = models.CharField(max_length=160)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    mail_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notice"
        constraints = [models.UniqueConstraint(fields=["member", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["member", "-id"], name="notice_of_member"),
            models.Index(fields=["member"], condition=Q(seen_at__isnull=True), name="notice_unseen"),
            models.Index(
                fields=["contact_id"], condition=Q(contact_id__isnull=False), name="notice_of_contact"
            ),
            models.Index(fields=["mail_at"], condition=Q(mail_at__isnull=False), name="notice_mail_due"),
            models.Index(fields=["seen_at"], condition=Q(seen_at__isnull=False), name="notice_seen"),
        ]


class MailWish(models.Model):
    """How a member wants notices by e-mail; no row: once an hour."""

    member = models.OneToOneField("team.Member", primary_key=True, on_delete=models.CASCADE, related_name="+")
    mailing = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Mailing])

    class Meta:
        db_table = "notice_mail"
