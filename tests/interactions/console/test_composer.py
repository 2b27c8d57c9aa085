import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from interactions.domain import lifecycle
from interactions.domain.lifecycle import Words
from interactions.enums import Event, Move, Side, Status
from interactions.models import Attachment, Interaction, Item, Note, Team
from partners.models import OutboxMessage, Partner, User
from tests.factories.world import a_type, an_actor_for, an_interaction
from tests.interactions.console.pages import at, post, text_of

pytestmark = pytest.mark.django_db


def said(interaction: Interaction) -> list[str]:
    items = Item.objects.filter(interaction=interaction, side=Side.ENTERPRISE).in_sequence()
    return list(items.values_list("text", flat=True))


def test_a_new_text_is_internal_unless_somebody_chose_to_reply(browser: Client, matter: Interaction) -> None:
    page = text_of(browser.get(at(matter)))

    assert 'value="note" data-key="n" checked' in page


def test_a_note_is_never_said(browser: Client, matter: Interaction) -> None:
    response = post(browser, matter, "say", mode="note", text="He is cross")

    assert response.status_code == 302
    assert Note.objects.get(interaction=matter).text == "He is cross"
    assert said(matter) == []


def test_a_reply_is_said_to_the_partner(browser: Client, matter: Interaction) -> None:
    response = post(browser, matter, "say", mode="reply", text="We look into it", following="keep")

    assert response.status_code == 302
    assert said(matter) == ["We look into it"]
    matter.refresh_from_db()
    assert matter.first_response_at is not None


def test_a_reply_shows_to_whom_it_goes(browser: Client, matter: Interaction, paul: User) -> None:
    page = text_of(browser.get(at(matter)))

    assert "Send to 1 person at Acme Wholesale" in page
    assert paul.email in page


def test_a_reply_carries_files(browser: Client, matter: Interaction) -> None:
    files = [SimpleUploadedFile("a.txt", b"one"), SimpleUploadedFile("../b.txt", b"two")]

    post(browser, matter, "say", mode="reply", text="See the files", following="keep", attachments=files)

    assert set(Attachment.objects.filter(interaction=matter).values_list("name", flat=True)) == {"a.txt", "b.txt"}


def test_a_reply_can_wait_for_the_answer(browser: Client, matter: Interaction) -> None:
    post(browser, matter, "say", mode="reply", text="Please send it", following="wait", waiting_for="The contract")

    matter.refresh_from_db()
    assert (matter.status, matter.waiting_for, matter.ball) == (Status.WAITING, "The contract", Side.PARTNER)
    assert said(matter) == ["Please send it"]
    assert OutboxMessage.objects.filter(entry__stream=matter.stream, entry__event=Event.WAITING).exists()


def test_a_reply_can_resolve(browser: Client, matter: Interaction) -> None:
    post(browser, matter, "say", mode="reply", text="We credited it", following="resolve", resolution="Credited")

    matter.refresh_from_db()
    assert (matter.status, matter.resolution) == (Status.RESOLVED, "Credited")
    assert said(matter) == ["We credited it"]


@pytest.mark.parametrize(("following", "field"), [("wait", "waiting_for"), ("resolve", "resolution")])
def test_what_is_missing_is_told_and_the_text_stays(
    browser: Client, matter: Interaction, following: str, field: str
) -> None:
    response = post(browser, matter, "say", mode="reply", text="My long draft", following=following)

    assert response.status_code == 422
    assert field in response.context["composer"].errors
    assert "My long draft" in text_of(response)
    assert 'value="reply" data-key="r" checked' in text_of(response)
    assert said(matter) == []


@pytest.mark.parametrize("text", ["", "   ", "a\x00b"])
def test_nothing_is_no_text(browser: Client, matter: Interaction, text: str) -> None:
    response = post(browser, matter, "say", mode="reply", text=text, following="keep")

    assert response.status_code == 422
    assert "text" in response.context["composer"].errors


@pytest.mark.parametrize("fields", [{"mode": "shout"}, {"mode": ""}, {"mode": "reply", "following": "explode"}])
def test_an_unknown_way_to_say_it_says_nothing(browser: Client, matter: Interaction, fields: dict[str, str]) -> None:
    response = post(browser, matter, "say", text="Hello", **fields)

    assert response.status_code == 422
    assert said(matter) == []


def test_a_draft_survives_a_message_that_came_meanwhile(browser: Client, matter: Interaction) -> None:
    response = post(
        browser, matter, "say", mode="reply", text="My long draft", following="keep", version=matter.version - 1
    )

    assert response.status_code == 409
    assert "Somebody else changed this meanwhile" in text_of(response)
    assert "My long draft" in text_of(response)
    assert said(matter) == []


def test_resolving_while_a_team_works_says_nothing_at_all(browser: Client, acme: Partner, front_desk: Team) -> None:
    a_type("one-step", plan=[("Measure the line", front_desk)])
    interaction = an_interaction(acme, type="one-step")

    response = post(
        browser, interaction, "say", mode="reply", text="All is well", following="resolve", resolution="Measured"
    )

    assert response.status_code == 409
    assert "Still open: Measure the line" in text_of(response)
    assert "All is well" in text_of(response)
    assert said(interaction) == []


def test_nothing_can_be_said_in_what_was_cancelled(browser: Client, matter: Interaction, rosa: User) -> None:
    words = Words(reason="Sent twice")
    lifecycle.make_move(matter, Move.CANCEL, actor=an_actor_for(rosa), at=timezone.now(), words=words)

    assert "nothing more can be said" in text_of(browser.get(at(matter)))
    assert post(browser, matter, "say", mode="reply", text="But", following="keep").status_code == 403


def test_a_huge_text_is_refused(browser: Client, matter: Interaction) -> None:
    response = post(browser, matter, "say", mode="note", text="x" * 300_000)

    assert response.status_code == 422
    assert Note.objects.count() == 0


def test_more_than_a_request_may_hold_is_refused(browser: Client, matter: Interaction) -> None:
    assert post(browser, matter, "say", mode="note", text="x" * 6_000_000).status_code in {400, 413}
