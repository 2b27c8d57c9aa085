"""An installation of its own for measuring: servers, data, and a web process as in production."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import django

from config import embedded

ROOT = Path(__file__).resolve().parents[2]
PORT = int(os.environ.get("BENCH_PORT", "8899"))


@dataclass(frozen=True, kw_only=True)
class World:
    """Who asks: a machine and a person of a partner, and a representative; and some numbers that exist."""

    client_id: str
    client_secret: str
    session: str
    partner_session: str
    partner_id: int
    numbers: list[str]


@dataclass(frozen=True, kw_only=True)
class Web:
    """The running web process, and the database server it asks."""

    folder: Path
    host: str
    port: int
    pid: int
    database_pid: int


@contextmanager
def running(folder: Path, *, throwaway: bool = False) -> Iterator[None]:
    """Embedded servers in a folder, migrated; the settings of production but for what a proxy would do.

    `throwaway` waits for no disk: for what is not measured by the clock.
    """
    with embedded.running(folder, throwaway=throwaway) as urls:
        os.environ.update(urls, VAR_DIR=str(folder), DJANGO_SETTINGS_MODULE="config.settings", LOG_LEVEL="ERROR")
        os.environ.update(PROCESS_WORKS_FOR="enterprise", DEBUG="true", DEVELOPMENT="true", PORT=str(PORT))
        os.environ.update(API_CALLS_PER_CLIENT="0", API_CALLS_PER_ADDRESS="0")
        os.environ.update(SECRET_KEY="measured-" * 8, ENCRYPTION_KEYS="another-" * 5)
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_defaults", verbosity=0)
        yield


def fill(interactions: int) -> World:
    """The data, filled up to so many interactions, and credentials to ask with."""
    from django.core.management import call_command

    from interactions.models import Interaction
    from partners.enums import ActorKind
    from partners.models import PartnerRole
    from tests.factories import world

    call_command("seed", verbosity=0)
    missing = interactions - Interaction.objects.count()
    if missing > 0:
        started = time.monotonic()
        call_command("seed", interactions=missing, verbosity=0)
        spent = time.monotonic() - started
        tidy()
        print(f"{missing:,} interactions were made in {spent:.0f} s, {missing / spent:,.0f} a second")
    role = PartnerRole.objects.filter(status="active").select_related("partner").order_by("pk")[0]
    client_id, secret = world.a_machine_client(role.partner, f"Benchmark {time.time_ns()}")
    rosa = world.a_representative(f"Rosa {time.time_ns()}", email=f"rosa.{time.time_ns()}@example.org")
    paul = world.a_person_of(role.partner, f"Paul {time.time_ns()}", email=f"paul.{time.time_ns()}@example.org")
    session, partner_session = (world.signed_in(user).cookies["sessionid"].value for user in (rosa, paul))
    both = replace(world.an_actor_for(paul), kind=ActorKind.MACHINE)  # a machine may read no more than a person
    newest = Interaction.objects.visible_to(both).order_by("-pk")[:500]
    return World(
        client_id=client_id,
        client_secret=secret,
        session=session,
        partner_session=partner_session,
        partner_id=role.partner_id,
        numbers=[found.number for found in newest],
    )


def tidy() -> None:
    """What the server does by itself within minutes of so many new rows, done now, so that no case pays for it."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


@contextmanager
def web(folder: Path, *, program: str = "config.wsgi", port: int = PORT) -> Iterator[Web]:
    """The web server, waited for."""
    production = {"DEBUG": "false", "SECURE_SSL_REDIRECT": "false"}
    environment = os.environ | production
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(collect, cwd=ROOT, env=environment, check=True)
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", os.environ.get("BENCH_WORKERS", "2"), "--blocking-threads", "2", "--log-level", "error"]
    with (
        (folder / "web.log").open("ab") as log,
        subprocess.Popen(
            [*command, f"{program}:application"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        ) as process,
    ):
        try:
            wait_for(f"http://127.0.0.1:{port}/account/login/", process)
            database_pid = int((folder / "postgres/postmaster.pid").read_text().split()[0])
            yield Web(folder=folder, host="127.0.0.1", port=port, pid=process.pid, database_pid=database_pid)
        finally:
            process.terminate()


def wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(150):
        if process.poll() is not None:
            raise SystemExit("The web process ended at once; see web.log in the folder of the installation.")
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310  our own address
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The web process did not answer within 30 seconds.")
