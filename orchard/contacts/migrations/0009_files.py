"""Keep files on contacts and accounts: what is known of each, and apart from it what is in it, in pieces."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


def record(model: str) -> models.ForeignKey:
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="files", to=model
    )


def member() -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False,
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0008_buying_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("media", models.CharField(blank=True, max_length=40)),
                ("size", models.BigIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
                ("words", models.CharField(blank=True, max_length=500)),
                ("fact_id", models.BigIntegerField(unique=True)),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("contact", record("contacts.contact")),
                ("account", record("contacts.account")),
                ("member", member()),
                ("removed_by", member()),
            ],
            options={"db_table": "kept_file"},
        ),
        migrations.CreateModel(
            name="FilePiece",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "file_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.IntegerField()),
                ("content", models.BinaryField()),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="contacts.keptfile",
                    ),
                ),
            ],
            options={"db_table": "kept_file_piece"},
        ),
        migrations.AddConstraint(
            "keptfile",
            models.UniqueConstraint(
                fields=["contact", "digest"],
                condition=Q(removed_at__isnull=True),
                name="kept_file_contact_once",
            ),
        ),
        migrations.AddConstraint(
            "keptfile",
            models.UniqueConstraint(
                fields=["account", "digest"],
                condition=Q(removed_at__isnull=True),
                name="kept_file_account_once",
            ),
        ),
        migrations.AddConstraint(
            "keptfile",
            models.CheckConstraint(
                condition=Q(contact__isnull=False, account__isnull=True)
                | Q(contact__isnull=True, account__isnull=False),
                name="kept_file_on_one",
            ),
        ),
        migrations.AddIndex(
            "keptfile",
            models.Index(
                fields=["removed_at"], condition=Q(removed_at__isnull=False), name="kept_file_removed"
            ),
        ),
    ]
