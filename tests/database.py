"""The servers under the tests: one throw-away PostgreSQL and Valkey for a run, one database in each for every process.

Tests connect as the application's role. The template is migrated once by the owner's; databases are copies of it.
"""

import atexit
import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import LiteralString

import django
import redis
from psycopg import sql
from psycopg.errors import DeadlockDetected

from config import catalogues, embedded

TEMPLATE = "bpim_template"
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
GUARDS = "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgenabled = 'A'"
ROOMY = 2_000_000_000  # bytes free that memory must have to be preferred over a disk
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
NAME = f"test_{WORKER}"


def prepare() -> None:
    """Before Django reads its settings: servers (the first process only), then this process's environment."""
    first = WORKER == "main"
    if first:
        catalogues.compile_new()
        os.environ["TEST_RUN_DIR"] = str(_begin_run())
    variables = embedded.urls(run_dir(), database=NAME, broker_database=_broker_database())
    variables |= {"VAR_DIR": str(run_dir() / WORKER), "DEBUG": "true", "DEVELOPMENT": "true"}
    variables |= {"API_CALLS_PER_CLIENT": "0", "API_CALLS_PER_ADDRESS": "0"}  # tests of the limits set their own
    variables["CONFIGURATION_SECONDS"] = "0"  # a test sees at once what it changed
    variables["PROCESS_WORKS_FOR"] = (
        "enterprise"  # a request in a test narrows this, as it opens what a web process has
    )
    variables["UNDO_SECONDS"] = "0"  # what is said is said; tests of taking it back ask for time
    os.environ.update(variables, DJANGO_SETTINGS_MODULE="config.settings")
    (run_dir() / WORKER / "static").mkdir(parents=True, exist_ok=True)  # whitenoise warns when it is missing
    django.setup()
    if first:
        _make_template()
        del os.environ["DJANGO_SETTINGS_MODULE"]  # a worker must come here before it reads the settings


def run_dir() -> Path:
    return Path(os.environ["TEST_RUN_DIR"])


def create() -> None:
    """This process's database, fresh from the template."""
    statement = "CREATE DATABASE {name} TEMPLATE {template} OWNER {owner} STRATEGY FILE_COPY"
    names = {"name": NAME, "template": TEMPLATE, "owner": embedded.OWNER}
    with embedded.superuser(run_dir()) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))
        connection.execute(sql.SQL(statement).format(**{key: sql.Identifier(value) for key, value in names.items()}))


def disconnect() -> None:
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        getattr(connection, "close_pool", lambda: None)()


def flush_broker(*, but: str = "") -> None:
    """Forget what lies in this process's broker, except keys that begin with `but`."""
    path = str(run_dir() / "valkey" / "valkey.sock")
    with redis.Redis(unix_socket_path=path, db=_broker_database()) as broker:
        kept = but.encode() or None
        if gone := [key for key in broker.scan_iter() if kept is None or not key.startswith(kept)]:
            broker.delete(*gone)


def content() -> Mapping[str, bytes]:
    """The rows of every table, for `refill`."""
    with embedded.superuser(run_dir(), NAME) as connection:
        names = [name for (name,) in connection.execute(TABLES)]
        found: dict[str, bytes] = {}
        for name in names:
            with connection.cursor().copy(_copy(name, "TO STDOUT")) as rows:
                found[name] = b"".join(rows)
    return found


def refill(content: Mapping[str, bytes], *, tries: int = 10) -> None:
    """Give every table the rows that it had, once those at work have ended their transactions; no id comes twice."""
    try:
        _refill(content)
    except DeadlockDetected:  # a sweep reads several tables, in an order of its own
        if tries == 1:
            raise
        refill(content, tries=tries - 1)


def _refill(content: Mapping[str, bytes]) -> None:
    with embedded.superuser(run_dir(), NAME) as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")  # neither triggers nor foreign keys
        guards = connection.execute(GUARDS).fetchall()  # of the record, which stand even so
        for guard in guards:
            connection.execute(_trigger(guard, "DISABLE"))
        connection.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, content))))
        for guard in guards:
            connection.execute(_trigger(guard, "ENABLE ALWAYS"))
        for name, rows in content.items():
            if rows:
                with connection.cursor().copy(_copy(name, "FROM STDIN")) as copy:
                    copy.write(rows)


def _trigger(guard: tuple[str, str], how: LiteralString) -> sql.Composed:
    return sql.SQL("ALTER TABLE {} " + how + " TRIGGER {}").format(*map(sql.Identifier, guard))


def _copy(table: str, where: LiteralString) -> sql.Composed:
    return sql.SQL("COPY {} " + where).format(sql.Identifier(table))


def _broker_database() -> int:
    return 0 if WORKER == "main" else int(WORKER.removeprefix("gw")) + 1


def _begin_run() -> Path:
    """A folder of this run alone; what killed runs left is removed."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of unguessable name is made in it
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOMY
    base = memory if roomy else Path(tempfile.gettempdir())
    for left in base.glob("bpim-test-*"):
        _remove_if_abandoned(left)
    directory = Path(tempfile.mkdtemp(prefix="bpim-test-", dir=base))
    end = contextlib.ExitStack()
    atexit.register(end.close)
    end.callback(shutil.rmtree, directory, ignore_errors=True)
    end.enter_context(embedded.running(directory, throwaway=True))
    return directory


def _remove_if_abandoned(directory: Path) -> None:
    with contextlib.suppress(OSError):
        if directory.stat().st_mtime > time.time() - 60:
            return  # perhaps it is being made at this moment
        with (directory / "embedded.users").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            embedded.stop(directory)
            shutil.rmtree(directory)


def _make_template() -> None:
    from django.core.management import call_command, get_commands

    with embedded.superuser(run_dir()) as connection:
        connection.execute(sql.SQL("ALTER DATABASE bpim RENAME TO {}").format(sql.Identifier(NAME)))
    call_command("migrate", verbosity=0, interactive=False)
    if "load_defaults" in get_commands():
        call_command("load_defaults", verbosity=0)
    disconnect()
    with embedded.superuser(run_dir()) as connection:
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        connection.execute(rename.format(sql.Identifier(NAME), sql.Identifier(TEMPLATE)))


@contextlib.contextmanager
def committed() -> Iterator[dict[str, str]]:
    """What happens inside is really committed; afterwards the database is as new. Yields a subprocess's environment."""
    try:
        yield dict(os.environ)
    finally:
        renew()


def renew() -> None:
    """Replace this process's database by a fresh one, and forget what was known of the old."""
    from partners.domain import calendars

    disconnect()
    create()
    calendars.working.cache_clear()  # the new database gives its ids anew
    flush_broker()
