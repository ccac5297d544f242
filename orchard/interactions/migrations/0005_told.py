"""Notes with a fact whether the house told it itself, while it read others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interactions", "0004_ids_as_they_are")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "ALTER TABLE ledger_noted ADD told boolean NOT NULL"
                    " DEFAULT coalesce(current_setting('orchard.reading', true), '') = 'on'",
                    "ALTER TABLE ledger_noted DROP told",
                )
            ],
            [migrations.AddField("noted", "told", models.BooleanField(default=False))],
        ),
    ]
