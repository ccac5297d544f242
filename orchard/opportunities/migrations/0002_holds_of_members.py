from django.db import migrations

OF_SALES = """
UPDATE contact_hold h SET member_id = o.member_id FROM opportunity o
 WHERE h.source_kind = 'opportunity' AND h.source_id = o.id AND h.lifted_at IS NULL
"""
# The lead that a sale was made of holds its contact for whoever has the sale now.
OF_THEIR_LEADS = """
UPDATE contact_hold h SET member_id = o.member_id FROM opportunity o
 WHERE h.source_kind = 'lead' AND h.source_id = o.lead_id AND h.lifted_at IS NULL AND o.state = 'open'
"""


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0001_initial"), ("leads", "0006_holds_of_members")]

    operations = [
        migrations.RunSQL(OF_SALES, migrations.RunSQL.noop),
        migrations.RunSQL(OF_THEIR_LEADS, migrations.RunSQL.noop),
    ]
