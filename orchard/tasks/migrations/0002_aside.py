"""Keep whom members put aside until a day."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from orchard.tasks.types import Aside


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
                    models.CharField(max_length=16, choices=[(each.value, each.value) for each in Aside]),
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
