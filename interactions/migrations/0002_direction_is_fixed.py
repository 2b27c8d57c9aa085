"""Who started a matter never changes; the database holds it even against our own mistakes."""

from django.db import migrations

FIX = """
CREATE FUNCTION refuse_new_direction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the direction of an interaction is fixed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER interaction_direction_is_fixed BEFORE UPDATE OF direction ON interactions_interaction
    FOR EACH ROW WHEN (OLD.direction IS DISTINCT FROM NEW.direction) EXECUTE FUNCTION refuse_new_direction();
"""

RELEASE = """
DROP TRIGGER interaction_direction_is_fixed ON interactions_interaction;
DROP FUNCTION refuse_new_direction();
"""


class Migration(migrations.Migration):
    dependencies = [("interactions", "0001_interactions")]

    operations = [migrations.RunSQL(FIX, RELEASE)]
