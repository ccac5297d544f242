"""The facts of a few contacts are found in one pass over the ledger."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "sql" / "0003_read_once.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("interactions", "0002_laws")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
