"""What the database itself holds, whoever asks and whatever rights they have, even against our own mistakes."""

from django.db import migrations

FORBID = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: the track record is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""
PROTECT = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate;
"""
RELEASE = """
DROP TRIGGER {table}_append_only ON {table};
DROP TRIGGER {table}_no_truncate ON {table};
"""
RECORD = ("partners_recordentry", "partners_checkpoint")

# it counts administrators whoever changes a place: as its owner it looks past the fence of the request
KEEP = """
CREATE FUNCTION keep_an_administrator() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT OLD.is_administrator OR OLD.blocked_at IS NOT NULL OR OLD.ended_at IS NOT NULL
        OR OLD.valid_until < CURRENT_DATE THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW.partner_id = OLD.partner_id AND NEW.is_administrator AND NEW.blocked_at IS NULL
            AND NEW.ended_at IS NULL AND (NEW.valid_until IS NULL OR NEW.valid_until >= CURRENT_DATE) THEN
            RETURN NULL;
        END IF;
    END IF;
    -- two removals at once wait for each other here, and the second sees what the first has left
    PERFORM 1 FROM partners_partner WHERE id = OLD.partner_id FOR NO KEY UPDATE;
    IF NOT EXISTS (
        SELECT 1 FROM partners_membership AS other JOIN partners_user AS person ON person.id = other.user_id
        WHERE other.partner_id = OLD.partner_id AND other.is_administrator AND person.is_active
            AND other.blocked_at IS NULL AND other.ended_at IS NULL AND other.valid_from <= CURRENT_DATE
            AND (other.valid_until IS NULL OR other.valid_until >= CURRENT_DATE)
    ) THEN
        RAISE EXCEPTION 'partner % would be left without an administrator', OLD.partner_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'partner_keeps_an_administrator';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER partner_keeps_an_administrator AFTER UPDATE OR DELETE ON partners_membership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_an_administrator();
"""
LET_GO = """
DROP TRIGGER partner_keeps_an_administrator ON partners_membership;
DROP FUNCTION keep_an_administrator();
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
FREE = """
DROP TRIGGER calendar_version_is_fixed ON partners_calendarversion;
DROP TRIGGER policy_version_is_fixed ON partners_policyversion;
DROP FUNCTION refuse_edit();
"""


class Migration(migrations.Migration):
    replaces = [("partners", "0002_append_only_record"), ("partners", "0007_first_versions_of_policies")]

    dependencies = [("partners", "0001_initial")]

    operations = [
        migrations.RunSQL(FORBID, "DROP FUNCTION refuse_change()"),
        *[migrations.RunSQL(PROTECT.format(table=table), RELEASE.format(table=table)) for table in RECORD],
        migrations.RunSQL(KEEP, LET_GO),
        migrations.RunSQL(FIX, FREE),
    ]
