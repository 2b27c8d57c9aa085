from email.message import EmailMessage

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from interactions.domain import mail
from interactions.enums import MessageState
from interactions.models import InboundMessage, Interaction, Item
from partners.enums import PartnerStatus
from partners.models import Partner, User
from tests.factories.world import a_partner, an_interaction, signed_in
from tests.interactions.console.pages import at, text_of

pytestmark = pytest.mark.django_db


def a_mail(sender: str, subject: str, text: str = "Please pay to the new account.") -> InboundMessage:
    written = EmailMessage()
    written["From"], written["To"], written["Subject"] = sender, "desk@mail.example.org", subject
    written["Message-ID"] = f"<{abs(hash(subject))}@example.org>"
    written.set_content(text)
    return mail.take_in(
        written.as_bytes(), envelope_sender=sender, envelope_recipients=["desk@mail.example.org"], at=timezone.now()
    ).message


@pytest.fixture
def suspicious(matter: Interaction) -> InboundMessage:
    """A stranger's mail into Acme's interaction."""
    return a_mail("mallory@elsewhere.example.org", f"Re: {matter.number}")


def verb(message: InboundMessage, name: str = "message") -> str:
    return reverse(f"console-interactions:{name}", args=[message.pk])


def test_what_was_set_aside_is_listed_with_the_reason(browser: Client, suspicious: InboundMessage) -> None:
    assert suspicious.state == MessageState.QUARANTINED

    page = text_of(browser.get("/console/triage/"))

    assert "mallory@elsewhere.example.org" in page
    assert "in which the sender takes no part" in page


def test_first_contacts_stand_beside_it(browser: Client) -> None:
    an_interaction(a_partner("Newcomer", status=PartnerStatus.PROSPECT), subject="May we buy from you?")

    assert "May we buy from you?" in text_of(browser.get("/console/triage/"))


def test_a_message_is_shown_as_text_and_downloaded_as_it_came(browser: Client, matter: Interaction) -> None:
    message = a_mail("mallory@elsewhere.example.org", f"Re: {matter.number}", "<script>alert(1)</script> hello")

    page = text_of(browser.get(verb(message)))
    original = browser.get(verb(message, "original"))

    assert "hello" in page
    assert "<script>alert" not in page
    assert original["Content-Disposition"].startswith("attachment")
    assert original["X-Content-Type-Options"] == "nosniff"
    assert b"".join(original.streaming_content).startswith(b"From: mallory@")  # type: ignore[attr-defined]


def test_a_message_is_let_in_as_a_new_matter(browser: Client, suspicious: InboundMessage) -> None:
    response = browser.post(verb(suspicious, "accept"), {"interaction": ""})

    suspicious.refresh_from_db()
    assert suspicious.state == MessageState.ACCEPTED
    assert suspicious.interaction is not None
    assert response["Location"] == at(suspicious.interaction)


def test_a_message_is_added_to_the_interaction_it_belongs_to(
    browser: Client, suspicious: InboundMessage, matter: Interaction
) -> None:
    browser.post(verb(suspicious, "accept"), {"interaction": matter.number})

    assert Item.objects.filter(interaction=matter).count() == 2


@pytest.mark.parametrize("number", ["BPI-9999999", "nothing", "9" * 30])
def test_an_interaction_that_does_not_exist_takes_no_message(
    browser: Client, suspicious: InboundMessage, number: str
) -> None:
    response = browser.post(verb(suspicious, "accept"), {"interaction": number})

    assert response.status_code == 422
    assert number in text_of(response)
    suspicious.refresh_from_db()
    assert suspicious.state == MessageState.QUARANTINED


def test_a_message_is_refused_with_the_reason(browser: Client, suspicious: InboundMessage) -> None:
    assert browser.post(verb(suspicious, "reject"), {"reason": " "}).status_code == 422

    browser.post(verb(suspicious, "reject"), {"reason": "A fraud"})

    suspicious.refresh_from_db()
    assert (suspicious.state, suspicious.reason) == (MessageState.REJECTED, "A fraud")
    assert "mallory@" not in text_of(browser.get("/console/triage/"))
    assert "mallory@" in text_of(browser.get("/console/triage/?show=rejected"))


def test_a_message_that_was_decided_on_is_not_decided_twice(browser: Client, suspicious: InboundMessage) -> None:
    browser.post(verb(suspicious, "reject"), {"reason": "A fraud"})

    assert browser.post(verb(suspicious, "accept"), {}).status_code == 409
    assert browser.post(verb(suspicious, "reject"), {"reason": "Again"}).status_code == 409


def test_a_partners_person_sees_nothing_of_it(suspicious: InboundMessage, paul: User, acme: Partner) -> None:
    browser = signed_in(paul)

    assert browser.get(verb(suspicious)).status_code == 404
    assert browser.get(verb(suspicious, "original")).status_code == 404
    assert browser.post(verb(suspicious, "accept")).status_code == 404
    assert browser.post(verb(suspicious, "reject"), {"reason": "x"}).status_code == 404
