"""What people without an account hand in: nothing happens before the address is confirmed, and it happens once."""

import threading
from datetime import datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from interactions.domain import enquiries
from interactions.enums import Event, Side
from interactions.errors import EnquiryOver
from interactions.models import Attachment, Enquiry, EnquiryFile, Interaction, InteractionType
from interactions.payloads import File
from notifications.domain import deliveries, relay
from notifications.models import Delivery
from partners.enums import ActorKind, Channel, PartnerStatus, Permission
from partners.models import Contact, OutboxMessage, Partner, RecordEntry
from tests.factories.enquiries import an_enquiry
from tests.factories.world import a_partner, a_person_of, a_representative, a_type
from tests.notifications.conftest import Postman

FILES = [File(name="plan.pdf", content=b"%PDF-1.4", content_type="application/pdf")]


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.mark.django_db
def test_before_the_address_is_confirmed_nothing_is_there_but_a_letter(now: datetime) -> None:
    an_enquiry(at=now)

    assert not Interaction.objects.exists()
    assert not Partner.objects.exists()
    entry = RecordEntry.objects.get(event=Event.ENQUIRY_ASKED)
    assert (entry.stream, entry.text("address")) == ("installation", "nadia@newcomer.example")


@pytest.mark.django_db
def test_the_letter_alone_holds_what_confirms(now: datetime) -> None:
    postman = Postman()
    enquiry = an_enquiry(at=now)
    token = enquiries.token_to_send(enquiry.pk, at=now) or "-"

    relay.relay_all(now)
    deliveries.send_all(now, postman)

    (letter,) = postman.letters
    assert letter.recipient == "nadia@newcomer.example"
    assert f"/ask/confirm/{token}/" in letter.text
    assert f'/ask/confirm/{token}/"' in letter.html
    kept = Delivery.objects.get()
    assert token not in kept.text + kept.html + enquiry.nonce


@pytest.mark.django_db
def test_confirmed_it_is_a_matter_of_a_potential_partner_whose_address_is_proven(now: datetime) -> None:
    enquiry = an_enquiry(at=now, files=FILES)

    interaction = enquiries.confirm(enquiry, at=now)

    assert interaction.partner.status == PartnerStatus.PROSPECT
    assert (interaction.channel, interaction.acting_level) == (Channel.WEB, 0)
    assert interaction.is_by_confirmed_address
    assert interaction.items.get().text == "We have forty shops.\n\nNadia Rahman, Newcomer Mobile"
    assert Attachment.objects.get().name == "plan.pdf"
    participant = interaction.participants.get(side=Side.PARTNER)
    assert (participant.address, participant.name) == ("nadia@newcomer.example", "Nadia Rahman")
    assert Contact.objects.get(partner=interaction.partner).verified_at == now
    received = RecordEntry.objects.get(event=Event.RECEIVED)
    assert (received.channel, received.actor_level, received.actor_label) == (Channel.WEB, 0, "Nadia Rahman")


@pytest.mark.django_db
def test_whoever_confirms_hears_of_it_by_mail_with_the_number(now: datetime) -> None:
    postman = Postman()
    interaction = enquiries.confirm(an_enquiry(at=now), at=now)

    relay.relay_all(now)
    deliveries.send_all(now, postman)

    told = [letter for letter in postman.letters if letter.recipient == "nadia@newcomer.example"]
    assert [interaction.number in letter.subject for letter in told] == [True]
    assert not any("/portal/" in letter.text for letter in told)


@pytest.mark.django_db
def test_somebody_of_a_partner_is_recognised_by_the_address(now: datetime) -> None:
    acme = a_partner("Acme Wholesale")
    paul = a_person_of(acme, email="paul@acme.example")

    interaction = enquiries.confirm(an_enquiry(at=now, address="Paul@Acme.example"), at=now)

    assert (interaction.partner, interaction.created_by) == (acme, paul)
    received = RecordEntry.objects.get(event=Event.RECEIVED)
    assert (received.actor_kind, received.actor_level) == (ActorKind.PARTNER, 0)


@pytest.mark.django_db
def test_confirming_again_leads_to_the_same_matter(now: datetime) -> None:
    enquiry = an_enquiry(at=now)

    first, second = enquiries.confirm(enquiry, at=now), enquiries.confirm(enquiry, at=now + timedelta(days=2))

    assert first == second
    assert Interaction.objects.count() == 1


@pytest.mark.usefixtures("committed_db")
def test_two_presses_at_once_make_one_matter(now: datetime) -> None:
    enquiry = an_enquiry(at=now)

    def press() -> None:
        enquiries.confirm(enquiry, at=now)
        connection.close()

    presses = [threading.Thread(target=press) for _ in range(2)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()

    assert Interaction.objects.count() == 1


@pytest.mark.django_db
def test_what_is_confirmed_too_late_is_over(now: datetime) -> None:
    enquiry = an_enquiry(at=now)
    later = now + enquiries.HOLDS_FOR
    token = enquiries.token_to_send(enquiry.pk, at=now) or ""

    with pytest.raises(EnquiryOver):
        enquiries.confirm(enquiry, at=later)

    assert enquiries.behind(token, at=now) == enquiry
    assert enquiries.behind(token, at=later) is None
    assert enquiries.token_to_send(enquiry.pk, at=later) is None


@pytest.mark.django_db
def test_a_type_that_asks_for_a_login_meanwhile_takes_nothing(now: datetime) -> None:
    enquiry = an_enquiry(at=now)
    InteractionType.objects.update(login_needed=True)

    with pytest.raises(EnquiryOver):
        enquiries.confirm(enquiry, at=now)

    assert not Interaction.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "1", "1-", "1-ff", "x-ff", "9" * 40 + "-ff", "\x00", "1-" + "é" * 48, "²-ff"])
def test_a_made_up_link_leads_nowhere(now: datetime, token: str) -> None:
    an_enquiry(at=now)

    assert enquiries.behind(token, at=now) is None


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["rosa@example.org", "desk@mail.example.org"])
def test_nobody_writes_in_the_name_of_one_of_ours(now: datetime, address: str) -> None:
    a_representative(email="rosa@example.org")
    an_enquiry(at=now)

    an_enquiry(at=now, address=address)

    assert Enquiry.objects.count() == 1
    assert OutboxMessage.objects.count() == 1


@pytest.mark.usefixtures("committed_db")
def test_words_and_files_are_kept_in_one_place_and_go_when_it_is_over(now: datetime) -> None:
    confirmed, left = an_enquiry(at=now, files=FILES), an_enquiry(at=now, files=FILES)
    waiting = {str(kept.file.name) for kept in EnquiryFile.objects.all()}
    enquiries.confirm(confirmed, at=now)

    confirmed.refresh_from_db()
    assert (confirmed.text, confirmed.files.count()) == ("", 0)
    assert enquiries.forget(at=now + timedelta(hours=1)) == 0
    assert enquiries.forget(at=now + timedelta(hours=25)) == 1
    assert not Enquiry.objects.filter(pk=left.pk).exists()
    assert not any(default_storage.exists(name) for name in waiting)
    assert enquiries.forget(at=now + timedelta(days=8)) == 1
    assert Interaction.objects.count() == 1


@pytest.mark.django_db
def test_only_what_needs_no_proof_is_open() -> None:
    a_type("open-question", login_needed=False)
    a_type("with-login")
    a_type("guarded", login_needed=False, minimum_level=2)
    a_type("with-permission", login_needed=False, permission=Permission.SUBMIT_BILL)
    a_type("ours-alone", login_needed=False, partner_may_raise=False)
    a_type("asleep", login_needed=False, is_active=False)
    a_type("by-itself", login_needed=False, self_service="agreement-status")

    assert {one.code for one in enquiries.open_types()} - {"general-query"} == {"open-question"}
