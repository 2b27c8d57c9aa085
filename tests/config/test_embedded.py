"""The servers out of their wheels: started, joined, stopped, and recovered after a crash."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from config import cluster, embedded, processes

HOLD = """
import sys; from pathlib import Path; from config import embedded
with embedded.running(Path(sys.argv[1])):
    print("in", flush=True)
    input()
"""


@pytest.fixture
def var_dir() -> Iterator[Path]:
    """Short enough for sockets, unlike pytest's own; whatever a test leaves running is ended."""
    with tempfile.TemporaryDirectory(prefix="bpim-embedded-") as folder:
        yield Path(folder)
        embedded.stop(Path(folder))


@pytest.fixture
def somebody() -> Iterator["subprocess.Popen[bytes]"]:
    """A process of the account PostgreSQL runs under, which has nothing to do with it."""
    account = cluster.run_as(cluster.account_of(Path("/nowhere")))
    with subprocess.Popen(["/bin/sleep", "60"], cwd="/", **account) as process:
        yield process
        process.kill()


@contextlib.contextmanager
def another_user(var_dir: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that uses the servers until it is spoken to."""
    command = [sys.executable, "-c", HOLD, str(var_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "in\n"
        yield process


def at_work(var_dir: Path) -> dict[int, int]:
    postgres = processes.at_work(var_dir / "postgres", embedded.POSTGRES)
    return postgres | processes.at_work(var_dir / "valkey", embedded.VALKEY)


def leaders(var_dir: Path) -> set[int]:
    return set(processes.leaders(at_work(var_dir)))


def remember(urls: dict[str, str], word: str) -> None:
    with psycopg.connect(urls["DATABASE_OWNER_URL"]) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS memory (word text)")
        owner.execute("INSERT INTO memory VALUES (%s)", [word])
    with broker(urls) as client:
        client.rpush("memory", word)
        client.execute_command("WAITAOF", 1, 0, 2000)  # on disk before somebody pulls the plug


def remembered(urls: dict[str, str]) -> tuple[list[str], list[str]]:
    with psycopg.connect(urls["DATABASE_OWNER_URL"]) as owner, broker(urls) as client:
        rows = owner.execute("SELECT word FROM memory").fetchall()
        return [word for (word,) in rows], [word.decode() for word in client.lrange("memory", 0, -1)]


def broker(urls: dict[str, str]) -> redis.Redis:
    return redis.Redis.from_url(urls["BROKER_URL"].replace("redis+socket://", "unix://").replace("virtual_host", "db"))


def test_a_restart_finds_the_data(var_dir: Path) -> None:
    with embedded.running(var_dir) as urls:
        remember(urls, "first")
    assert not at_work(var_dir)

    with embedded.running(var_dir) as urls:
        assert remembered(urls) == (["first"], ["first"])


def test_a_second_user_joins_and_the_last_one_out_stops_the_servers(var_dir: Path) -> None:
    with embedded.running(var_dir):
        working = leaders(var_dir)
        with another_user(var_dir) as other:
            assert leaders(var_dir) == working
            other.communicate("out\n")
        assert leaders(var_dir) == working
    assert not at_work(var_dir)


def test_servers_that_outlived_a_killed_user_are_joined_and_stopped(var_dir: Path) -> None:
    with another_user(var_dir) as other:
        other.kill()
    left = leaders(var_dir)
    assert len(left) == 2

    with embedded.running(var_dir) as urls:
        remember(urls, "joined")
        assert leaders(var_dir) == left

    assert not at_work(var_dir)


def test_a_kill_of_everything_is_recovered(var_dir: Path) -> None:
    with embedded.running(var_dir) as urls:
        remember(urls, "before")
        processes.send(at_work(var_dir), signal.SIGKILL)
        assert processes.until(lambda: not at_work(var_dir), 5)
        assert (var_dir / "postgres" / "postmaster.pid").exists()

        with embedded.running(var_dir) as urls_again:
            assert remembered(urls_again) == (["before"], ["before"])


def test_a_left_pid_that_now_belongs_to_another_process_does_not_fool_it(
    var_dir: Path, somebody: "subprocess.Popen[bytes]"
) -> None:
    with embedded.running(var_dir) as urls:
        remember(urls, "before")
        processes.send(at_work(var_dir), signal.SIGKILL)
        assert processes.until(lambda: not at_work(var_dir), 5)
        for left in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            _, *lines = (var_dir / "postgres" / left).read_text().splitlines()
            (var_dir / "postgres" / left).write_text("\n".join([str(somebody.pid), *lines]))

        with embedded.running(var_dir) as urls_again:
            assert remembered(urls_again) == (["before"], ["before"])


def test_a_killed_leader_with_living_children_is_recovered(var_dir: Path) -> None:
    with embedded.running(var_dir) as urls, psycopg.connect(urls["DATABASE_OWNER_URL"]):
        remember(urls, "before")
        processes.send(leaders(var_dir), signal.SIGKILL)

        with embedded.running(var_dir) as urls_again:
            assert remembered(urls_again) == (["before"], ["before"])


def test_a_path_too_long_for_a_socket_works(var_dir: Path) -> None:
    deep = var_dir / ("long" * 30)
    with embedded.running(deep) as urls:
        remember(urls, "deep")
        assert remembered(urls) == (["deep"], ["deep"])
    assert not at_work(deep)


def test_the_application_role_is_neither_owner_nor_superuser(var_dir: Path) -> None:
    with embedded.running(var_dir, throwaway=True) as urls, psycopg.connect(urls["DATABASE_URL"]) as application:
        rights = application.execute(
            "SELECT current_user, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole,"
            " pg_get_userbyid(datdba), pg_has_role(current_user, datdba, 'MEMBER')"
            " FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()"
        ).fetchone()

        assert rights == ("bpim_app", False, False, False, False, "bpim_owner", False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("CREATE TABLE mine ()")


def test_one_of_the_two_urls_alone_is_refused(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "BROKER_URL"}}
    environment |= {"DATABASE_URL": "postgresql://bpim_app@localhost/bpim", "VAR_DIR": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "manage.py", "check"], check=False, env=environment, capture_output=True, text=True
    )

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "DATABASE_URL and BROKER_URL go together: set both to use your own servers, or neither."
    ]
