import datetime

import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models

_ASKED = """
UPDATE lead SET asked = o.members
  FROM (SELECT lead_id, array_agg(member_id ORDER BY id) AS members FROM offer WHERE outcome = 'expired' GROUP BY 1) o
 WHERE lead.id = o.lead_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agreement", "0006_refreshed_faded"),
        ("contacts", "0005_holds"),
        ("leads", "0003_attempted"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="asked",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, size=None
            ),
        ),
        migrations.RunSQL(_ASKED, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="lead",
            name="offered_until",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(asked=[], then=models.F("stale_at")),
                    default=models.Value(datetime.datetime(9999, 12, 31, 0, 0, tzinfo=datetime.UTC)),
                ),
                output_field=models.DateTimeField(),
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["routed_by", "offered_until"],
                name="lead_to_offer",
            ),
        ),
    ]
