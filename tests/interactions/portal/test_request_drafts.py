"""A request that is not sent yet is kept for whoever writes it, with its files, and gone once it is sent."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from interactions.domain import request_drafts
from interactions.models import Interaction, RequestDraft, RequestDraftFile
from partners.models import User
from tests.factories.world import a_partner, a_person_of, a_type, signed_in

pytestmark = pytest.mark.django_db
FORM = "/portal/interactions/new/odd-invoice/"
FIELDS = [
    {"name": "bill", "label": "Invoice number", "kind": "reference", "required": True},
    {"name": "copy", "label": "The invoice", "kind": "file", "required": True},
]
WRITTEN = {"key": "k" * 32, "subject": "Invoice 114 is wrong", "text": "", "field_bill": "114", "draft_version": "0"}


@pytest.fixture
def paul() -> User:
    a_type("odd-invoice", fields=FIELDS, name="Odd invoice", has_lines=True)
    return a_person_of(a_partner("Acme Wholesale"), "Paul Acheson")


@pytest.fixture
def browser(paul: User) -> Client:
    return signed_in(paul)


def file(name: str, content: bytes = b"%PDF-1.4") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def save(browser: Client, **more: Any) -> Any:
    return browser.post(FORM, WRITTEN | {"save": "1"} | more)


def test_the_button_saves_what_is_filled_in_and_it_is_found_and_gone_on_with(browser: Client) -> None:
    answer = save(
        browser, field_copy=file("114.pdf"), attachment=[file("a.pdf"), file("b.pdf")], **{"line-2-what": "SIM"}
    )

    draft = RequestDraft.objects.get()
    assert answer.headers["Location"] == f"{FORM}?draft={draft.pk}"
    for page in ("/portal/", "/portal/interactions/new/"):
        assert f'href="{FORM}?draft={draft.pk}"' in browser.get(page).text
    resumed = browser.get(answer.headers["Location"])
    form, lines = resumed.context["form"], resumed.context["lines"]
    assert [form[name].value() for name in ("key", "subject", "field_bill")] == [draft.key, draft.subject, "114"]
    assert lines.rows[1]["what"].value() == "SIM"
    assert [name in resumed.text for name in ("114.pdf", "a.pdf", "b.pdf")] == [True] * 3
    assert "errorlist" not in resumed.text


def test_what_is_sent_brings_its_kept_files_along_and_is_no_draft_any_more(browser: Client) -> None:
    save(browser, field_copy=file("old.pdf"), attachment=[file("a.pdf"), file("b.pdf")])
    taken = RequestDraftFile.objects.get(name="b.pdf")
    save(browser, remove=str(taken.pk), draft_version="1", field_copy=file("new.pdf"))
    stores = [one.file.storage for one in RequestDraftFile.objects.all()]

    answer = browser.post(FORM, WRITTEN | {"text": "It lists too much.", "draft_version": "2"})

    interaction = Interaction.objects.get()
    assert answer.headers["Location"].startswith(f"/portal/interactions/{interaction.number}/")
    assert sorted(interaction.attachments.values_list("name", flat=True)) == ["a.pdf", "new.pdf"]
    assert interaction.values["copy"] == "new.pdf"
    assert stores
    assert not RequestDraft.objects.exists()


def test_files_of_a_form_that_is_refused_are_kept(browser: Client) -> None:
    answer = browser.post(FORM, WRITTEN | {"field_copy": file("114.pdf")})

    assert answer.status_code == 422
    assert "Choose your files again" not in answer.text
    version = RequestDraft.objects.get().version
    assert f'name="draft_version" value="{version}"' in answer.text
    sent = browser.post(FORM, WRITTEN | {"text": "It lists too much.", "draft_version": str(version)})
    assert sent.status_code == 302
    assert Interaction.objects.get().attachments.get().name == "114.pdf"


def test_what_one_window_does_not_know_of_is_not_written_over(browser: Client) -> None:
    keep = f"{FORM}draft/"
    assert 'value="0"' in browser.post(keep, {"key": WRITTEN["key"], "draft_version": "0"}).text
    assert not RequestDraft.objects.exists()

    first = browser.post(keep, WRITTEN)
    late = browser.post(keep, WRITTEN | {"subject": "Older words"})
    by_button = save(browser, subject="Older words")

    assert (first.status_code, late.status_code, by_button.status_code) == (200, 409, 422)
    assert "another window" in late.text
    assert "another window" in by_button.text
    assert "Older words" in by_button.text
    assert RequestDraft.objects.get().subject == "Invoice 114 is wrong"


def test_a_draft_is_its_authors_alone(paul: User, browser: Client) -> None:
    save(browser)
    draft = RequestDraft.objects.get()
    petra = signed_in(a_person_of(paul.memberships.get().partner, "Petra Ames", is_administrator=True))

    assert petra.get(f"{FORM}?draft={draft.pk}").status_code == 404
    assert petra.post(f"/portal/interactions/new/drafts/{draft.pk}/discard/").status_code == 404
    assert "Invoice 114" not in petra.get("/portal/").text
    assert browser.post(f"/portal/interactions/new/drafts/{draft.pk}/discard/").status_code == 302
    assert not RequestDraft.objects.exists()


def test_there_are_not_more_than_somebody_can_keep_in_mind_and_old_ones_are_forgotten(browser: Client) -> None:
    for number in range(request_drafts.MOST_DRAFTS):
        save(browser, key=f"key-{number}")

    assert "Send or discard one" in save(browser, key="one-more").text

    RequestDraft.objects.filter(key="key-0").update(saved_at=timezone.now() - request_drafts.KEPT - timedelta(days=1))
    assert request_drafts.forget(at=timezone.now()) == 1
    assert save(browser, key="one-more").status_code == 302
