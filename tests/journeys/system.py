"""The whole product running for a journey: web, worker with beat, mail listener; nothing is replaced."""

import contextlib
import email
import email.policy
import os
import signal
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

ROOT = Path(__file__).resolve().parents[2]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class System:
    """Where the running product is reached."""

    url: str
    smtp_port: int
    mail_folder: Path

    def mails_to(self, address: str) -> list[EmailMessage]:
        """What was sent to somebody, oldest first."""
        paths = sorted(self.mail_folder.rglob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        mails = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]
        return [mail for mail in mails if isinstance(mail, EmailMessage) and address in str(mail["To"])]

    def mail_to(self, address: str, about: str) -> EmailMessage:
        """The first mail to somebody whose text or subject holds `about`; waited for."""

        def found() -> EmailMessage | None:
            mails = self.mails_to(address)
            return next((mail for mail in mails if about in str(mail["Subject"]) + plain(mail)), None)

        return wait_until(found, what=f"a mail to {address} about “{about}”")


def plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return body.get_content() if body else ""


def wait_until(found: Callable[[], T | None], *, what: str, seconds: float = 30) -> T:
    """Ask until there is an answer; fails with what was waited for."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := found():
            return answer
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds:.0f} s for {what}")


@contextlib.contextmanager
def running(environment: dict[str, str]) -> Iterator[System]:
    """Start the processes and wait until they answer; all are ended afterwards."""
    port, smtp_port = free_port(), free_port()
    mail_folder = Path(environment["VAR_DIR"]) / "mail"
    environment = environment | {"PORT": str(port), "SMTP_PORT": str(smtp_port)}
    granian = [
        "granian",
        "--interface",
        "wsgi",
        "--port",
        str(port),
        "--blocking-threads",
        "4",
        "--log-level",
        "warning",
    ]
    celery = ["celery", "-A", "config.celery", "--quiet", "worker", "--beat", "--pool", "threads", "--concurrency", "1"]
    schedule = str(Path(environment["VAR_DIR"]) / f"beat-{port}")
    commands = [
        ["-m", *granian, "config.wsgi:application"],
        ["-W", "ignore", "-m", *celery, "--schedule", schedule, "--loglevel", "WARNING"],
        ["manage.py", "receive_mail"],
    ]
    with contextlib.ExitStack() as processes:
        for command in commands:
            processes.enter_context(process(command, environment))
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/account/login/"), what="the web process")
        wait_until(lambda: listens(smtp_port), what="the mail listener")
        yield System(url=f"http://localhost:{port}", smtp_port=smtp_port, mail_folder=mail_folder)


@contextlib.contextmanager
def process(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    with subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, start_new_session=True) as running_:
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running_.pid, signal.SIGTERM)
            try:
                running_.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(running_.pid, signal.SIGKILL)


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
        urllib.request.urlopen(url, timeout=5).close()  # noqa: S310  our own address
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
