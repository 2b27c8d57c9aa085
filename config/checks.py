"""What must hold before a web process or a worker may start."""

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString

import psycopg
from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.db import connection
from psycopg import Connection, OperationalError

from config import fence

# of the role that signs in and of every role that it may take on
RIGHTS = """
    SELECT session_user, bool_or(rolsuper), bool_or(rolbypassrls),
           EXISTS (SELECT FROM pg_class
                   WHERE relnamespace = to_regnamespace(current_schema())::oid AND relkind IN ('r', 'p')
                     AND pg_has_role(session_user, relowner, 'MEMBER')),
           bool_or(has_schema_privilege(oid, current_schema(), 'CREATE'))
    FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER')
"""
SHORTEST_KEY = 32
LEVELS = 3
TOO_MUCH = ("is a superuser", "bypasses row-level security", "owns tables", "may create tables")
# whether the enterprise's role can be taken on, and whether it holds without being taken on
ENTERPRISE = """
    SELECT coalesce(bool_or(pg_has_role(session_user, oid, 'MEMBER')), false),
           coalesce(bool_or(pg_has_role(session_user, oid, 'USAGE')), false)
    FROM pg_roles WHERE rolname = %s
"""


class UnsafeStart(SystemExit):
    """One line for the operator; a process that raises it does not serve."""


@checks.register(checks.Tags.database)
def application_role_is_humble(
    *,
    app_configs: Sequence[AppConfig] | None = None,  # noqa: ARG001 - Django passes it
    databases: Iterable[str] | None = None,
    **kwargs: Any,  # noqa: ARG001 - Django passes more
) -> list[checks.CheckMessage]:
    """The application must not be able to change its own track record."""
    if "default" not in (databases or ()):
        return []
    try:
        with signed_in() as connection:
            complaint = _too_mighty(connection) or _no_side(connection) or _no_fence(connection)
    except OperationalError as error:
        return [checks.Error(f"The database does not answer: {error}", id="bpim.E002")]
    return [complaint] if complaint else []


def signed_in() -> Connection:
    """A connection of the application's role as it is, before it takes on any other."""
    wanted = {"host", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey", "service"}
    given = {name: value for name, value in connection.get_connection_params().items() if name in wanted}
    return psycopg.connect(**given, autocommit=True, connect_timeout=10)


@checks.register(checks.Tags.security)
def secret_is_secret(**kwargs: Any) -> list[checks.CheckMessage]:  # noqa: ARG001 - Django passes more
    """The key that stands in the code signs nothing in production."""
    if settings.DEBUG or settings.SECRET_KEY != settings.KNOWN_SECRET:
        return []
    return [checks.Error("SECRET_KEY is not set.", hint="Set it to at least 50 random characters.", id="bpim.E003")]


@checks.register(checks.Tags.security)
def encryption_keys_are_secret(**kwargs: Any) -> list[checks.CheckMessage]:  # noqa: ARG001 - Django passes more
    """What is encrypted with the key that stands in the code is not encrypted at all."""
    if settings.DEBUG:
        return []
    keys = list(settings.ENCRYPTION_KEYS)
    if not keys or settings.KNOWN_KEY in keys:
        complaint = "ENCRYPTION_KEYS is not set."
    elif any(len(key) < SHORTEST_KEY for key in keys):
        complaint = "A key in ENCRYPTION_KEYS is too short."
    else:
        return []
    hint = f"Set it to a key of at least {SHORTEST_KEY} random characters; several, comma separated, while you rotate."
    return [checks.Error(complaint, hint=hint, id="bpim.E004")]


@checks.register(checks.Tags.security)
def sessions_end(**kwargs: Any) -> list[checks.CheckMessage]:  # noqa: ARG001 - Django passes more
    """Each of the three levels says how long a session lasts, and those who may do much prove it twice."""
    found: list[checks.CheckMessage] = []
    for name in ("SESSION_IDLE_MINUTES", "SESSION_HOURS"):
        limits = getattr(settings, name)
        if len(limits) != LEVELS or min(limits) <= 0:
            hint = f"Give {LEVELS} numbers, comma separated: for levels 1, 2 and 3."
            found.append(checks.Error(f"{name} does not say how long sessions last.", hint=hint, id="bpim.E005"))
    if not settings.SECOND_FACTOR_NEEDED and not settings.DEBUG:
        complaint = "Representatives and administrators of partners sign in without a second factor."
        found.append(checks.Warning(complaint, hint="Leave SECOND_FACTOR_NEEDED out.", id="bpim.W001"))
    return found


@checks.register(checks.Tags.security)
def webhooks_stay_outside(**kwargs: Any) -> list[checks.CheckMessage]:  # noqa: ARG001 - Django passes more
    """No partner's webhook reaches what runs beside us."""
    if not settings.WEBHOOKS_TO_LOOPBACK or settings.DEBUG:
        return []
    complaint = "Webhooks of partners may be sent to this very machine."
    return [checks.Error(complaint, hint="Leave WEBHOOKS_TO_LOOPBACK out.", id="bpim.E006")]


def refuse_unsafe_start() -> None:
    """For processes that are started without Django's checks."""
    if errors := [
        *secret_is_secret(),
        *encryption_keys_are_secret(),
        *webhooks_stay_outside(),
        *application_role_is_humble(databases=["default"]),
    ]:
        raise UnsafeStart(f"{errors[0].msg} {errors[0].hint or ''}".strip())


def _too_mighty(signed_in: Connection) -> checks.Error | None:
    """The application must not be able to change its own track record, or to step over its own fence."""
    role, *holds = _row(signed_in, RIGHTS)
    reasons = [reason for reason, holds_it in zip(TOO_MUCH, holds, strict=True) if holds_it]
    hint = "Put the owner's role into DATABASE_OWNER_URL and a plain role into DATABASE_URL."
    told = f"The database role {role} of DATABASE_URL {' and '.join(reasons)}."
    return checks.Error(told, hint=hint, id="bpim.E001") if reasons else None


def _no_side(signed_in: Connection) -> checks.Error | None:
    """It must be able to act for the enterprise when it says so, and never without saying so."""
    enterprise = settings.DATABASE_ENTERPRISE_ROLE
    may, always = _row(signed_in, ENTERPRISE, [enterprise])
    if may and not always:
        return None
    role = signed_in.info.user
    hint = f"As the database's administrator: ALTER ROLE {role} NOINHERIT; GRANT {enterprise} TO {role}."
    told = f"The database role {role} {'always is' if may else 'may not become'} {enterprise}."
    return checks.Error(told, hint=hint, id="bpim.E004")


def _no_fence(signed_in: Connection) -> checks.Error | None:
    """Row-level security stands on every table that holds a partner's rows."""
    with signed_in.cursor() as cursor:
        missing = fence.missing(cursor)
    told = f"Row-level security is not enabled on {', '.join(missing)}."
    return checks.Error(told, hint="Run manage.py migrate.", id="bpim.E005") if missing else None


def _row(signed_in: Connection, statement: LiteralString, given: list[str] | None = None) -> Any:
    return signed_in.execute(statement, given).fetchone()
