"""What the database itself holds, even against our own mistakes: who started a matter, and what a version said."""

from django.db import migrations

FIX_DIRECTION = """
CREATE FUNCTION refuse_new_direction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the direction of an interaction is fixed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER interaction_direction_is_fixed BEFORE UPDATE OF direction ON interactions_interaction
    FOR EACH ROW WHEN (OLD.direction IS DISTINCT FROM NEW.direction) EXECUTE FUNCTION refuse_new_direction();
"""
FREE_DIRECTION = """
DROP TRIGGER interaction_direction_is_fixed ON interactions_interaction;
DROP FUNCTION refuse_new_direction();
"""

FIX_VERSIONS = """
CREATE FUNCTION refuse_new_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published version of a type is never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER type_version_is_fixed BEFORE UPDATE ON interactions_typeversion
    FOR EACH ROW EXECUTE FUNCTION refuse_new_version();
"""
FREE_VERSIONS = """
DROP TRIGGER type_version_is_fixed ON interactions_typeversion;
DROP FUNCTION refuse_new_version();
"""


class Migration(migrations.Migration):
    replaces = [("interactions", "0002_direction_is_fixed")]

    dependencies = [("interactions", "0001_initial")]

    operations = [
        migrations.RunSQL(FIX_DIRECTION, FREE_DIRECTION),
        migrations.RunSQL(FIX_VERSIONS, FREE_VERSIONS),
    ]
