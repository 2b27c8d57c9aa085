"""The mail listener, spoken to as other mail servers do."""

import contextlib
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from config import embedded
from interactions.domain import lifecycle
from interactions.domain.lifecycle import Words
from interactions.enums import MessageState, Move, Status
from interactions.models import InboundMessage, Interaction
from partners.enums import PartnerStatus
from partners.models import Partner
from partners.payloads import SYSTEM
from tests import database
from tests.factories.mails import DESK, a_mail, reply_address_of
from tests.factories.world import a_partner, a_person_of, a_policy, a_type, an_interaction

PAUL = "paul.acheson@example.org"
LINE_END = re.compile(rb"(?<!\r)\n")
READY = re.compile(r"Taking mail for \S+ at 127\.0\.0\.1:(\d+)")


class Listener:
    """A real `manage.py receive_mail`."""

    def __init__(self, environment: dict[str, str], log: Path, **variables: str) -> None:
        command = [sys.executable, "manage.py", "receive_mail"]
        if patience := variables.pop("patience", ""):
            command += ["--patience", patience]
        self.log = log
        with log.open("a") as output:
            self.process = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=environment | {"SMTP_PORT": "0", "LOG_LEVEL": "WARNING", **variables},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.port = self._port()

    def _port(self) -> int:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if found := READY.search(self.log.read_text()):
                return int(found.group(1))
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"not ready: {self.log.read_text()}")

    def client(self) -> smtplib.SMTP:
        return smtplib.SMTP("127.0.0.1", self.port, timeout=30)

    def send(self, raw: bytes, *, sender: str = PAUL, to: str = DESK) -> tuple[int, bytes]:
        """The answer to the mail as a whole."""
        with self.client() as client:
            client.ehlo("mx.example.org")
            client.mail(sender)
            code, answer = client.rcpt(to)
            return client.data(LINE_END.sub(b"\r\n", raw)) if code == 250 else (code, answer)

    def send_at_once(self, *raws: bytes) -> list[int]:
        """The codes of mails sent over a connection each, at the same time."""
        codes: list[int] = []
        threads = [threading.Thread(target=lambda raw=raw: codes.append(self.send(raw)[0])) for raw in raws]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return codes

    def memory(self) -> int:
        """The most bytes it ever held."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1000  # type: ignore[index]

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(20)


pytestmark = pytest.mark.xdist_group("mail")  # of one listener

Start = Callable[..., Listener]


@pytest.fixture
def start(committed_db: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Starts listeners on the test's database; ends them."""
    started: list[Listener] = []

    def begin(**variables: str) -> Listener:
        listener = Listener(committed_db, tmp_path / f"{len(started)}.log", **variables)
        started.append(listener)
        return listener

    a_type("general-query")
    yield begin
    for listener in started:
        if listener.process.poll() is None:
            listener.end(signal.SIGKILL)


@pytest.fixture(scope="module")
def running(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listener]:
    """The listener of all tests that ask nothing special of it; each gives it another database beneath."""
    listener = Listener(dict(os.environ), tmp_path_factory.mktemp("mail") / "log")
    yield listener
    listener.end(signal.SIGKILL)


@pytest.fixture
def listener(running: Listener, committed_db: dict[str, str]) -> Listener:
    a_type("general-query")
    assert running.process.poll() is None, running.log.read_text()
    running.log.write_text("")
    return running


def a_matter() -> Interaction:
    acme = a_partner("Acme Wholesale")
    a_person_of(acme, "Paul Acheson")
    return an_interaction(acme)


def test_from_the_first_mail_to_the_answer_that_was_waited_for(listener: Listener) -> None:
    a_policy()
    a_person_of(a_partner("Acme Wholesale"), "Paul Acheson")

    first = listener.send(a_mail("Größe 7, Störung ☎", subject="Störung", files=[("Bild Ä.png", b"\x89PNG\r\n.\r\n")]))
    unknown = listener.send(a_mail(sender="new@startup.example.org"), sender="new@startup.example.org")
    interaction = Interaction.objects.get(subject="Störung")
    for move in (Move.START, Move.ASK):
        lifecycle.make_move(interaction, move, actor=SYSTEM, at=timezone.now(), words=Words(waiting_for="the number"))
    answer = listener.send(
        a_mail("It is 77.\n\nOn Mon, Jun 1, 2026 at 8:30 AM Desk <d@mail.example.org> wrote:\n\n> Which?\n"),
        to=reply_address_of(interaction),
    )

    assert [code for code, _ in (first, unknown, answer)] == [250, 250, 250]
    assert Partner.objects.get(status=PartnerStatus.PROSPECT).interactions.count() == 1
    interaction.refresh_from_db()
    assert interaction.partner.name == "Acme Wholesale"
    assert interaction.status == Status.IN_PROGRESS
    assert interaction.due_at is not None
    assert [item.text for item in interaction.items.in_sequence()] == ["Größe 7, Störung ☎", "It is 77."]
    picture = interaction.attachments.get(name="Bild Ä.png")
    with picture.file.open("rb") as kept:
        assert kept.read() == b"\x89PNG\r\n.\r\n"


def test_a_forged_sender_is_answered_like_any_other_and_changes_nothing(listener: Listener) -> None:
    interaction = a_matter()
    version = interaction.version

    code, _ = listener.send(a_mail(sender="x@y.example.org", subject=f"Re: {interaction.number}"), sender=PAUL)

    assert code == 250
    assert InboundMessage.objects.get(channel="email").state == MessageState.QUARANTINED
    interaction.refresh_from_db()
    assert (interaction.version, interaction.items.count()) == (version, 1)


def test_an_automatic_reply_to_a_notice_reopens_nothing(listener: Listener) -> None:
    interaction = a_matter()
    words = Words(resolution="Done.")
    lifecycle.make_move(interaction, Move.RESOLVE, actor=SYSTEM, at=timezone.now(), words=words)

    vacation = listener.send(a_mail(Auto_Submitted="auto-replied"), to=reply_address_of(interaction))
    bounce = listener.send(a_mail(sender="mailer-daemon@example.org"), sender="", to=reply_address_of(interaction))

    assert (vacation[0], bounce[0]) == (250, 250)
    interaction.refresh_from_db()
    assert interaction.status == Status.RESOLVED
    assert list(InboundMessage.objects.filter(channel="email").values_list("state", flat=True)) == ["ignored"] * 2


def test_what_is_too_large_is_refused_before_and_while_it_is_sent(start: Start) -> None:
    listener = start(MAIL_MAX_BYTES="100000")
    with listener.client() as client:
        client.ehlo()
        assert client.esmtp_features["size"] == "100000"
        announced, _ = client.mail(PAUL, ["SIZE=100001"])
        client.mail(PAUL)
        client.rcpt(DESK)
        sent, _ = client.data(a_mail("long line\n" * 20_000))
        client.mail(PAUL)
        client.rcpt(DESK)
        after, _ = client.data(a_mail("short"))

    assert (announced, sent, after) == (552, 552, 250)
    assert InboundMessage.objects.count() == 1


def test_one_endless_line_and_many_large_mails_need_little_memory(start: Start) -> None:
    listener = start()
    before = listener.memory()
    with listener.client() as client:
        client.ehlo()
        client.mail(PAUL)
        client.rcpt(DESK)
        client.docmd("DATA")
        for _ in range(100):
            client.sock.sendall(b"x" * 1_000_000)  # type: ignore[union-attr]
        client.sock.sendall(b"\r\n.\r\n")  # type: ignore[union-attr]
        code, _ = client.getreply()

    assert code == 552
    assert listener.memory() - before < 80_000_000


def test_long_lines_raw_bytes_and_a_leading_dot_come_through(listener: Listener) -> None:
    hostile = [
        a_mail(subject="x").replace(b"Subject: x", b"Subject: " + b"long " * 200_000),
        a_mail("nul").replace(b"nul", b"a\x00b\xff\xfe\x00" + b"z" * 1_000_000),
        b"From: \xff\x00@\x00\r\nSubject: \x00\r\n\r\n\x00\x00\xff",
        b"\x00" * 1000,
        b"",
    ]

    codes = [listener.send(raw)[0] for raw in hostile]
    dotted = listener.send(a_mail(".one\n..two\n.\nthree", subject="dots"))

    assert codes == [250] * len(hostile)
    assert dotted[0] == 250
    assert Interaction.objects.get(subject="dots").items.get().text == ".one\n..two\n.\nthree"
    unreadable = InboundMessage.objects.filter(state=MessageState.UNREADABLE)
    assert unreadable.count() == 2
    assert all(message.original for message in unreadable)


def test_mail_is_taken_for_our_own_domain_only(listener: Listener) -> None:
    with listener.client() as client:
        client.helo("mx.example.org")
        assert client.mail(PAUL)[0] == 250
        refused = [
            "a@elsewhere.example.org",
            "a@mail.example.org.evil.example",
            "a",
            "a@evil@x.org",
            "a%mail.example.org@x",
        ]
        assert [client.rcpt(address)[0] // 100 for address in refused] == [5] * 5
        assert client.rcpt(refused[0])[0] == 550
        assert client.docmd("DATA")[0] == 503
        assert client.rcpt("Anything@MAIL.Example.ORG")[0] == 250
        answers = {client.rcpt(f"n{number}@mail.example.org")[0] for number in range(100)}

    assert answers == {250, 452}


def test_addresses_beyond_ascii_are_taken(listener: Listener) -> None:
    with listener.client() as client:
        client.ehlo()
        assert client.has_extn("smtputf8")
        assert client.has_extn("8bitmime")
        client.mail("größe@example.org", ["SMTPUTF8", "BODY=8BITMIME"])
        client.rcpt(DESK)
        raw = a_mail(sender="x@example.org").replace(b"From: x@example.org", "From: größe@example.org".encode())
        code, _ = client.data(raw)

    assert code == 250
    assert InboundMessage.objects.get().sender == "größe@example.org"


def test_a_duplicate_gets_the_same_answer_and_has_no_second_effect(listener: Listener) -> None:
    a_matter()
    raw = a_mail()

    answers = [listener.send(raw), listener.send(raw)]

    assert answers[0] == answers[1]
    assert answers[0][0] == 250
    assert Interaction.objects.filter(channel="email").count() == 1


def test_the_same_mail_over_eight_connections_at_once_has_one_effect(listener: Listener) -> None:
    raw = a_mail(sender="new@startup.example.org")

    codes = listener.send_at_once(*[raw] * 8)

    assert codes == [250] * 8
    assert Interaction.objects.count() == InboundMessage.objects.count() == Partner.objects.count() == 1


def test_what_was_answered_with_250_is_there_after_kill_9(start: Start) -> None:
    for number in range(3):
        listener = start()
        code, _ = listener.send(a_mail(subject=f"Number {number}"))
        listener.end(signal.SIGKILL)

        assert code == 250
        interaction = Interaction.objects.get(subject=f"Number {number}")
        with interaction.attachments.get().file.open("rb") as kept:
            assert f"Number {number}".encode() in kept.read()


def as_superuser(*statements: str) -> None:
    database.disconnect()
    with embedded.superuser(database.run_dir()) as server:
        for statement in statements:
            server.execute(
                sql.SQL(statement).format(name=sql.Identifier(database.NAME), text=sql.Literal(database.NAME))
            )


CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {text}"


def test_without_a_database_the_sender_tries_again_until_it_is_back(start: Start) -> None:
    listener = start(DATABASE_POOL_SECONDS="1")
    assert listener.send(a_mail())[0] == 250

    as_superuser("ALTER DATABASE {name} ALLOW_CONNECTIONS false", CUT)
    codes = listener.send_at_once(a_mail(), a_mail())
    as_superuser("ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    for _ in range(5):
        if (code := listener.send(a_mail())[0]) == 250:
            break

    assert codes == [451, 451]
    assert code == 250
    assert "Traceback" not in listener.log.read_text()
    assert InboundMessage.objects.count() == 2


def test_connections_that_the_database_cut_are_passed_over(listener: Listener) -> None:
    listener.send_at_once(a_mail(), a_mail(), a_mail(), a_mail())

    as_superuser(CUT)

    assert listener.send(a_mail())[0] == 250


def test_an_unexpected_error_is_logged_and_not_told(start: Start, tmp_path: Path) -> None:
    blocked = tmp_path / "a file, not a folder"
    blocked.write_text("")
    listener = start(ATTACHMENT_DIR=str(blocked))

    code, answer = listener.send(a_mail())

    assert code == 451
    assert b"Error" not in answer
    assert "Traceback" in listener.log.read_text()
    assert not InboundMessage.objects.exists()


def test_garbage_before_any_mail_is_refused_and_the_listener_lives(listener: Listener) -> None:
    for garbage in (
        b"\x00\xff\r\n" * 50,
        b"x" * 300_000 + b"\r\n",
        b"MAIL FROM:<\xff\xfe>\r\n",
        b"RCPT\r\nDATA\r\nEHLO\r\n",
    ):
        with socket.create_connection(("127.0.0.1", listener.port), timeout=10) as raw:
            raw.sendall(garbage)
            raw.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionResetError):
                while raw.recv(65536):
                    pass

    assert listener.send(a_mail())[0] == 250
    assert "Traceback" not in listener.log.read_text()


def test_a_silent_client_is_let_go(start: Start) -> None:
    listener = start(patience="0.5")

    with socket.create_connection(("127.0.0.1", listener.port), timeout=10) as silent:
        said = b""
        while piece := silent.recv(1000):
            said += piece

    assert said.startswith(b"220 ")
    assert b"421 4.4.2" in said


def test_too_many_connections_are_sent_away(listener: Listener) -> None:
    with contextlib.ExitStack() as held:
        for _ in range(50):
            held.enter_context(socket.create_connection(("127.0.0.1", listener.port), timeout=10)).recv(3)
        with pytest.raises(smtplib.SMTPConnectError, match="421"):
            listener.client()

    time.sleep(0.2)
    assert listener.send(a_mail())[0] == 250


def test_asked_to_stop_it_takes_leave_and_finishes_what_it_has_in_hand(start: Start) -> None:
    listener = start()
    answers: list[tuple[int, bytes]] = []
    sending = threading.Thread(target=lambda: answers.append(listener.send(a_mail())))
    address = ("127.0.0.1", listener.port)
    with socket.create_connection(address, timeout=10) as idle, transaction.atomic(), connection.cursor() as cursor:
        idle.recv(1000)
        cursor.execute("LOCK TABLE interactions_inboundmessage IN SHARE MODE")  # a mail in hand waits for us
        sending.start()
        time.sleep(1.0)
        listener.process.send_signal(signal.SIGTERM)
        assert b"421" in idle.recv(1000)
        assert listener.process.poll() is None
    sending.join()

    assert listener.process.wait(20) == 0
    assert answers[0][0] == 250
    assert Interaction.objects.count() == 1


def test_a_taken_port_is_one_clear_line(start: Start, committed_db: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = subprocess.run(
            [sys.executable, "manage.py", "receive_mail"],
            cwd=settings.BASE_DIR,
            env=committed_db | {"SMTP_PORT": port},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    assert ended.returncode == 1
    assert len(ended.stderr.strip().splitlines()) == 1
    assert port in ended.stderr
