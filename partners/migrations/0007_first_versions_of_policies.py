"""What each policy says becomes its first version, under the policy's own id: what refers to one refers to the other.

From here on a version is never changed, which the database holds even against our own mistakes.
"""

from django.db import migrations

COPY = """
INSERT INTO partners_policyversion (
    id, policy_id, number, partner_id, role_kind_id, interaction_type, priority, calendar_id, first_response,
    resolution, silence_limit, escalation, reminders, effective_from, effective_until, created_at
)
SELECT
    id, id, 1, partner_id, role_kind_id, interaction_type, priority, calendar_id, first_response, resolution,
    silence_limit, '{"owner": [75, 100], "leads": [100]}', '{}', effective_from, effective_until, now()
FROM partners_servicepolicy;
SELECT setval(
    pg_get_serial_sequence('partners_policyversion', 'id'), (SELECT max(id) FROM partners_policyversion)
);
"""

FIX = """
CREATE FUNCTION refuse_edit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a row of % is never edited: add the next version', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER policy_version_is_fixed BEFORE UPDATE ON partners_policyversion
    FOR EACH ROW EXECUTE FUNCTION refuse_edit();
CREATE TRIGGER calendar_version_is_fixed BEFORE UPDATE ON partners_calendarversion
    FOR EACH ROW EXECUTE FUNCTION refuse_edit();
"""

RELEASE = """
DROP TRIGGER calendar_version_is_fixed ON partners_calendarversion;
DROP TRIGGER policy_version_is_fixed ON partners_policyversion;
DROP FUNCTION refuse_edit();
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0006_policy_versions")]

    operations = [migrations.RunSQL(COPY, migrations.RunSQL.noop), migrations.RunSQL(FIX, RELEASE)]
