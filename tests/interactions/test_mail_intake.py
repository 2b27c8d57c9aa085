"""What a mail becomes, and what it can never do."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.models.fields.files import FieldFile

from interactions.domain import conversation, lifecycle, mail
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.domain.mail import Taken
from interactions.enums import ClockKind, Event, ItemKind, MessageState, Move, ParticipantRole, Side, Status
from interactions.models import InboundMessage, Interaction, InteractionType, Item, Participant
from partners.domain import verification
from partners.enums import AssuranceLevel, Channel, PartnerStatus
from partners.models import Membership, OutboxMessage, Partner, RecordEntry
from partners.payloads import SYSTEM
from tests.factories.mails import DESK, a_mail, notice_id_of, reply_address_of
from tests.factories.partners import moment
from tests.factories.world import (
    a_contact,
    a_partner,
    a_person_of,
    a_policy,
    a_representative,
    a_type,
    an_actor_for,
    an_interaction,
)

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent.parent / "golden" / "mail"
NOW = moment("2026-06-01 09:00")
PAUL = "paul.acheson@example.org"
MALLORY = "mallory@globex.example.org"


@pytest.fixture(autouse=True)
def _types() -> None:
    a_type("general-query")


def take(raw: bytes, *, sender: str = PAUL, to: str = DESK, at: Any = NOW) -> Taken:
    return mail.take_in(raw, envelope_sender=sender, envelope_recipients=[to], at=at)


def a_matter(partner: Partner | None = None, **fields: Any) -> Interaction:
    """An interaction of Acme, where Paul works, begun an hour ago."""
    partner = partner or a_partner("Acme Wholesale")
    if not Membership.objects.filter(partner=partner).exists():
        a_person_of(partner, "Paul Acheson")
    return an_interaction(partner, at=NOW - timedelta(hours=1), **fields)


def traces(interaction: Interaction) -> tuple[object, ...]:
    """Everything of an interaction that could have changed."""
    found = Interaction.objects.get(pk=interaction.pk)
    return (
        found.version,
        found.status,
        found.items.count(),
        found.attachments.count(),
        found.participants.count(),
        found.messages.count(),
        RecordEntry.objects.of_stream(found.stream).count(),
    )


def content_of(kept: FieldFile) -> bytes:
    with kept.open("rb") as file:
        content: bytes = file.read()
    return content


def move(interaction: Interaction, *moves: Move) -> None:
    words = Words(reason="r", resolution="Replaced the card.", waiting_for="the serial number")
    for one in moves:
        lifecycle.make_move(interaction, one, actor=SYSTEM, at=NOW - timedelta(minutes=30), words=words)


def test_a_known_sender_begins_a_new_matter_of_its_partner() -> None:
    acme = a_partner("Acme Wholesale")
    paul = a_person_of(acme, "Paul Acheson")

    taken = take(a_mail("Leitung gestört seit 9 Uhr.", subject="Störung ☎", files=[("Plan Ä.bin", b"\x00\x01")]))

    interaction = taken.message.interaction
    assert interaction is not None
    assert (interaction.partner, interaction.subject, interaction.channel) == (acme, "Störung ☎", Channel.EMAIL)
    assert interaction.type.code == "general-query"
    item = interaction.items.get()
    assert (item.text, item.kind, item.side, item.author) == (
        "Leitung gestört seit 9 Uhr.",
        ItemKind.REQUEST,
        Side.PARTNER,
        paul,
    )
    kept = {attachment.name: attachment for attachment in interaction.attachments.all()}
    assert content_of(kept["Plan Ä.bin"].file) == b"\x00\x01"
    assert kept["original.eml"].is_original
    assert content_of(kept["original.eml"].file).startswith(b"From: Paul")
    assert taken.message.sender == PAUL


def test_an_unknown_sender_becomes_a_potential_partner_once() -> None:
    take(a_mail(sender="New Person <new@startup.example.org>", subject="First"))
    take(a_mail(sender="New Person <new@startup.example.org>", subject="Second"))

    partner = Partner.objects.get(status=PartnerStatus.PROSPECT)
    assert partner.name == "New Person"
    assert partner.interactions.count() == 2


def test_whom_else_a_mail_was_sent_to_takes_no_part() -> None:
    a_matter()
    taken = take(a_mail(to=f"{DESK}, other@example.org", Cc=MALLORY, subject="New"))

    assert taken.message.interaction is not None
    assert [part.role for part in taken.message.interaction.participants.all()] == [ParticipantRole.REQUESTER]


def test_a_mail_without_a_subject_gets_one_from_its_text() -> None:
    a_matter()

    taken = take(a_mail("Where is our order?\nIt was due on Friday.", subject=""))
    empty = take(a_mail("", subject="", message_id="<empty@example.org>"))

    assert taken.message.interaction is not None
    assert empty.message.interaction is not None
    assert taken.message.interaction.subject == "(no subject) Where is our order?"
    assert empty.message.interaction.subject == "(no subject)"


@pytest.mark.parametrize("way", ["address", "header", "references"])
def test_a_reply_joins_its_interaction_and_is_the_answer_waited_for(way: str) -> None:
    a_policy(resolution=timedelta(hours=16))
    interaction = a_matter()
    move(interaction, Move.START, Move.ASK)
    address, reference = reply_address_of(interaction), notice_id_of(interaction)
    headers: dict[str, Any] = {"References": f"<x@example.org> {reference}"} if way == "references" else {}

    taken = take(
        a_mail(
            f"The serial number is 77.\n\nOn Mon, Jun 1, 2026 at 8:30 AM Desk <{DESK}> wrote:\n\n> Which?\n",
            subject="Re: your question",
            to=address.upper() if way == "header" else DESK,
            **headers,
        ),
        to=address if way == "address" else DESK,
    )

    assert taken.message.interaction == interaction
    item = Item.objects.get(messages=taken.message)
    assert (item.text, item.kind, item.side) == ("The serial number is 77.", ItemKind.RESPONSE, Side.PARTNER)
    assert "Which?" in item.quoted_text
    answered = Interaction.objects.get(pk=interaction.pk)
    assert answered.status == Status.IN_PROGRESS
    assert {clock.kind: clock.is_running for clock in answered.clocks.all()}[ClockKind.RESOLUTION]


def test_a_private_address_with_a_genuine_token_joins_and_takes_no_part() -> None:
    interaction = a_matter()
    participants = interaction.participants.count()

    taken = take(
        a_mail("From home: it is 77.", sender="Paul Acheson <p@home.example.org>"),
        sender="p@home.example.org",
        to=reply_address_of(interaction),
    )

    assert taken.message.interaction == interaction
    assert taken.message.sender == "p@home.example.org"
    item = Item.objects.get(messages=taken.message)
    assert (item.author, item.author_label) == (None, "p@home.example.org")  # not the name he gives himself
    assert interaction.participants.count() == participants
    assert not Partner.objects.filter(status=PartnerStatus.PROSPECT).exists()


def test_a_stranger_takes_no_part_in_what_follows_an_ended_interaction() -> None:
    interaction = a_matter()
    move(interaction, Move.CANCEL)

    taken = take(a_mail(sender="p@home.example.org"), to=reply_address_of(interaction))

    following = taken.message.interaction
    assert following is not None
    assert following != interaction
    assert following.partner == interaction.partner
    assert not following.participants.exists()


def test_a_token_in_the_hands_of_another_partner_opens_nothing() -> None:
    interaction = a_matter()
    a_person_of(a_partner("Globex"), "Mallory Mint", email=MALLORY)
    before = traces(interaction)

    taken = take(a_mail(sender=MALLORY), sender=MALLORY, to=reply_address_of(interaction))

    assert taken.message.state == MessageState.QUARANTINED
    assert interaction.number in taken.message.reason
    assert "Globex" in taken.message.reason
    assert traces(interaction) == before


@pytest.mark.parametrize("change", ["ended", "inactive"])
def test_somebody_who_left_the_partner_is_not_let_in_by_an_old_mail(change: str) -> None:
    interaction = a_matter()
    membership = Membership.objects.get(user__email=PAUL)
    if change == "ended":
        Membership.objects.update(valid_until=(NOW - timedelta(days=1)).date())
    else:
        membership.user.is_active = False
        membership.user.save()
    Participant.objects.create(interaction=interaction, user=membership.user, side=Side.PARTNER, role="contact")
    before = traces(interaction)

    taken = take(a_mail(), to=reply_address_of(interaction))

    assert taken.message.state == MessageState.QUARANTINED
    assert traces(interaction) == before


@pytest.mark.parametrize("who", ["person", "contact", "participant"])
def test_a_number_in_the_subject_is_enough_for_those_who_belong(who: str) -> None:
    interaction = a_matter()
    address = {"person": PAUL, "contact": "billing@acme.example.org", "participant": "lawyer@law.example.org"}[who]
    a_contact(interaction.partner, "billing@acme.example.org")
    Participant.objects.create(
        interaction=interaction, address="Lawyer@law.example.org", side=Side.THIRD_PARTY, role="third_party"
    )

    taken = take(a_mail(sender=address, subject=f"Re: [{interaction.number}] Line down"), sender=address)

    assert taken.message.interaction == interaction


@pytest.mark.parametrize("sender", ["stranger@elsewhere.example.org", MALLORY])
def test_a_number_in_the_subject_is_not_enough_for_anybody_else(sender: str) -> None:
    interaction = a_matter()
    a_person_of(a_partner("Globex"), "Mallory Mint", email=MALLORY)
    before = traces(interaction)

    taken = take(a_mail(sender=sender, subject=f"{interaction.number.lower()}: pay to this account"), sender=sender)

    assert taken.message.state == MessageState.QUARANTINED
    assert taken.message.interaction is None
    assert content_of(taken.message.original).startswith(b"From: ")
    assert traces(interaction) == before
    assert list(InboundMessage.objects.to_triage()) == [taken.message]


def test_what_is_answered_only_after_signing_in_is_not_answered_by_mail() -> None:
    interaction = a_matter()
    InteractionType.objects.filter(pk=interaction.type_id).update(minimum_level=AssuranceLevel.DOUBLE)
    before = traces(interaction)

    taken = take(a_mail(subject=f"Re: [{interaction.number}] Line down"))

    assert taken.message.state == MessageState.QUARANTINED
    assert "only after signing in" in taken.message.reason
    assert traces(interaction) == before


def test_a_wrong_token_is_no_token() -> None:
    interaction = a_matter()
    address = reply_address_of(interaction)
    wrong = address.replace("reply+", "reply+1")
    before = traces(interaction)

    forged = take(a_mail(to=wrong), to=wrong)
    stranger = take(
        a_mail(sender="x@y.example.org", subject=f"Re: {interaction.number}", message_id="<s@y.example.org>"), to=wrong
    )

    assert forged.message.state == MessageState.ACCEPTED
    assert forged.message.interaction not in {None, interaction}
    assert stranger.message.state == MessageState.QUARANTINED
    assert traces(interaction) == before


@pytest.mark.parametrize("sender", ["Rosa <rosa.lindqvist@example.org>", "x@y.example.org, rosa.lindqvist@example.org"])
@pytest.mark.parametrize("is_reply", [True, False])
def test_nobody_speaks_for_the_enterprise_by_mail(sender: str, *, is_reply: bool) -> None:
    interaction = a_matter()
    before = traces(interaction)

    taken = take(a_mail(sender=sender), to=reply_address_of(interaction) if is_reply else DESK)

    assert taken.message.state == MessageState.QUARANTINED
    assert "representative" in taken.message.reason
    assert traces(interaction) == before


def test_a_mail_from_one_of_our_own_addresses_waits_for_staff() -> None:
    taken = take(a_mail(sender="Partner Desk <Partner-Desk@mail.example.org>"))

    assert taken.message.state == MessageState.QUARANTINED
    assert not Partner.objects.filter(status=PartnerStatus.PROSPECT).exists()


@pytest.mark.parametrize("status", ["waiting", "resolved"])
def test_an_automatic_mail_changes_nothing_and_leaves_a_quiet_trace(status: str) -> None:
    interaction = a_matter()
    move(interaction, *([Move.START, Move.ASK] if status == "waiting" else [Move.RESOLVE]))
    OutboxMessage.objects.all().delete()

    taken = take(a_mail("I am on holiday.", Auto_Submitted="auto-replied"), to=reply_address_of(interaction))

    found = Interaction.objects.get(pk=interaction.pk)
    assert (taken.message.state, taken.message.interaction) == (MessageState.IGNORED, interaction)
    assert found.status == status
    assert found.items.count() == 1
    last = RecordEntry.objects.of_stream(interaction.stream).order_by("-sequence")[0]
    assert last.event == Event.MESSAGE_IGNORED
    assert not OutboxMessage.objects.filter(entry__stream=interaction.stream).exists()
    assert not InboundMessage.objects.to_triage().exists()


def test_our_own_mail_that_comes_back_is_cut_off() -> None:
    taken = take(a_mail(sender="friend@y.example.org", X_BPIM_Loop="1"))

    assert taken.message.state == MessageState.IGNORED
    assert not Interaction.objects.exists()


def test_a_notice_that_bounced_is_seen_in_its_interaction() -> None:
    interaction = a_matter()
    report = (GOLDEN / "automatic-bounce.eml").read_bytes()
    report = report.replace(b"<bpim.4711.16.abc@example.org>", notice_id_of(interaction).encode())

    taken = take(report, sender="<>")
    again = take(report, sender="<>")

    assert (taken.message.state, taken.message.interaction) == (MessageState.IGNORED, interaction)
    assert again.is_duplicate
    events = RecordEntry.objects.of_stream(interaction.stream).values_list("event", flat=True)
    assert list(events).count(Event.NOTICE_BOUNCED) == 1


def test_a_resolved_interaction_is_reopened_by_a_person() -> None:
    interaction = a_matter()
    move(interaction, Move.RESOLVE)

    take(a_mail("It is still broken."), to=reply_address_of(interaction))

    assert Interaction.objects.get(pk=interaction.pk).status == Status.IN_PROGRESS


def test_the_same_mail_has_one_effect() -> None:
    a_matter()
    raw = a_mail()

    first, second = take(raw), take(b"Received: from another.example.org\r\n" + raw)

    assert second.is_duplicate
    assert first.message == second.message
    assert Interaction.objects.filter(channel=Channel.EMAIL).count() == 1


@pytest.mark.parametrize("forged", [{"sender": "mallory@globex.example.org"}, {"text": "Something else."}])
def test_nobody_can_use_up_the_message_id_of_another(forged: dict[str, Any]) -> None:
    a_matter()
    take(a_mail(message_id="<next@example.org>", **forged))

    taken = take(a_mail(message_id="<next@example.org>"))

    assert not taken.is_duplicate
    assert taken.message.interaction is not None
    assert taken.message.interaction.partner.name == "Acme Wholesale"


@pytest.mark.parametrize("name", ["unreadable-no-headers", "unreadable-nested-too-deep", "unreadable-too-many-parts"])
def test_what_cannot_be_read_is_kept(name: str) -> None:
    raw = (GOLDEN / f"{name}.eml").read_bytes()

    taken, again = take(raw), take(raw)

    assert taken.message == again.message
    assert taken.message.state == MessageState.UNREADABLE
    assert content_of(taken.message.original) == raw
    assert RecordEntry.objects.filter(event=Event.MESSAGE_REFUSED).count() == 1
    assert not Interaction.objects.exists()


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.eml")), ids=lambda path: path.stem)
def test_every_mail_of_the_collection_is_taken_in_once(path: Path) -> None:
    raw = path.read_bytes()

    taken, again = take(raw), take(raw)

    assert taken.message == again.message
    assert InboundMessage.objects.count() == 1
    assert Interaction.objects.count() == (1 if taken.message.state == MessageState.ACCEPTED else 0)


@pytest.mark.parametrize(
    "raw",
    [
        a_mail(subject="x").replace(b"Subject: x", b"Subject: " + b"long " * 200_000),
        a_mail("nul").replace(b"nul", b"a\x00b\x00"),
        a_mail("nul").replace(b"Paul Acheson", b"Pa\x00ul \xff\xfe"),
        a_mail("nul").replace(b"utf-8", b"utf-\x00\xff"),
        a_mail(subject="x").replace(b"Subject: x", b"Subject: =?utf-8?b?7aCA7aCA?= \xed\xa0\x80"),
        a_mail().replace(b"Message-ID: <", b"Message-ID: <\x00\xff\xed\xa0\x80" + b"i" * 5000),
        a_mail(files=[("../../etc/passwd\x01", b"x" * 10)]),
        b"From: \xff\x00@\x00\r\nSubject: \x00\r\n\r\n\x00\x00\xff",
        b"\x00" * 100_000,
        b"",
    ],
    ids=["long-subject", "nul", "name", "charset", "surrogates", "message-id", "path", "from", "only-nul", "nothing"],
)
def test_hostile_bytes_are_kept_or_cut_and_never_break_anything(raw: bytes, tmp_path: Path) -> None:
    taken = take(raw)
    again = take(raw)

    assert taken.message == again.message
    assert Interaction.objects.count() <= 1
    assert verification.verify(folder=tmp_path, public_key=None).entries > 0


def test_what_the_intake_does_not_accept_waits_for_staff(settings: Any) -> None:
    settings.ATTACHMENT_MAX_BYTES = 500
    a_matter()

    taken = take(a_mail(files=[("large.bin", b"x" * 2000)]))

    assert taken.message.state == MessageState.QUARANTINED
    assert "large.bin" in taken.message.reason
    assert b"large.bin" in content_of(taken.message.original)


def test_a_change_that_is_rolled_back_leaves_no_trace_of_the_mail() -> None:
    a_matter()
    before = InboundMessage.objects.count()

    with transaction.atomic():
        taken = take(a_mail())
        transaction.set_rollback(True)

    assert taken.message.pk
    assert InboundMessage.objects.count() == before


def test_our_question_and_the_answer_stand_side_by_side() -> None:
    interaction = a_matter()
    rosa = an_actor_for(a_representative("Rosa Second"))
    saying = Saying(text="Which card?", side=Side.ENTERPRISE, channel=Channel.EMAIL)
    conversation.ask(interaction, saying, Words(waiting_for="the card"), actor=rosa, at=NOW - timedelta(minutes=9))

    take(a_mail("The left one."), to=reply_address_of(interaction))

    assert [(item.side, item.text) for item in interaction.items.in_sequence()][1:] == [
        (Side.ENTERPRISE, "Which card?"),
        (Side.PARTNER, "The left one."),
    ]
