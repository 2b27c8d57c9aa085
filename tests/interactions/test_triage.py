"""What was set aside is decided on by staff, once."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction

from interactions.domain import mail, triage
from interactions.enums import Event, MessageState, Side, Status
from interactions.errors import MessageDecided, NotAccepted, Unreadable
from interactions.models import InboundMessage, Interaction
from partners.enums import PartnerStatus
from partners.models import Partner, RecordEntry, User
from partners.payloads import NOBODY, Actor
from tests.factories.mails import DESK, a_mail
from tests.factories.partners import moment
from tests.factories.world import a_partner, a_person_of, a_representative, a_type, an_actor_for, an_interaction

NOW = moment("2026-06-01 09:00")
STRANGER = "stranger@elsewhere.example.org"


def rosa() -> Actor:
    return an_actor_for(User.objects.filter(is_representative=True).first() or a_representative())


def take(raw: bytes, *, sender: str = STRANGER) -> InboundMessage:
    return mail.take_in(raw, envelope_sender=sender, envelope_recipients=[DESK], at=NOW).message


def set_aside() -> tuple[Interaction, InboundMessage]:
    """An interaction of Acme, and a stranger's mail that names it."""
    interaction = an_interaction(a_partner("Acme Wholesale"), at=NOW - timedelta(hours=1))
    message = take(a_mail("Here is the plan.", sender=STRANGER, subject=interaction.number, files=[("p.bin", b"\x01")]))
    assert message.state == MessageState.QUARANTINED
    return interaction, message


@pytest.mark.django_db
def test_a_mail_let_in_joins_the_interaction_chosen() -> None:
    interaction, message = set_aside()

    received = triage.accept(message, interaction=interaction, actor=rosa(), at=NOW)

    assert received.interaction == interaction
    assert received.item is not None
    assert (received.item.text, received.item.side, received.item.author_label) == (
        "Here is the plan.",
        Side.PARTNER,
        STRANGER,
    )
    assert sorted(received.item.attachments.values_list("name", flat=True)) == ["original.eml", "p.bin"]
    assert not interaction.participants.filter(address=STRANGER).exists()
    stored = InboundMessage.objects.get()
    assert (stored.state, stored.interaction, stored.item) == (MessageState.ACCEPTED, interaction, received.item)
    last = RecordEntry.objects.of_stream(interaction.stream).order_by("-sequence")[0]
    assert (last.event, last.actor_id) == (Event.MESSAGE_ACCEPTED, rosa().user_id)


@pytest.mark.django_db
def test_a_mail_let_in_without_an_interaction_is_a_new_matter_of_its_sender() -> None:
    interaction, message = set_aside()

    received = triage.accept(message, actor=rosa(), at=NOW + timedelta(hours=2))

    assert received.interaction not in {None, interaction}
    assert received.interaction is not None
    assert received.interaction.partner.status == PartnerStatus.PROSPECT
    assert received.interaction.started_at == NOW  # when it was received, not when it was let in


@pytest.mark.django_db
def test_the_same_mail_again_has_no_effect_after_it_was_let_in() -> None:
    interaction, _ = set_aside()
    raw = a_mail("Once.", sender=STRANGER, subject=interaction.number)
    triage.accept(take(raw), interaction=interaction, actor=rosa(), at=NOW)

    again = take(raw)

    assert again.state == MessageState.ACCEPTED
    assert interaction.items.count() == 2


@pytest.mark.django_db
def test_a_person_taken_for_a_machine_can_be_let_in() -> None:
    a_type()
    message = take(a_mail(sender=STRANGER, List_Unsubscribe="<https://example.org/u>"))
    assert message.state == MessageState.IGNORED

    assert triage.accept(message, actor=rosa(), at=NOW).interaction is not None


@pytest.mark.django_db
def test_a_colleagues_mail_never_stands_as_the_partners_words() -> None:
    interaction, _ = set_aside()
    colleague = a_representative("Tom Second")
    message = take(a_mail(sender=colleague.email), sender=colleague.email)

    with pytest.raises(NotAccepted, match="representative"):
        triage.accept(message, interaction=interaction, actor=rosa(), at=NOW)

    assert InboundMessage.objects.get(pk=message.pk).state == MessageState.QUARANTINED
    assert interaction.items.count() == 1


@pytest.mark.django_db
def test_what_cannot_be_read_stays_so_and_can_be_refused() -> None:
    message = take(b"no mail at all")

    with pytest.raises(Unreadable):
        triage.accept(message, actor=rosa(), at=NOW)
    refused = triage.reject(message, reason="Garbage", actor=rosa(), at=NOW)

    assert (refused.state, refused.reason) == (MessageState.REJECTED, "Garbage")
    with refused.original.open("rb") as kept:
        assert kept.read() == b"no mail at all"


@pytest.mark.django_db
def test_a_refusal_is_recorded_with_its_reason_and_is_final() -> None:
    interaction, message = set_aside()
    entries = RecordEntry.objects.of_stream(interaction.stream).count()

    with pytest.raises(NotAccepted):
        triage.reject(message, reason="  ", actor=rosa(), at=NOW)
    triage.reject(message, reason="Fraud", actor=rosa(), at=NOW)

    with pytest.raises(MessageDecided, match="rejected"):
        triage.accept(message, actor=rosa(), at=NOW)
    with pytest.raises(MessageDecided):
        triage.reject(message, reason="Again", actor=rosa(), at=NOW)
    recorded = RecordEntry.objects.get(event=Event.MESSAGE_REJECTED)
    assert recorded.texts["reason"]["text"] == "Fraud"
    assert RecordEntry.objects.of_stream(interaction.stream).count() == entries
    assert not InboundMessage.objects.to_triage().exists()


@pytest.mark.django_db
def test_a_mail_that_acted_already_is_not_decided_on() -> None:
    acme = a_partner("Acme Wholesale")
    a_type()
    message = take(a_mail(), sender=a_person_of(acme, "Paul Acheson").email)

    with pytest.raises(MessageDecided):
        triage.accept(message, actor=rosa(), at=NOW)


@pytest.mark.django_db
def test_an_original_that_is_gone_is_said_so() -> None:
    _, message = set_aside()
    default_storage.delete(str(message.original.name))

    with pytest.raises(NotAccepted, match="no longer there"):
        triage.accept(message, actor=rosa(), at=NOW)


@pytest.mark.django_db
def test_a_mail_without_a_sender_needs_an_interaction() -> None:
    interaction, _ = set_aside()
    raw = a_mail().replace(b"From: Paul Acheson <paul.acheson@example.org>\n", b"From: nobody\n")
    message = take(raw, sender="not-an-address")
    assert message.state == MessageState.QUARANTINED

    with pytest.raises(NotAccepted):
        triage.accept(message, actor=rosa(), at=NOW)
    received = triage.accept(message, interaction=interaction, actor=rosa(), at=NOW)

    assert received.interaction == interaction
    assert not Partner.objects.filter(status=PartnerStatus.PROSPECT).exists()


@pytest.mark.django_db
def test_only_representatives_see_what_was_set_aside() -> None:
    set_aside()
    paul = an_actor_for(a_person_of(a_partner("Globex"), "Paul Other"))

    assert InboundMessage.objects.visible_to(rosa()).to_triage().count() == 1
    assert not InboundMessage.objects.visible_to(paul).exists()
    assert not InboundMessage.objects.visible_to(NOBODY).exists()


def test_of_two_who_decide_at_once_one_wins(committed_db: dict[str, str]) -> None:
    interaction, message = set_aside()
    actor = rosa()
    outcomes: list[str] = []

    def decide(how: int) -> None:
        try:
            if how % 2:
                triage.reject(message, reason="Fraud", actor=actor, at=NOW)
            else:
                triage.accept(message, interaction=interaction, actor=actor, at=NOW)
            outcomes.append("done")
        except MessageDecided:
            outcomes.append("decided")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[how]) for how in range(4)]
    with transaction.atomic():
        InboundMessage.objects.select_for_update().get()  # all of them come while somebody holds the message
        for thread in threads:
            thread.start()
        time.sleep(0.5)
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["decided", "decided", "decided", "done"]
    state = InboundMessage.objects.get().state
    assert interaction.items.count() == (2 if state == MessageState.ACCEPTED else 1)


@pytest.mark.django_db
def test_a_resolved_interaction_is_reopened_by_what_staff_let_in() -> None:
    interaction, message = set_aside()
    Interaction.objects.filter(pk=interaction.pk).update(status=Status.RESOLVED)

    received = triage.accept(message, interaction=interaction, actor=rosa(), at=NOW)

    assert received.interaction is not None
    assert received.interaction.status == Status.IN_PROGRESS
