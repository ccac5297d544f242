"""Keeps apart how far an import is with whom its rows name, and with what they did."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("connect", "0002_remembered")]

    operations = [
        migrations.AddField(model_name="import", name="people_row", field=models.BigIntegerField(default=0)),
        migrations.RunSQL("UPDATE import SET people_row = last_row", migrations.RunSQL.noop),
    ]
