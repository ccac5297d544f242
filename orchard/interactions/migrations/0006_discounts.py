"""Keep what members said to be not useful."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interactions", "0005_told")]

    operations = [
        migrations.CreateModel(
            name="Discount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("interaction_id", models.BigIntegerField()),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("not_them", "not_them"),
                            ("machine", "machine"),
                            ("competitor", "competitor"),
                            ("no_buyer", "no_buyer"),
                            ("old", "old"),
                        ],
                        max_length=12,
                    ),
                ),
                ("member_id", models.BigIntegerField()),
                ("said_at", models.DateTimeField()),
                ("made_by", models.BigIntegerField()),
                ("ended_by", models.BigIntegerField(null=True)),
            ],
            options={"db_table": "ledger_discount"},
        ),
        migrations.AddConstraint(
            "discount",
            models.UniqueConstraint(
                fields=["interaction_id"],
                condition=models.Q(ended_by__isnull=True),
                name="ledger_discount_one",
            ),
        ),
        migrations.AddIndex("discount", models.Index(fields=["made_by"], name="ledger_discount_told")),
        migrations.AddIndex(
            "discount",
            models.Index(
                fields=["-said_at", "-id"],
                condition=models.Q(ended_by__isnull=True),
                name="ledger_discount_lately",
            ),
        ),
    ]
