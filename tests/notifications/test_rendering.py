"""The words of a notice: whose language and zone, what it leads to, and what can never get into it."""

import pytest
from django.conf import settings
from django.urls import reverse

from interactions.channels import reply_address
from interactions.domain import conversation, intake, lifecycle
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import Event, ItemKind, Move, ParticipantRole, Side
from interactions.models import Interaction, InteractionType, Participant
from notifications.domain import deliveries
from notifications.models import Delivery
from partners.enums import AssuranceLevel, Channel
from partners.models import User
from tests.factories.partners import moment
from tests.factories.world import an_actor_for, an_intake
from tests.notifications.conftest import NOON, Office, Postman

SECRET = settings.REPLY_SECRET.encode()
HOSTILE = "Hello\r\nBcc: everybody@example.org\r\n\r\n<script>alert(1)</script> {{ settings.SECRET_KEY }} {% now 'Y' %}"


def the_mail_to(office: Office, user: User) -> Delivery:
    office.tell()
    return Delivery.objects.filter(address=user.email).latest("pk")


def test_a_subject_names_the_number_and_the_matter(office: Office) -> None:
    office.happens(Event.RESOLVED)

    mail = the_mail_to(office, office.paul)

    assert mail.subject == f"[{office.interaction.number}] Please confirm: Question about invoice 4711"


def test_a_mail_is_in_the_language_of_its_reader_with_times_in_that_ones_zone(office: Office) -> None:
    User.objects.filter(pk=office.paul.pk).update(time_zone="Europe/Berlin", language="de")
    User.objects.filter(pk=office.petra.pk).update(time_zone="America/New_York")
    words = Words(waiting_for="the number", waiting_until=moment("2026-06-03 14:30"))
    lifecycle.make_move(office.interaction, Move.ASK, actor=an_actor_for(office.rosa), at=NOON, words=words)

    in_german = the_mail_to(office, office.paul)
    assert "Bitte antworten Sie bis Mi, 3. Juni 2026, 16:30 CEST" in in_german.text
    assert f"{office.interaction.number} öffnen" in in_german.html
    assert '<html lang="de">' in in_german.html
    assert "Please answer by Wed 3 Jun 2026, 10:30 EDT" in the_mail_to(office, office.petra).text


def test_partners_are_led_to_the_portal_and_colleagues_to_the_console(office: Office) -> None:
    office.happens(Event.CONFIRMED)

    to_partner, to_owner = the_mail_to(office, office.paul), the_mail_to(office, office.rosa)

    number = office.interaction.number
    assert f"{settings.BASE_URL}{reverse('portal-interactions:page', args=[number])}\n" in to_partner.text
    assert f"{settings.BASE_URL}{reverse('console-interactions:page', args=[number])}\n" in to_owner.text
    assert "/console/" not in to_partner.text + to_partner.html
    assert "/portal/" not in to_owner.text + to_owner.html


def test_what_is_guarded_is_read_after_signing_in_and_not_in_a_mail(office: Office) -> None:
    InteractionType.objects.filter(pk=office.interaction.type_id).update(minimum_level=AssuranceLevel.DOUBLE)
    saying = Saying(text="The net amount is 1000 EUR.", side=Side.ENTERPRISE, channel=Channel.WEB)
    conversation.say(office.interaction, saying, actor=an_actor_for(office.rosa), at=NOON)

    to_partner = the_mail_to(office, office.paul)

    assert "1000 EUR" not in to_partner.text + to_partner.html
    assert "to be read after signing in" in to_partner.text


def test_what_is_said_cannot_become_a_header_markup_or_a_template(office: Office) -> None:
    Interaction.objects.filter(pk=office.interaction.pk).update(subject=HOSTILE)
    saying = Saying(text=HOSTILE, side=Side.ENTERPRISE, channel=Channel.WEB, kind=ItemKind.REQUEST)
    conversation.say(office.interaction, saying, actor=an_actor_for(office.rosa), at=NOON)

    mail = the_mail_to(office, office.paul)
    sent = deliveries.letter_of([mail])

    assert "\r" not in mail.subject
    assert "\n" not in mail.subject
    assert not any("\n" in value or "\r" in value for value in sent.headers.values())
    assert "<script>" not in mail.html
    assert "&lt;script&gt;" in mail.html
    assert "{{ settings.SECRET_KEY }}" in mail.text
    assert settings.SECRET_KEY not in mail.text + mail.html


def test_a_subject_is_never_longer_than_a_header_may_be(office: Office) -> None:
    Interaction.objects.filter(pk=office.interaction.pk).update(subject="long " * 100)
    office.happens(Event.RESOLVED)

    assert len(the_mail_to(office, office.paul).subject) <= 240


def test_an_answer_to_a_notice_leads_back_into_the_interaction(office: Office) -> None:
    office.happens(Event.RESOLVED)
    mail = the_mail_to(office, office.paul)

    headers = deliveries.letter_of([mail]).headers

    number = office.interaction.pk
    assert reply_address.read([headers["Reply-To"]], SECRET, settings.MAIL_DOMAIN) == number
    assert reply_address.read_references([headers["Message-ID"]], SECRET, settings.MAIL_DOMAIN) == number
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["X-BPIM-Loop"]


def test_mails_about_one_matter_form_a_thread_with_the_partners_own_mail(office: Office) -> None:
    mail = an_intake(
        "By mail", channel=Channel.EMAIL, sender=office.paul.email, external_id=f"abc123@acme.example.org#{32 * '0'}"
    )
    received = intake.receive(mail, at=NOON)
    assert received.interaction is not None

    first, second = the_mail_to(office, office.paul), the_mail_to(office, office.tina)

    assert first.headers["In-Reply-To"] == "<abc123@acme.example.org>"
    assert "<abc123@acme.example.org>" in first.headers["References"]
    assert first.headers["References"].split()[0] == second.headers["References"]


@pytest.mark.parametrize("external_id", ["sha256-00ff", "two words@x", "a@b>\r\nBcc: c@d", ""])
def test_what_is_no_message_id_is_not_referred_to(office: Office, external_id: str) -> None:
    mail = an_intake("By mail", channel=Channel.EMAIL, sender=office.paul.email, external_id=external_id)
    intake.receive(mail, at=NOON)

    headers = the_mail_to(office, office.paul).headers

    assert headers["In-Reply-To"] == headers["References"]


def test_the_receipt_does_not_repeat_the_text_to_whoever_was_named_as_sender(office: Office) -> None:
    mail = an_intake("Buy now", text="CANARY", channel=Channel.EMAIL, sender="victim@elsewhere.example.org")
    intake.receive(mail, at=NOON)
    office.tell()

    receipt = Delivery.objects.get(address="victim@elsewhere.example.org")

    assert "CANARY" not in receipt.text + receipt.html


def test_an_address_without_an_account_is_written_to_in_the_partners_zone(office: Office) -> None:
    office.acme.time_zone = "Asia/Tokyo"
    office.acme.save(update_fields=["time_zone"])
    Participant.objects.create(
        interaction=office.interaction, address="cc@acme.example.org", side=Side.PARTNER, role=ParticipantRole.CONTACT
    )
    words = Words(waiting_for="it", waiting_until=moment("2026-06-03 14:30"))
    lifecycle.make_move(office.interaction, Move.ASK, actor=an_actor_for(office.rosa), at=NOON, words=words)
    office.tell()

    mail = Delivery.objects.get(address="cc@acme.example.org")
    assert "23:30 JST" in mail.text
    assert settings.BASE_URL not in mail.text + mail.html  # without an account there is no page to open
    assert "answer this mail" in mail.text


def test_text_and_html_are_sent_together(office: Office, postman: Postman) -> None:
    office.happens(Event.RESOLVED)
    office.tell()

    deliveries.send_all(NOON, postman)

    assert all(letter.text and letter.html.startswith("<!doctype html>") for letter in postman.letters)
