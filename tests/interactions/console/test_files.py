from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from interactions.models import Attachment
from interactions.payloads import File
from partners.models import Partner, User
from tests.factories.world import an_interaction, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def page_file(acme: Partner) -> Attachment:
    """A web page that somebody sent, under a name with a path in it."""
    html = File(name='../"bill".html', content=b"<script>alert(1)</script>", content_type="text/html")
    an_interaction(acme, files=[html])
    return Attachment.objects.get()


def address(attachment: Attachment) -> str:
    return reverse("console-interactions:file", args=[attachment.pk])


def test_a_file_is_always_a_download_that_no_browser_interprets(browser: Client, page_file: Attachment) -> None:
    response = browser.get(address(page_file))

    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[attr-defined]
    assert response["Content-Disposition"].startswith("attachment")
    assert "../" not in response["Content-Disposition"]
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_file_that_is_gone_is_not_found(browser: Client, page_file: Attachment) -> None:
    Path(page_file.file.path).unlink()

    assert browser.get(address(page_file)).status_code == 404


def test_a_partners_person_gets_no_file_from_the_console(paul: User, page_file: Attachment) -> None:
    assert signed_in(paul).get(address(page_file)).status_code == 404
