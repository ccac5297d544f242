from django.db import migrations

OF_LEADS = """
UPDATE contact_hold h SET member_id = l.member_id FROM lead l
 WHERE h.source_kind = 'lead' AND h.source_id = l.id AND h.lifted_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0005_basket_by_age"), ("contacts", "0007_held_by")]

    operations = [migrations.RunSQL(OF_LEADS, migrations.RunSQL.noop)]
