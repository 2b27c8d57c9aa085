"""What must hold before a web process or a worker may start."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.db import OperationalError, connection

RIGHTS = """
    SELECT current_user, rolsuper, rolbypassrls,
           EXISTS (SELECT FROM pg_class
                   WHERE relnamespace = to_regnamespace(current_schema())::oid AND relkind IN ('r', 'p')
                     AND pg_has_role(current_user, relowner, 'MEMBER')),
           has_schema_privilege(current_schema(), 'CREATE')
    FROM pg_roles WHERE rolname = current_user
"""
SHORTEST_KEY = 32
LEVELS = 3
TOO_MUCH = ("is a superuser", "bypasses row-level security", "owns tables", "may create tables")


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
        complaint = _complaint()
    except OperationalError as error:
        return [checks.Error(f"The database does not answer: {error}", id="bpim.E002")]
    hint = "Put the owner's role into DATABASE_OWNER_URL and a plain role into DATABASE_URL."
    return [checks.Error(complaint, hint=hint, id="bpim.E001")] if complaint else []


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


def refuse_unsafe_start() -> None:
    """For processes that are started without Django's checks."""
    if errors := [
        *secret_is_secret(),
        *encryption_keys_are_secret(),
        *application_role_is_humble(databases=["default"]),
    ]:
        raise UnsafeStart(f"{errors[0].msg} {errors[0].hint or ''}".strip())


def _complaint() -> str:
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS)
        role, *holds = cursor.fetchone()
    reasons = [reason for reason, holds_it in zip(TOO_MUCH, holds, strict=True) if holds_it]
    return f"The database role {role} of DATABASE_URL {' and '.join(reasons)}." if reasons else ""
