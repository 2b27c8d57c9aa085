"""What the application's database roles may do: read and write rows, and on the track record only add them."""

from django.conf import settings
from django.db import connections
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from partners.models.record import APPEND_ONLY


def grant(owner_alias: str, application_role: str) -> None:
    """For the role that signs in and the enterprise's, which it may take on. Safe to run after every migration."""
    roles = sql.SQL(", ").join(map(sql.Identifier, (application_role, settings.DATABASE_ENTERPRISE_ROLE)))
    with connections[owner_alias].cursor() as cursor:
        schema = _schema(cursor)
        for statement in (
            "REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC",
            "GRANT USAGE ON SCHEMA {schema} TO {roles}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {roles}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {roles}",
        ):
            cursor.execute(sql.SQL(statement).format(schema=sql.Identifier(schema), roles=roles))
        for table in existing(cursor, APPEND_ONLY):
            revoke = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}")
            cursor.execute(revoke.format(sql.Identifier(schema, table), roles))


def absent_roles(owner_alias: str, application_role: str) -> list[str]:
    """Of the roles that get rights, those that the server's administrator has not made yet."""
    wanted = [application_role, settings.DATABASE_ENTERPRISE_ROLE]
    with connections[owner_alias].cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [wanted])
        return sorted({*wanted} - {name for (name,) in cursor.fetchall()})


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
