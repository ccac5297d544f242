"""Keep notes about contacts and accounts, and whom they mention."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("tasks", "0002_aside"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", ID),
                ("key", models.UUIDField()),
                ("contact_id", models.BigIntegerField(null=True)),
                ("account_id", models.BigIntegerField(null=True)),
                ("fact_id", models.BigIntegerField(unique=True)),
                ("written_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"db_table": "note"},
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", ID.clone()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to="tasks.note",
                    ),
                ),
            ],
            options={"db_table": "note_mention"},
        ),
        migrations.AddIndex(
            "note",
            models.Index(
                fields=["removed_at"], condition=models.Q(removed_at__isnull=False), name="note_removed"
            ),
        ),
        migrations.AddConstraint("note", models.UniqueConstraint(fields=["member", "key"], name="note_once")),
        migrations.AddConstraint(
            "note",
            models.CheckConstraint(
                condition=models.Q(contact_id__isnull=False, account_id__isnull=True)
                | models.Q(contact_id__isnull=True, account_id__isnull=False),
                name="note_about_one",
            ),
        ),
        migrations.AddConstraint(
            "mention", models.UniqueConstraint(fields=["note", "member"], name="note_mention_once")
        ),
    ]
