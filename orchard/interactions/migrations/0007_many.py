"""The facts of a good part of all contacts are found by going through the ledger once."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "sql" / "0007_many.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("interactions", "0006_discounts")]

    operations = [migrations.RunSQL(SQL, "DROP FUNCTION facts_of_many")]
