from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.RemoveIndex("entry", "journal_actor"),
        migrations.AddIndex("entry", models.Index(fields=["at", "id"], name="journal_at")),
        migrations.AddIndex("entry", models.Index(fields=["actor_id", "at", "id"], name="journal_actor_at")),
        migrations.AddIndex(
            "entry", models.Index(fields=["subject_kind", "at", "id"], name="journal_kind_at")
        ),
    ]
