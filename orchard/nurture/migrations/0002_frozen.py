"""Refuse in the database, too, to change a version of a program that went live."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION program_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A version of a program does not change once it went live.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER program_frozen BEFORE UPDATE ON program_version FOR EACH ROW
    WHEN (OLD.state <> 'draft' AND (OLD.document, OLD.number, OLD.live_at, OLD.program_id)
                                   IS DISTINCT FROM (NEW.document, NEW.number, NEW.live_at, NEW.program_id))
    EXECUTE FUNCTION program_frozen();
CREATE TRIGGER program_kept BEFORE DELETE ON program_version FOR EACH ROW
    WHEN (OLD.state <> 'draft') EXECUTE FUNCTION program_frozen();
"""
BACKWARD = """
DROP TRIGGER program_kept ON program_version;
DROP TRIGGER program_frozen ON program_version;
DROP FUNCTION program_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("nurture", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
