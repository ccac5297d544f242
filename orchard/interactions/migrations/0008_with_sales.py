"""Whom Sales was given, took and sold to is found by an index of these facts alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0007_many"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(
                condition=models.Q(("kind__in", ("lead.offered", "lead.accepted", "opportunity.won"))),
                fields=["contact_id"],
                name="interaction_with_sales",
            ),
        ),
    ]
