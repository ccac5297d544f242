"""Make the tables of the weekly meeting: its notes and its decisions."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tasks", "0002_aside"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField()),
                ("week", models.DateField()),
                ("words", models.CharField(max_length=200)),
                ("due_on", models.DateField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="tasks.task",
                    ),
                ),
            ],
            options={
                "db_table": "weekly_decision",
                "indexes": [
                    models.Index(fields=["week", "id"], name="weekly_decision_of_week"),
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["week"],
                        name="weekly_decision_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("member", "key"), name="weekly_decision_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("task__isnull", True),
                            models.Q(("done_at__isnull", True), ("due_on__isnull", True)),
                            _connector="OR",
                        ),
                        name="weekly_decision_once_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField()),
                ("week", models.DateField()),
                ("words", models.TextField()),
                ("written_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "weekly_note",
                "indexes": [models.Index(fields=["week", "id"], name="weekly_note_of_week")],
                "constraints": [models.UniqueConstraint(fields=("member", "key"), name="weekly_note_once")],
            },
        ),
    ]
