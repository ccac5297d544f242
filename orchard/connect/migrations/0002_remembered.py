"""Keeps which columns the map of an import needs, and how its file turned out to be written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("connect", "0001_initial")]

    operations = [
        migrations.AddField(model_name="import", name="columns", field=models.JSONField(default=list)),
        migrations.AddField(model_name="import", name="found", field=models.JSONField(default=dict)),
        migrations.AddField(model_name="import", name="beside", field=models.JSONField(default=dict)),
        migrations.AddField(
            model_name="import",
            name="delimiter",
            field=models.CharField(blank=True, default="", max_length=1),
            preserve_default=False,
        ),
    ]
