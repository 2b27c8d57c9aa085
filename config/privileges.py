"""What the application's database role may do: read and write rows, and on the track record only add them."""

from django.conf import settings
from django.db import connections
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from partners.models.record import APPEND_ONLY


def grant(owner_alias: str, application_role: str) -> None:
    """Safe to run after every migration."""
    role = sql.Identifier(application_role)
    with connections[owner_alias].cursor() as cursor:
        schema = _schema(cursor)
        for statement in (
            "REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC",
            "GRANT USAGE ON SCHEMA {schema} TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
        ):
            cursor.execute(sql.SQL(statement).format(schema=sql.Identifier(schema), role=role))
        for table in existing(cursor, APPEND_ONLY):
            revoke = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}")
            cursor.execute(revoke.format(sql.Identifier(schema, table), role))


def existing(cursor: CursorWrapper, tables: tuple[str, ...]) -> list[str]:
    """Those that are there already: a partial migration stops before some."""
    cursor.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename = ANY(%s)", [list(tables)]
    )
    return [table for (table,) in cursor.fetchall()]


def application_role() -> str:
    return str(settings.DATABASES["default"]["USER"])


def _schema(cursor: CursorWrapper) -> str:
    cursor.execute("SELECT current_schema()")
    return str(cursor.fetchone()[0])
