"""Keeps why the gate is closed as what says it; a sentence that stands already stays as it is."""

from django.db import migrations

from orchard.kit.phrase_field import PhraseField


class Migration(migrations.Migration):
    dependencies = [("outbox", "0004_done")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE outbox_gate ALTER reason TYPE jsonb USING to_jsonb(reason)",
            "ALTER TABLE outbox_gate ALTER reason TYPE varchar(200) USING left(reason #>> '{}', 200)",
            state_operations=[
                migrations.AlterField(
                    model_name="gate", name="reason", field=PhraseField(blank=True, default=str)
                ),
            ],
        ),
    ]
