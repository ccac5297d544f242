"""Keeps which columns the map of an import needs, and what stood between the cells of its file."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("connect", "0001_initial")]

    operations = [
        migrations.AddField(model_name="import", name="columns", field=models.JSONField(default=list)),
        migrations.AddField(
            model_name="import",
            name="delimiter",
            field=models.CharField(blank=True, default="", max_length=1),
            preserve_default=False,
        ),
    ]
