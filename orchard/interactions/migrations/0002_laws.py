"""The triggers and views that make the ledger's laws hold in the database itself."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "sql" / "0002_laws.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("interactions", "0001_initial")]

    operations = [
        migrations.RunSQL(
            SQL,
            """
            DROP FUNCTION facts_at; DROP FUNCTION facts_of; DROP VIEW facts;
            DROP TRIGGER interaction_noted ON interaction; DROP FUNCTION ledger_note;
            DROP TRIGGER interaction_never_changes ON interaction;
            DROP TRIGGER ledger_order_never_changes ON ledger_order; DROP FUNCTION ledger_refuse;
            """,
        ),
    ]
