"""The database itself refuses to change the track record, whoever asks and whatever rights they have."""

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

TABLES = ("partners_recordentry", "partners_checkpoint")


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_partners")]

    operations = [
        migrations.RunSQL(FORBID, "DROP FUNCTION refuse_change()"),
        *[migrations.RunSQL(PROTECT.format(table=table), RELEASE.format(table=table)) for table in TABLES],
    ]
