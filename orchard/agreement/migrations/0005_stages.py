from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreement", "0004_verdict_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="StageAnnounced",
            fields=[
                ("contact_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("stage", models.CharField(max_length=40)),
                ("version_id", models.BigIntegerField(null=True)),
                ("fact_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "stage_announced",
            },
        ),
        # Nothing ever wrote a stage before: the table is empty.
        migrations.AddField(
            model_name="stagereached",
            name="basis",
            field=models.CharField(default="contact", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="stagereached",
            name="unaided",
            field=models.BooleanField(default=False),
        ),
    ]
