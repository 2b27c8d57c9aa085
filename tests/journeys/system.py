"""The whole product running for a journey: web, worker with beat, mail listener, live; nothing is replaced."""

import contextlib
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

from config import processes
from notifications.models import Delivery
from partners.models import OutboxMessage
from tests.journeys import mails

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0  # seconds that anything may take on a busy machine
AS_ROOT = "ignore:You're running the worker with superuser privileges"
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Program:
    """One process of the product, whose output lies in a file."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def output(self) -> str:
        return self.log.read_text(errors="replace")


@dataclass(frozen=True, kw_only=True)
class System:
    """Where the running product is reached, and what it left behind."""

    url: str
    smtp_port: int
    var_dir: Path
    programs: list[Program]

    def mails_to(self, address: str) -> list[EmailMessage]:
        """What was sent to somebody, oldest first."""
        return [mail for mail in mails.kept(self.var_dir / "mail") if address in str(mail["To"])]

    def mail_to(self, address: str, about: str) -> EmailMessage:
        """The first mail to somebody whose text or subject holds `about`; waited for."""

        def found() -> EmailMessage | None:
            told = self.mails_to(address)
            return next((mail for mail in told if about in str(mail["Subject"]) + mails.plain(mail)), None)

        def missing() -> str:
            subjects = [str(mail["Subject"]) for mail in self.mails_to(address)]
            return f"a mail to {address} about “{about}”; there are {subjects}"

        return wait_until(found, what=missing)

    def subjects(self, address: str) -> list[str]:
        """What somebody was told in all, oldest first; read when nothing is on its way any more."""
        self.settle()
        return [str(mail["Subject"]) for mail in self.mails_to(address)]

    def settle(self, seconds: float = PATIENCE) -> None:
        """Wait until everything that happened so far was relayed and sent."""
        wait_until(
            lambda: not OutboxMessage.objects.exists() and not Delivery.objects.unsent().exists(),
            what="every notice to be sent",
            seconds=seconds,
        )

    def send_mail(self, mail: EmailMessage) -> None:
        """Hand a mail to the listener, as another mail server does."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=PATIENCE) as server:
            server.send_message(mail)


def wait_until(found: Callable[[], T | None], *, what: str | Callable[[], str], seconds: float = PATIENCE) -> T:
    """Ask until there is an answer; fails with what was waited for."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := found():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds:.0f} s for {what if isinstance(what, str) else what()}")


@contextlib.contextmanager
def running(environment: dict[str, str], var_dir: Path) -> Iterator[System]:
    """Start the processes and wait until they answer; all are ended afterwards."""
    port, smtp_port, live_port = free_port(), free_port(), free_port()
    environment = environment | {"VAR_DIR": str(var_dir), "PORT": str(port), "SMTP_PORT": str(smtp_port)}
    environment |= {"LIVE_PORT": str(live_port)}
    environment |= {"CELERY_SKIP_CHECKS": "true", "PYTHONUNBUFFERED": "1"}
    (var_dir / "static").mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as started:
        programs = [
            started.enter_context(program(name, command, environment, var_dir / f"{name}.log"))
            for name, command in commands(port, live_port, var_dir).items()
        ]
        system = System(url=f"http://localhost:{port}", smtp_port=smtp_port, var_dir=var_dir, programs=programs)
        wait_for(programs[0], lambda: answers(f"http://127.0.0.1:{port}/account/login/"))
        wait_for(programs[1], lambda: (var_dir / "beat").exists() or any(var_dir.glob("beat.*")))
        wait_for(programs[2], lambda: listens(smtp_port))
        wait_for(programs[3], lambda: listens(live_port))
        yield system


def commands(port: int, live_port: int, var_dir: Path) -> dict[str, list[str]]:
    """As `manage.py run` starts them, with the beat inside the worker to save a process."""
    web = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "4"]
    worker = ["celery", "--app", "config.celery", "--quiet", "worker", "--pool", "threads", "--concurrency", "2"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
    live = ["granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(live_port), "--log-level", "warning"]
    beat = ["--beat", "--schedule", str(var_dir / "beat")]
    return {
        "web": ["-m", *web, "--log-level", "warning", "config.wsgi:application"],
        "worker": ["-W", AS_ROOT, "-m", *worker, *beat],
        "mail": ["manage.py", "receive_mail"],
        "live": ["-m", *live, "config.live.app:application"],
    }


@contextlib.contextmanager
def program(name: str, command: list[str], environment: dict[str, str], log: Path) -> Iterator[Program]:
    """In a session of its own, which ends with us however we end; killed at once, since its data goes as well."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=processes.ended_with_parent(signal.SIGTERM),  # noqa: PLW1509  it takes no lock
        )
    try:
        yield Program(name=name, process=process, log=log)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def wait_for(program_: Program, is_ready: Callable[[], bool]) -> None:
    """Wait until a program is ready; one that ended says why."""

    def looked_at() -> bool:
        if program_.process.poll() is not None:
            raise AssertionError(f"{program_.name} ended at once:\n{program_.output()}")
        return is_ready()

    wait_until(looked_at, what=lambda: f"{program_.name}, which said:\n{program_.output()}", seconds=60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=30).close()  # noqa: S310  our own address
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
