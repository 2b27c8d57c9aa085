"""Writing in the console: what is kept, put to a reply, offered, previewed, sent later and taken back."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from interactions.console.widgets import LOCAL
from interactions.domain import outgoing
from interactions.models import Attachment, Draft, DraftFile, Interaction, Item, Snippet
from partners.models import User
from tests.factories.world import a_representative, signed_in
from tests.interactions.console.pages import at, post, text_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def test_what_was_written_is_there_on_another_device(browser: Client, matter: Interaction, rosa: User) -> None:
    kept = browser.post(at(matter, "draft"), {"mode": "reply", "reply": "Half a sen", "draft_version": "0"})

    elsewhere = text_of(signed_in(rosa).get(at(matter)))

    assert kept.json() == {"version": 1, "words": "Draft saved"}
    assert ">Half a sen</textarea>" in elsewhere
    assert 'value="reply" data-key="r" checked' in elsewhere


def test_what_another_window_wrote_is_not_overwritten(browser: Client, matter: Interaction) -> None:
    for version, status in (("0", 200), ("0", 409), ("1", 200)):
        answer = browser.post(at(matter, "draft"), {"mode": "note", "note": "x", "draft_version": version})
        assert answer.status_code == status


def test_nobody_sees_what_somebody_else_writes(browser: Client, matter: Interaction) -> None:
    browser.post(at(matter, "draft"), {"mode": "note", "note": "Between us", "draft_version": "0"})

    assert "Between us" not in text_of(signed_in(a_representative("Tom Berger")).get(at(matter)))


def test_each_mode_has_a_text_of_its_own(browser: Client, matter: Interaction) -> None:
    post(browser, matter, "say", mode="note", note="For us", reply="For them")

    assert [note.text for note in matter.notes.all()] == ["For us"]
    assert not Item.objects.filter(interaction=matter, side="enterprise").exists()


def test_what_is_sent_is_no_draft_any_more(browser: Client, matter: Interaction) -> None:
    for mode in ("note", "reply"):
        browser.post(at(matter, "draft"), {"mode": mode, mode: "Half", "draft_version": "0"})
        post(browser, matter, "say", mode=mode, **{mode: "Whole"})

    assert not Draft.objects.exists()


def test_files_are_put_to_a_reply_and_taken_away_and_leave_with_it(browser: Client, matter: Interaction) -> None:
    for name in ("one.txt", "two.txt"):
        shown = browser.post(at(matter, "draft_files"), {"attachments": SimpleUploadedFile(name, b"x")}, headers=HTMX)
    assert "one.txt" in text_of(shown)
    first = DraftFile.objects.get(name="one.txt")
    assert "one.txt" not in text_of(browser.post(at(matter, "remove_draft_file", first.pk), headers=HTMX))

    post(browser, matter, "say", mode="reply", reply="", has_files="1")

    assert [file.name for file in Attachment.objects.filter(interaction=matter, item__side="enterprise")] == ["two.txt"]


def test_what_is_typed_after_a_file_is_kept_in_the_draft_that_the_file_began(
    browser: Client, matter: Interaction
) -> None:
    first, second = (
        text_of(browser.post(at(matter, "draft_files"), {"attachments": SimpleUploadedFile(name, b"x")}, headers=HTMX))
        for name in ("one.txt", "two.txt")
    )
    assert 'data-begun="1"' in first
    assert "data-begun" not in second

    kept = browser.post(at(matter, "draft"), {"mode": "reply", "reply": "See the file", "draft_version": "1"})

    assert kept.status_code == 200


def test_a_file_that_is_too_large_is_refused(browser: Client, matter: Interaction, settings: Settings) -> None:
    settings.ATTACHMENT_MAX_BYTES = 3
    answer = browser.post(at(matter, "draft_files"), {"attachments": SimpleUploadedFile("big.txt", b"four")})

    assert answer.status_code == 422
    assert "is larger than" in text_of(answer)


def test_taking_a_file_away_without_script_keeps_what_was_typed(browser: Client, matter: Interaction) -> None:
    browser.post(at(matter, "draft_files"), {"attachments": SimpleUploadedFile("one.txt", b"x")})
    file = DraftFile.objects.get()

    page = post(browser, matter, "remove_draft_file", file.pk, mode="reply", reply="My long text")

    assert "My long text" in text_of(page)
    assert "one.txt" not in text_of(page)


def test_a_reply_can_be_undone_for_some_seconds(browser: Client, matter: Interaction, settings: Settings) -> None:
    settings.UNDO_SECONDS = 10
    post(browser, matter, "say", mode="reply", reply="Too quick")
    held = Draft.objects.held().get()
    assert "Reply on its way" in text_of(browser.get(at(matter)))

    done = browser.post(at(matter, "take_back", held.pk), follow=True)

    assert "nothing was sent" in text_of(done)
    assert ">Too quick</textarea>" in text_of(done)


def test_what_has_left_is_not_undone(browser: Client, matter: Interaction, settings: Settings) -> None:
    settings.UNDO_SECONDS = 10
    post(browser, matter, "say", mode="reply", reply="Gone")
    held = Draft.objects.held().get()
    outgoing.sweep(at=timezone.now() + timedelta(seconds=11))

    assert "It has left already" in text_of(browser.post(at(matter, "take_back", held.pk), follow=True))


def test_a_reply_can_leave_at_a_chosen_moment(browser: Client, matter: Interaction) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    post(browser, matter, "say", mode="reply", reply="Any news?", send_at=f"{tomorrow:{LOCAL}}")

    page = text_of(browser.get(at(matter)))

    assert "Scheduled reply" in page
    assert "unless the partner says something before" in page


@pytest.mark.parametrize("days", [-1, 400])
def test_a_moment_that_is_past_or_far_away_is_refused(browser: Client, matter: Interaction, days: int) -> None:
    moment = timezone.now() + timedelta(days=days)
    answer = post(browser, matter, "say", mode="reply", reply="x", send_at=f"{moment:{LOCAL}}")

    assert answer.status_code == 422
    assert "send_at" in answer.context["composer"].errors


def test_snippets_are_filled_in_for_the_interaction(browser: Client, matter: Interaction) -> None:
    snippet = Snippet.objects.create(name="Thanks", text="Dear {person}, about {subject}: thank you. {me}")

    filled = "Dear Paul Acheson, about Invoice 4711 is wrong: thank you. Rosa Lindqvist"

    assert filled in text_of(browser.get(at(matter, "snippets"), headers=HTMX))
    assert f">{filled}</textarea>" in text_of(browser.get(at(matter) + f"?snippet={snippet.pk}"))


def test_a_snippet_speaks_only_of_what_can_be_filled_in() -> None:
    with pytest.raises(ValidationError, match=r"\{weather\}"):
        Snippet(name="Weather", text="It is {weather}, {person}").full_clean()


def test_before_it_is_sent_one_sees_who_gets_what(browser: Client, matter: Interaction, paul: User) -> None:
    fields = {"mode": "reply", "reply": "We credit it", "following": "resolve", "resolution": "Credited"}
    before = Interaction.objects.values().get(pk=matter.pk)

    page = text_of(browser.post(f"/console/interactions/{matter.number}/preview/", fields))

    assert paul.email in page
    assert "We credit it" in page
    assert "Please confirm" in page
    assert Interaction.objects.values().get(pk=matter.pk) == before
