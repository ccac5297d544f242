from django.db import migrations

OF_SALES = """
UPDATE contact_hold h SET member_id = o.member_id FROM opportunity o
 WHERE h.source_kind = 'opportunity' AND h.source_id = o.id AND h.lifted_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0001_initial"), ("contacts", "0007_held_by")]

    operations = [migrations.RunSQL(OF_SALES, migrations.RunSQL.noop)]
