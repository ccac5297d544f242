from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("team", "0005_scope")]

    operations = [
        migrations.AddField("member", "language", models.CharField(max_length=5, default="", blank=True)),
    ]
