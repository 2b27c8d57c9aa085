"""Whatever comes in: a mail or `Unreadable`, never another error, and nothing unsafe in any text."""

import re
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interactions.channels import email, mail_headers, mail_parts
from interactions.errors import Unreadable
from interactions.payloads import Mail

GOLDEN = Path(__file__).parents[2] / "golden" / "mail"
MAILS = [path.read_bytes() for path in sorted(GOLDEN.glob("*.eml"))]
RECEIVED_AT = datetime(2025, 2, 3, 9, 12, tzinfo=UTC)
UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
BOUNDED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# what breaks parsers, to be put anywhere
NASTY = st.sampled_from(
    [
        b"\x00",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"=?utf-8?b?7aCA?=",
        b"=?utf-8?q?=00=ED=A0=80?=",
        b"=?x?q?",
        b"\r\n\r\n",
        b"\r",
        b"\n ",
        b"--",
        b'"',
        b"(((((",
        b"<" * 50,
        b"&#0;&#xd800;",
        b"filename*0*=utf-8''%00%ff",
        b"charset=unicode_escape",
        b"charset=utf-16",
        b"Content-Transfer-Encoding: uuencode\r\n",
        b"Content-Type: multipart/mixed; boundary=\r\n",
        b"Content-Type: message/rfc822\r\n",
        b"Content-Type: text/html; charset=\x00\r\n",
        b"Date: Mon, 99 Feb 99999 99:99:99 +9999\r\n",
        b"From: =?utf-8?q?a@b=2Eexample?= <@>\r\n",
    ]
)


def read_or_refuse(raw: bytes, *, envelope_sender: str = "rosa@acme.example.org") -> Mail | None:
    try:
        mail = email.read(
            raw, envelope_sender=envelope_sender, envelope_recipients=["care@example.org"], received_at=RECEIVED_AT
        )
    except Unreadable:
        return None
    check_safe(mail)
    return mail


def check_safe(mail: Mail) -> None:
    names = [mail.message_id, mail.sender, mail.sender_name, mail.envelope_sender, mail.subject, mail.automatic_reason]
    names += [*mail.recipients, *mail.in_reply_to, *mail.authors]
    names += [told for file in mail.files for told in (file.name, file.content_type, file.content_id)]
    assert not any(UNSAFE.search(name) or "\n" in name for name in names)
    assert not UNSAFE.search(mail.text + mail.full_text)
    assert len(mail.subject) <= mail_headers.MOST_SUBJECT
    assert len(mail.text) <= len(mail.full_text) <= mail_parts.MOST_TEXT
    assert len(mail.files) <= mail_parts.MOST_FILES
    assert len(mail.message_id) <= 250
    assert all("/" not in file.name and "\\" not in file.name and file.name for file in mail.files)


@BOUNDED
@given(raw=st.binary(max_size=2_000))
def test_any_bytes_are_a_mail_or_unreadable(raw: bytes) -> None:
    read_or_refuse(raw)


@BOUNDED
@given(
    headers=st.lists(
        st.tuples(
            st.sampled_from(
                ["From", "To", "Subject", "Date", "Message-ID", "References", "Content-Type", "Auto-Submitted"]
            ),
            st.text(max_size=120),
        ),
        max_size=8,
    ),
    body=st.text(max_size=500),
    envelope_sender=st.text(max_size=60),
)
def test_any_headers_and_text_are_a_mail_or_unreadable(
    headers: list[tuple[str, str]], body: str, envelope_sender: str
) -> None:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)

    read_or_refuse(f"{lines}\r\n{body}".encode("utf-8", "surrogatepass"), envelope_sender=envelope_sender)


@BOUNDED
@given(mail=st.sampled_from(MAILS), changes=st.lists(st.tuples(st.floats(0, 1), NASTY, st.integers(0, 40)), max_size=6))
def test_a_damaged_mail_is_a_mail_or_unreadable(mail: bytes, changes: list[tuple[float, bytes, int]]) -> None:
    for where, nasty, removed in changes:
        position = int(where * len(mail))
        mail = mail[:position] + nasty + mail[position + removed :]

    read_or_refuse(mail)


@BOUNDED
@given(mail=st.sampled_from(MAILS), end=st.floats(0, 1))
def test_a_mail_cut_anywhere_is_a_mail_or_unreadable(mail: bytes, end: float) -> None:
    read_or_refuse(mail[: int(end * len(mail))])
