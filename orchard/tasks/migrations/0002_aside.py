"""Keep whom members put aside until a day."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="PutAside",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contact_id", models.BigIntegerField()),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("asked_to_wait", "asked_to_wait"),
                            ("away", "away"),
                            ("needs_something", "needs_something"),
                            ("no_time", "no_time"),
                            ("other", "other"),
                        ],
                        max_length=16,
                    ),
                ),
                ("until", models.DateField()),
                ("fact_id", models.BigIntegerField(unique=True)),
                ("put_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
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
            options={"db_table": "task_aside"},
        ),
        migrations.AddConstraint(
            "putaside",
            models.UniqueConstraint(
                fields=["member", "contact_id"],
                condition=models.Q(ended_at__isnull=True),
                name="task_aside_once",
            ),
        ),
        migrations.AddIndex("putaside", models.Index(fields=["-put_at", "-id"], name="task_aside_lately")),
        migrations.AddIndex("putaside", models.Index(fields=["contact_id"], name="task_aside_of_contact")),
    ]
