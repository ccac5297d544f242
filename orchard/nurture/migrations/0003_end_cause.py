"""Remember which fact of a lead was the end of an enrolment."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("nurture", "0002_frozen")]
    operations = [
        migrations.AddField("enrolment", "end_cause_id", models.BigIntegerField(null=True)),
    ]
