from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("demo", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="loading",
            name="told_until",
            field=models.DateTimeField(null=True),
        ),
    ]
