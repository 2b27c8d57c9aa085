"""A hostile mail costs a bounded amount of time and memory."""

import time
from datetime import UTC, datetime

import pytest

from interactions.channels import email
from interactions.channels.text import CUT_MARK
from interactions.enums import Direction, ItemKind
from interactions.errors import Unreadable
from interactions.payloads import Mail
from partners.enums import Channel

RECEIVED_AT = datetime(2025, 2, 3, 9, 12, tzinfo=UTC)
HEADERS = b"From: Rosa <rosa@acme.example.org>\r\nSubject: x\r\n"


def read(raw: bytes) -> Mail:
    return email.read(
        raw, envelope_sender="rosa@acme.example.org", envelope_recipients=["care@example.org"], received_at=RECEIVED_AT
    )


def part(content: bytes, headers: bytes = b"") -> bytes:
    return b"--b\r\n" + headers + b"\r\n" + content + b"\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(HEADERS + b"\r\n" + b"x" * 25_000_000, id="one line of 25 MB"),
        pytest.param(HEADERS + b"To: " + b'"' * 60_000 + b"\r\n\r\nx", id="quotes in To"),
        pytest.param(HEADERS + (b"To: " + b'"' * 6_000 + b"\r\n") * 100 + b"\r\nx", id="a hundred To headers"),
        pytest.param(HEADERS + b"Content-Type: " + b"(" * 100_000 + b"\r\n\r\nx", id="nested comments"),
        pytest.param(HEADERS + b"Subject: " + b"=?utf-8?q?=C3=A4?= " * 50_000 + b"\r\n\r\nx", id="subject of 1 MB"),
        pytest.param(HEADERS + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 200_000, id="deep HTML"),
        pytest.param(HEADERS + b"Content-Type: text/html\r\n\r\n" + b"<" * 1_000_000, id="HTML of brackets"),
        pytest.param(HEADERS + b"\r\n" + (b"On " + b"wrote a " * 22 + b"1:\r\n") * 5_000, id="almost quotes"),
        pytest.param(HEADERS + b"\r\n" + b"From: a1 wrote\r\nTo: x\r\n\r\n" * 50_000, id="almost headings"),
    ],
)
def test_a_hostile_mail_is_read_in_seconds(raw: bytes) -> None:
    started = time.perf_counter()

    mail = read(raw)

    assert time.perf_counter() - started < 10  # without its bound each of these takes from half a minute to hours
    assert len(mail.full_text) <= 1_000_000


def test_a_mail_of_endless_lines_is_refused_before_it_is_unfolded() -> None:
    with pytest.raises(Unreadable, match="too many lines"):
        read(HEADERS + b"\r\n" + b"\n" * 5_000_000)


def test_long_text_is_cut_with_a_mark() -> None:
    mail = read(HEADERS + b"\r\n" + b"word " * 300_000)

    assert len(mail.full_text) == 1_000_000
    assert mail.full_text.endswith(CUT_MARK)


def test_of_many_files_the_first_fifty_are_listed_and_the_original_has_all() -> None:
    attached = [
        part(b"%d" % number, b"Content-Disposition: attachment; filename=f%d.txt\r\n" % number) for number in range(80)
    ]
    raw = HEADERS + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"".join(attached) + b"--b--\r\n"

    mail = read(raw)

    assert [file.name for file in mail.files] == [f"f{number}.txt" for number in range(50)]
    assert mail.original.content == raw


def test_a_mail_nested_beyond_the_stack_is_refused() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(5_000))

    with pytest.raises(Unreadable):
        read(HEADERS + nested + b"\r\nx")


def test_a_date_in_the_future_is_not_believed() -> None:
    mail = read(HEADERS + b"Date: Mon, 3 Feb 2031 10:11:12 +0100\r\n\r\nx")

    assert mail.sent_at is None


@pytest.mark.parametrize(("reply_to", "kind"), [(None, ItemKind.REQUEST), (4711, ItemKind.RESPONSE)])
def test_a_mail_becomes_an_intake(reply_to: int | None, kind: ItemKind) -> None:
    mail = read(
        HEADERS + b"Message-ID: <1@acme.example.org>\r\nDate: Mon, 3 Feb 2020 10:11:12 +0100\r\n\r\nPlease call."
    )

    intake = email.to_intake(mail, received_at=RECEIVED_AT, reply_to=reply_to)

    assert (intake.channel, intake.direction, intake.kind) == (Channel.EMAIL, Direction.INBOUND, kind)
    assert (intake.scope, intake.external_id, intake.reply_to) == ("email", "1@acme.example.org", reply_to)
    assert (intake.sender, intake.sender_name) == ("rosa@acme.example.org", "Rosa")
    assert intake.happened_at == RECEIVED_AT
    assert intake.original is mail.original


def test_a_mail_without_subject_is_called_by_its_first_line() -> None:
    mail = read(b"From: rosa@acme.example.org\r\n\r\n\r\nThe gate is stuck.\r\nPlease come.")

    assert email.to_intake(mail, received_at=RECEIVED_AT).subject == "The gate is stuck."
