"""Refuse in the database, too, to change a text that was proposed."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION agreement_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A version of the agreement does not change once it was proposed.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER agreement_frozen BEFORE UPDATE ON agreement_version FOR EACH ROW
    WHEN (OLD.state <> 'draft' AND (OLD.text, OLD.document, OLD.text_hash, OLD.number)
                                   IS DISTINCT FROM (NEW.text, NEW.document, NEW.text_hash, NEW.number))
    EXECUTE FUNCTION agreement_frozen();
CREATE TRIGGER agreement_kept BEFORE DELETE ON agreement_version FOR EACH ROW
    WHEN (OLD.state <> 'draft') EXECUTE FUNCTION agreement_frozen();
"""
BACKWARD = """
DROP TRIGGER agreement_kept ON agreement_version;
DROP TRIGGER agreement_frozen ON agreement_version;
DROP FUNCTION agreement_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("agreement", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
