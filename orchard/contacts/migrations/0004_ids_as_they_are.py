"""Stores what a batch added as it is: ids hardly shrink, and trying took more than writing them."""

from django.db import migrations

COLUMNS = ("contacts", "accounts", "emails", "phones", "ids", "account_ids")


def storage(kind):
    return f"ALTER TABLE imported_batch {', '.join(f'ALTER {name} SET STORAGE {kind}' for name in COLUMNS)}"


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_last_name")]

    operations = [migrations.RunSQL(storage("EXTERNAL"), storage("EXTENDED"))]
