"""Stores the noted ids as they are: they are read once, a moment later, and trying to shrink them took its time."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("interactions", "0003_read_once")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE ledger_noted ALTER ids SET STORAGE EXTERNAL",
            "ALTER TABLE ledger_noted ALTER ids SET STORAGE EXTENDED",
        ),
    ]
