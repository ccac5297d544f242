"""Keeps why a row or a file was refused as what says it; sentences that stand already stay as they are."""

from django.db import migrations

from orchard.kit.phrase_field import PhraseField


class Migration(migrations.Migration):
    dependencies = [("connect", "0004_import_chunk")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE import_reject ALTER reason TYPE jsonb USING to_jsonb(reason);
            ALTER TABLE import ALTER error TYPE jsonb USING to_jsonb(error);
            """,
            """
            ALTER TABLE import_reject ALTER reason TYPE text USING reason #>> '{}';
            ALTER TABLE import ALTER error TYPE text USING error #>> '{}';
            """,
            state_operations=[
                migrations.AlterField(
                    model_name="import", name="error", field=PhraseField(blank=True, default=str)
                ),
                migrations.AlterField(model_name="rejectedrow", name="reason", field=PhraseField()),
            ],
        ),
    ]
