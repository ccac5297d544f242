"""Keeps whom the rows of a chunk name until what they did is stored too."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("connect", "0003_people_row")]

    operations = [
        migrations.AlterField(
            model_name="import", name="people_row", field=models.BigIntegerField(db_default=0, default=0)
        ),
        migrations.CreateModel(
            name="StoredChunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("after_row", models.BigIntegerField()),
                ("last_row", models.BigIntegerField()),
                (
                    "contacts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(null=True), size=None
                    ),
                ),
                (
                    "accounts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(null=True), size=None
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_column="import_id",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="connect.import",
                    ),
                ),
            ],
            options={"db_table": "import_chunk"},
        ),
        migrations.AddConstraint(
            model_name="storedchunk",
            constraint=models.UniqueConstraint(fields=("made_by", "after_row"), name="import_chunk_once"),
        ),
        migrations.RunSQL(
            "ALTER TABLE import_chunk ALTER contacts SET STORAGE EXTERNAL, ALTER accounts SET STORAGE EXTERNAL",
            migrations.RunSQL.noop,
        ),
    ]
