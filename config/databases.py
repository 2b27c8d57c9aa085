"""Django's settings for a PostgreSQL URL."""

import environ

env = environ.Env()


def connected(url: str, *, pooled: bool, role: str = "") -> dict[str, object]:
    """A `host` in the query may be a socket's folder; `role` is the one that connections take on."""
    settings: dict[str, object] = dict(env.db_url_config(url))
    given = settings.get("OPTIONS")
    options: dict[str, object] = dict(given) if isinstance(given, dict) else {}
    if host := options.pop("host", None):
        settings["HOST"] = host
    said = []
    if pooled:
        said.append(f"-c statement_timeout={env.int('STATEMENT_TIMEOUT_MS', default=15000)}")
        # planning is half of PostgreSQL's work for a small statement; what a connection sees often it keeps planned
        prepared = env.int("DATABASE_PREPARE_AFTER", default=5)
        options |= {"server_side_binding": True, "prepare_threshold": prepared if prepared > 0 else None}
        options["pool"] = {
            "min_size": 1,
            "max_size": env.int("DATABASE_POOL_SIZE", default=8),
            "timeout": env.int("DATABASE_POOL_SECONDS", default=10),
        }
    if role:
        said.append(f"-c role={role}")  # Django's own "assume_role" cannot be used together with a pool
    options["options"] = " ".join(said)
    return settings | {"ENGINE": "django.db.backends.postgresql", "OPTIONS": options, "CONN_MAX_AGE": 0}
