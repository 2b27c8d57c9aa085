"""Real workers, a real broker and a real SMTP server: killed, black-holed and restarted, nothing is lost."""

import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from config.celery import app
from interactions.enums import Event
from notifications import tasks
from notifications.domain import deliveries
from notifications.enums import DeliveryState
from notifications.models import Delivery
from partners.models import OutboxMessage, RecordEntry
from tests.factories.world import a_partner, a_person_of, an_actor_for, an_interaction
from tests.notifications.conftest import NOON, an_office

PATIENCE = 60.0


class Server:
    """A mail server that takes its time; counts what it took by message id."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's
        assert isinstance(envelope.content, bytes)
        head = envelope.content.partition(b"\r\n\r\n")[0].decode()
        (message_id,) = [line for line in head.splitlines() if line.startswith("Message-ID: ")]
        self.taken[message_id] += 1
        time.sleep(0.002)  # in the server's own thread: the worker waits
        return "250 OK"


@pytest.fixture
def server(committed_db: dict[str, str]) -> Iterator[Server]:
    server = Server()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    committed_db["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    controller: Any = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    yield server
    controller.stop()


@pytest.fixture
def start_worker(committed_db: dict[str, str]) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts workers as `manage.py run` does; whatever still runs is ended after the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        as_root = "ignore:You're running the worker with superuser privileges"
        celery = ["celery", "--app", "config.celery", "--quiet", "worker", "--pool", "threads", "--concurrency", "2"]
        alone = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "ERROR"]
        command = [sys.executable, "-W", as_root, "-m", *celery, *alone]
        environment = committed_db | {"CELERY_SKIP_CHECKS": "true"}
        started.append(subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()
        worker.wait()


def until(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.01)


def events(count: int) -> None:
    """Something to be told to one person of each of three partners, again and again."""
    office = an_office()
    partners = [office.acme, a_partner("Globex"), a_partner("Initech")]
    people = [office.paul, *(a_person_of(partner, f"Person of {partner.name}") for partner in partners[1:])]
    for number in range(count):
        partner, person = partners[number % 3], people[number % 3]
        an_interaction(partner, actor=an_actor_for(office.rosa), sender=person.email, at=NOON)


def test_a_worker_killed_while_relaying_and_another_while_sending_lose_nothing(
    server: Server, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    events(300)
    assert OutboxMessage.objects.count() >= 300

    first = start_worker()
    tasks.relay.delay()
    until(Delivery.objects.exists)  # the first batch is committed, the second is being made
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert OutboxMessage.objects.exists(), "it was killed too late to prove anything"

    second = start_worker()
    tasks.relay.delay()
    until(lambda: not OutboxMessage.objects.exists() and sum(server.taken.values()) > 60)
    second.send_signal(signal.SIGKILL)
    second.wait()
    assert Delivery.objects.unsent().exists(), "it was killed too late to prove anything"

    held = Delivery.objects.filter(state=DeliveryState.IN_PROGRESS)
    in_hand = held.count()
    assert in_hand <= 2 * deliveries.AT_ONCE
    held.update(next_at=Now() - timedelta(seconds=1))  # the lease of the killed one has ended
    start_worker()
    tasks.send.delay()
    until(lambda: not Delivery.objects.unsent().exists())

    told = RecordEntry.objects.filter(event=Event.RECEIVED)
    rows = list(Delivery.objects.values_list("entry_id", "address"))
    assert {entry for entry, _ in rows} == set(told.values_list("pk", flat=True))
    assert len(rows) == len(set(rows))
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.COMPLETED}
    assert len(server.taken) == len(rows)
    twice = [message_id for message_id, count in server.taken.items() if count > 1]
    assert len(twice) <= in_hand  # at least once: only what the killed one held may come again


def test_without_a_broker_a_change_is_committed_and_told_later(committed_db: dict[str, str]) -> None:
    with socket.socket() as black_hole:
        black_hole.bind(("127.0.0.1", 0))
        black_hole.listen()  # takes connections and says nothing
        address = f"redis://127.0.0.1:{black_hole.getsockname()[1]}/0"
        script = (
            "import time, django; django.setup()\n"
            "from tests.notifications.conftest import an_office, NOON\n"
            "from interactions.enums import Event\n"
            "office = an_office()\n"
            "began = time.monotonic()\n"
            "office.happens(Event.RESOLVED)\n"
            "print(time.monotonic() - began)\n"
        )
        environment = committed_db | {"BROKER_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings"}
        environment["PYTHONPATH"] = str(settings.BASE_DIR)
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, check=True, timeout=60
        )

    assert float(done.stdout) < 1
    assert OutboxMessage.objects.filter(entry__event=Event.RESOLVED).count() == 1
    tasks.relay.apply()
    assert Delivery.objects.filter(entry__event=Event.RESOLVED).count() == 2


def test_a_hint_that_the_broker_does_not_take_harms_nothing(
    committed_db: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    an_office()

    def refuse(*_: Any, **__: Any) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(app, "send_task", refuse)
    monkeypatch.setattr(tasks.send, "apply_async", refuse)

    assert tasks.relay() > 0
    assert not OutboxMessage.objects.exists()


def test_nothing_here_is_timed_by_the_broker() -> None:
    """Delays, countdowns and retries of Celery repeat work; rows with a time do not."""
    sources = [path.read_text() for path in Path(settings.BASE_DIR, "notifications").rglob("*.py")]

    for word in ["countdown=", "eta=", ".retry(", "autoretry_for", "AsyncResult"]:
        assert not any(word in source for source in sources), word
