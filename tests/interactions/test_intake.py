"""The one way in: what begins, what continues, what is refused, and what a second delivery does."""

from datetime import timedelta

import pytest

from interactions.domain import intake
from interactions.domain.intake import Received
from interactions.enums import Direction, ItemKind, MessageState, Move, ParticipantRole, Side, Status
from interactions.errors import NotAccepted
from interactions.models import Interaction
from partners.enums import Channel, PartnerStatus, Priority
from partners.models import OutboxMessage, Partner, PartnerRole, RecordEntry, ServicePolicy
from partners.payloads import Actor
from tests.factories.world import (
    a_contact,
    a_partner,
    a_person_of,
    a_policy,
    a_role,
    a_team,
    a_type,
    an_actor_for,
    an_intake,
)
from tests.interactions.stages import HOUR, MONDAY, a_matter, events, made, rosa

pytestmark = pytest.mark.django_db


def received(subject: str = "Where is order 17?", *, actor: Actor | None = None, **fields: object) -> Received:
    a_type("plain-query")
    handed_in = an_intake(subject, **{"happened_at": MONDAY, "type_code": "plain-query", **fields})
    return intake.receive(handed_in, actor=actor, at=MONDAY)


def begun(subject: str = "Where is order 17?", *, actor: Actor | None = None, **fields: object) -> Interaction:
    interaction = received(subject, actor=actor, **fields).interaction
    assert interaction is not None
    interaction.refresh_from_db()
    return interaction


def test_what_a_person_of_a_partner_hands_in() -> None:
    acme = a_partner("Acme Wholesale", role="reseller")
    paul = a_person_of(acme, "Paul Acheson")
    actor = an_actor_for(paul, level=2)

    interaction = begun("Where is order 17?", actor=actor, text="It is late.", priority=Priority.HIGH)

    assert (interaction.partner, interaction.status, interaction.ball) == (acme, Status.RECEIVED, Side.ENTERPRISE)
    assert (interaction.subject, interaction.description) == ("Where is order 17?", "It is late.")
    assert (interaction.created_by, interaction.acting_role, interaction.acting_level) == (paul, "reseller", 2)
    assert interaction.role == acme.roles.get()
    assert (interaction.direction, interaction.channel) == (Direction.INBOUND, Channel.WEB)
    assert interaction.priority == Priority.HIGH
    assert interaction.enterprise_told_at == MONDAY
    assert interaction.partner_told_at is None
    item = interaction.items.get()
    assert (item.sequence, item.side, item.text, item.author) == (1, Side.PARTNER, "It is late.", paul)
    part = interaction.participants.get()
    assert (part.user, part.role, part.side) == (paul, ParticipantRole.REQUESTER, Side.PARTNER)


def test_the_record_keeps_role_and_level_and_the_outbox_tells_it_once() -> None:
    acme = a_partner("Acme Wholesale", role="reseller")
    actor = an_actor_for(a_person_of(acme), level=3)

    interaction = begun(actor=actor)

    entry = RecordEntry.objects.of_stream(interaction.stream).get()
    assert (entry.event, entry.partner, entry.channel) == ("interaction.received", acme, Channel.WEB)
    assert (entry.actor_role, entry.actor_level, entry.actor_id) == ("reseller", 3, actor.user_id)
    assert entry.facts["role"] == actor.role_id
    assert entry.text("subject") == "Where is order 17?"
    assert OutboxMessage.objects.filter(entry=entry).count() == 1


def test_a_mail_from_a_known_person() -> None:
    acme = a_partner("Acme Wholesale")
    paul = a_person_of(acme, "Paul Acheson")

    interaction = begun(channel=Channel.EMAIL, sender=paul.email.upper())

    assert (interaction.partner, interaction.created_by) == (acme, paul)
    assert Partner.objects.filter(status=PartnerStatus.PROSPECT).count() == 0


def test_a_mail_from_an_address_among_the_contacts() -> None:
    acme = a_partner("Acme Wholesale")
    a_contact(acme, "Billing@acme.example.org", name="Accounts")

    interaction = begun(channel=Channel.EMAIL, sender="billing@ACME.example.org")

    assert (interaction.partner, interaction.created_by) == (acme, None)
    part = interaction.participants.get()
    assert (part.user, part.name, part.address) == (None, "Accounts", "billing@ACME.example.org")


def test_a_call_from_a_known_number() -> None:
    acme = a_partner("Acme Wholesale")
    a_contact(acme, "+1 202-555-0142")

    interaction = begun(actor=rosa(), channel=Channel.PHONE, sender="+1 (202) 555-0142")

    assert interaction.partner == acme
    assert interaction.items.get().side == Side.PARTNER


def test_somebody_unknown_becomes_a_potential_partner_once() -> None:
    first = begun(channel=Channel.EMAIL, sender="mallory@elsewhere.example.org", sender_name="Mallory Vane")
    second = begun(channel=Channel.EMAIL, sender="Mallory@Elsewhere.example.org")

    assert first.partner == second.partner
    assert (first.partner.name, first.partner.status) == ("Mallory Vane", PartnerStatus.PROSPECT)
    assert events_of(first.partner) == ["partner.met"]


def events_of(partner: Partner) -> list[str]:
    return list(RecordEntry.objects.of_stream(partner.stream).values_list("event", flat=True))


def test_a_reply_joins_and_keeps_its_own_channel() -> None:
    acme = a_partner("Acme Wholesale")
    paul = a_person_of(acme)
    interaction = begun(actor=an_actor_for(paul))

    again = received("Re: order", channel=Channel.EMAIL, sender=paul.email, reply_to=interaction.pk, text="Any news?")

    assert again.interaction == interaction
    assert again.item is not None
    assert (again.item.sequence, again.item.channel, again.item.text) == (2, Channel.EMAIL, "Any news?")
    assert events(interaction) == ["interaction.received", "item.added"]


def test_an_answer_of_somebody_unknown_makes_no_potential_partner() -> None:
    interaction = a_matter()

    again = received(channel=Channel.EMAIL, sender="new.colleague@example.org", reply_to=interaction.pk)

    assert again.interaction == interaction
    assert not Partner.objects.filter(status=PartnerStatus.PROSPECT).exists()


def test_a_reply_to_something_unknown_begins_anew() -> None:
    interaction = begun(actor=rosa(), partner_id=a_partner().pk, reply_to=999_999_999)

    assert interaction.items.count() == 1


def test_a_partner_cannot_reply_into_another_partners_interaction() -> None:
    acme, globex = a_partner("Acme Wholesale"), a_partner("Globex Mobile")
    interaction = begun(actor=an_actor_for(a_person_of(acme)))
    mallory = an_actor_for(a_person_of(globex, "Mallory Vane"))

    with pytest.raises(NotAccepted) as refused:
        received(actor=mallory, reply_to=interaction.pk)

    assert refused.value.attribute == "reply_to"
    assert interaction.items.count() == 1


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_a_reply_within_the_period_reopens(status: Status) -> None:
    interaction = a_matter(status)

    received(actor=rosa(), partner_id=interaction.partner_id, reply_to=interaction.pk)

    interaction.refresh_from_db()
    assert (interaction.status, interaction.reopen_count) == (Status.IN_PROGRESS, 1)
    assert events(interaction)[-2:] == ["interaction.reopened", "item.added"]


def test_a_reply_after_the_period_is_followed_up_by_a_new_matter() -> None:
    interaction = a_matter(Status.CLOSED)
    late = MONDAY + timedelta(days=interaction.type_version.reopen_within_days, hours=1)
    handed_in = an_intake("One more thing", reply_to=interaction.pk, partner_id=interaction.partner_id)

    new = intake.receive(handed_in, actor=rosa(), at=late).interaction

    assert new is not None
    assert new != interaction
    assert [(link.other, link.kind) for link in new.links.all()] == [(interaction, "follow-up")]
    interaction.refresh_from_db()
    assert (interaction.status, interaction.items.count()) == (Status.CLOSED, 1)
    assert "interaction.linked" in events(new)


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.ANNULLED])
def test_a_reply_to_what_was_called_off_begins_a_new_matter(status: Status) -> None:
    interaction = a_matter(status)

    new = received(actor=rosa(), partner_id=interaction.partner_id, reply_to=interaction.pk).interaction

    assert new is not None
    assert new != interaction
    assert new.links.get().other == interaction


def test_what_is_answered_at_once_is_one_record_with_no_clock_running() -> None:
    acme = a_partner()
    a_policy(partner=acme)
    team = a_team()
    a_type("planned", plan=[("Check", team)])

    interaction = begun(
        actor=rosa(),
        partner_id=acme.pk,
        type_code="planned",
        channel=Channel.PHONE,
        ended_at=MONDAY + HOUR / 60,
        is_closed_at_once=True,
        resolution="Told the number.",
    )

    assert (interaction.status, interaction.resolution) == (Status.CLOSED, "Told the number.")
    assert interaction.ended_at == interaction.started_at == interaction.first_response_at == MONDAY
    assert {clock.stopped_at for clock in interaction.clocks.all()} == {MONDAY}
    assert {clock.breached_at for clock in interaction.clocks.all()} == {None}
    assert interaction.due_at is None
    assert interaction.steps.count() == 0
    assert interaction.items.get().ended_at == MONDAY + HOUR / 60
    assert events(interaction) == ["interaction.received", "interaction.resolved", "interaction.closed"]


def test_what_is_answered_at_once_says_what_was_answered() -> None:
    with pytest.raises(NotAccepted) as refused:
        received(actor=rosa(), partner_id=a_partner().pk, is_closed_at_once=True, resolution=" ")

    assert refused.value.attribute == "resolution"
    assert not Interaction.objects.exists()


def test_what_the_enterprise_raises() -> None:
    acme = a_partner()
    a_policy(partner=acme)
    actor = rosa()

    interaction = begun(
        "Your invoice lacks our order number",
        actor=actor,
        direction=Direction.OUTBOUND,
        partner_id=acme.pk,
        recipients=["billing@acme.example.org"],
    )

    assert events(interaction) == ["interaction.raised"]
    assert interaction.items.get().side == Side.ENTERPRISE
    assert [clock.kind for clock in interaction.clocks.all()] == ["resolution"]
    assert (interaction.partner_told_at, interaction.enterprise_told_at) == (MONDAY, None)
    parts = {(part.role, part.side, part.address, part.user_id) for part in interaction.participants.all()}
    assert parts == {
        (ParticipantRole.CONTACT, Side.PARTNER, "billing@acme.example.org", None),
        (ParticipantRole.OWNER, Side.ENTERPRISE, "", actor.user_id),
    }


@pytest.mark.parametrize("how", ["signed in", "by mail"])
def test_a_partner_does_not_speak_for_the_enterprise(how: str) -> None:
    paul = a_person_of(a_partner())
    actor = an_actor_for(paul) if how == "signed in" else None

    with pytest.raises(NotAccepted) as refused:
        received(actor=actor, sender=paul.email, direction=Direction.OUTBOUND)

    assert refused.value.attribute == "direction"


def test_a_partner_does_not_speak_for_another() -> None:
    globex = a_partner("Globex Mobile")
    actor = an_actor_for(a_person_of(a_partner("Acme Wholesale")))

    with pytest.raises(NotAccepted) as refused:
        received(actor=actor, partner_id=globex.pk)

    assert refused.value.attribute == "relatedParty"


def test_an_unknown_partner_is_not_made_up() -> None:
    with pytest.raises(NotAccepted) as refused:
        received(actor=rosa(), partner_id=999_999_999, sender_name="Somebody")

    assert refused.value.attribute == "partner"
    assert not Partner.objects.filter(name="Somebody").exists()


def test_nobody_to_speak_to() -> None:
    with pytest.raises(NotAccepted, match="Choose the partner"):
        received(actor=rosa())


def a_foreign_role() -> PartnerRole:
    return a_role(a_partner("Globex Mobile", role=None), "mvno")


def test_a_role_that_the_partner_does_not_play_is_refused() -> None:
    acme = a_partner("Acme Wholesale")

    with pytest.raises(NotAccepted) as refused:
        received(actor=rosa(), partner_id=acme.pk, role_id=a_foreign_role().pk)

    assert refused.value.attribute == "role"


def test_a_role_that_has_ended_is_refused() -> None:
    acme = a_partner("Acme Wholesale")
    ended = a_role(acme, "supplier", valid_until=MONDAY.date() - timedelta(days=1))

    with pytest.raises(NotAccepted):
        received(actor=rosa(), partner_id=acme.pk, role_id=ended.pk)


def test_a_signed_in_partner_names_no_role_but_its_own() -> None:
    actor = an_actor_for(a_person_of(a_partner("Acme Wholesale")))

    with pytest.raises(NotAccepted) as refused:
        received(actor=actor, role_id=a_foreign_role().pk)

    assert refused.value.attribute == "role"


def test_of_several_roles_none_is_guessed() -> None:
    acme = a_partner("Acme Wholesale", role="wholesaler")
    supplier = a_role(acme, "supplier")

    guessed = begun(actor=rosa(), partner_id=acme.pk)
    named = begun(actor=rosa(), partner_id=acme.pk, role_id=supplier.pk)

    assert (guessed.role, named.role) == (None, supplier)


@pytest.mark.parametrize("code", ["no-such-type", "retired", "nul\x00", "x" * 5000])
def test_an_unknown_or_retired_type_is_refused(code: str) -> None:
    a_type("retired", is_active=False)

    with pytest.raises(NotAccepted) as refused:
        received(actor=rosa(), partner_id=a_partner().pk, type_code=code)

    assert refused.value.attribute == "type"


def test_a_type_is_used_in_its_directions_only() -> None:
    a_type("inbound-only", directions=[Direction.INBOUND])

    with pytest.raises(NotAccepted) as refused:
        received(actor=rosa(), partner_id=a_partner().pk, type_code="inbound-only", direction=Direction.OUTBOUND)

    assert refused.value.attribute == "direction"


def test_without_a_type_it_is_a_general_query() -> None:
    assert begun(actor=rosa(), partner_id=a_partner().pk, type_code="").type.code == "general-query"


@pytest.mark.parametrize("subject", ["", "  \n", "\x00", "\u200e\ufeff"])
def test_a_subject_is_needed_and_nothing_is_left_of_a_refusal(subject: str) -> None:
    with pytest.raises(NotAccepted) as refused:
        received(subject, channel=Channel.EMAIL, sender="new@example.org", external_id="m1", text="Hello")

    assert refused.value.attribute == "subject"
    assert not Interaction.objects.exists()
    assert not Partner.objects.filter(status=PartnerStatus.PROSPECT).exists()
    assert not RecordEntry.objects.filter(event="partner.met").exists()


def test_a_subject_of_a_megabyte_is_cut() -> None:
    assert begun("x" * 1_000_000, actor=rosa(), partner_id=a_partner().pk).subject == "x" * 500


BAD = "a\x00b\ud800c\r\nd"


def test_text_that_no_database_keeps_is_cleaned_everywhere() -> None:
    interaction = begun(
        BAD,
        text=BAD,
        quoted_text=BAD,
        channel=Channel.EMAIL,
        sender=f"{BAD}@example.org",
        sender_name=BAD,
        external_id=BAD,
        scope=BAD,
        recipients=[BAD],
        values={"whatever": BAD},
    )

    assert interaction.subject == "ab\ufffdc d"
    assert interaction.description == "ab\ufffdc\nd"
    assert interaction.messages.get().external_id == "ab\ufffdc\nd"


def test_what_is_too_long_is_cut_or_bounded() -> None:
    long = "x" * 100_000

    interaction = begun(
        text=long,
        channel=Channel.EMAIL,
        sender=f"{long}@example.org",
        sender_name=long,
        external_id=long,
        scope=long,
        recipients=[f"{n}@example.org" for n in range(1000)],
    )

    assert interaction.description == long
    assert interaction.participants.count() <= 60


@pytest.mark.parametrize("text", [" ".join(map(str, range(100_000, 240_000))), "x" * 2_000_000])
def test_a_long_text_is_kept_though_only_its_beginning_is_searched(text: str) -> None:
    interaction = begun(actor=rosa(), partner_id=a_partner().pk, text=text)

    assert interaction.description == text[:1_000_000] or interaction.description.endswith("[…]")


def test_an_empty_text_says_what_the_subject_says() -> None:
    assert begun("Call me", actor=rosa(), partner_id=a_partner().pk, text="").items.get().text == "Call me"


def test_the_same_thing_twice_has_one_effect_and_the_same_answer() -> None:
    first = received(channel=Channel.EMAIL, sender="a@example.org", external_id="m1")
    again = received("Other words", channel=Channel.EMAIL, sender="b@example.org", external_id="m1")

    assert (again.interaction, again.item, again.is_duplicate) == (first.interaction, first.item, True)
    assert not first.is_duplicate
    assert Interaction.objects.count() == 1


def test_the_same_id_of_another_scope_or_channel_is_another_thing() -> None:
    acme = a_partner()
    for fields in ({"scope": "device-1"}, {"scope": "device-2"}, {"channel": Channel.API}):
        received(actor=rosa(), partner_id=acme.pk, external_id="17", **{"channel": Channel.DEVICE, **fields})

    assert Interaction.objects.count() == 3


def test_long_ids_with_one_beginning_stay_two() -> None:
    for end in "ab":
        received(channel=Channel.EMAIL, sender="a@example.org", external_id="x" * 300 + end)

    assert Interaction.objects.count() == 2


def test_a_refused_thing_may_come_again() -> None:
    with pytest.raises(NotAccepted):
        received("", channel=Channel.EMAIL, sender="a@example.org", external_id="m1", text="Hello")

    assert not received(channel=Channel.EMAIL, sender="a@example.org", external_id="m1").is_duplicate


def test_what_was_set_aside_stays_aside_when_it_comes_again() -> None:
    handed_in = an_intake("Spam\x00", channel=Channel.EMAIL, sender="x@example.org", external_id="m1")
    message = intake.set_aside(handed_in, MessageState.QUARANTINED, reason="forged\x00", actor=rosa(), at=MONDAY)
    again = intake.set_aside(handed_in, MessageState.IGNORED, reason="other", actor=rosa(), at=MONDAY)

    received_after = intake.receive(handed_in, at=MONDAY)

    assert again == message
    assert (message.state, message.reason) == (MessageState.QUARANTINED, "forged")
    assert (received_after.interaction, received_after.is_duplicate) == (None, True)
    assert RecordEntry.objects.filter(event="message.refused").count() == 1


def test_without_a_plan_there_are_no_steps_and_with_one_the_first_opens() -> None:
    team = a_team()
    a_type("planned", plan=[("Check", team), ("Credit", team)])
    acme = a_partner()

    plain = begun(actor=rosa(), partner_id=acme.pk)
    planned = begun(actor=rosa(), partner_id=acme.pk, type_code="planned")

    assert plain.steps.count() == 0
    assert list(planned.steps.in_order().values_list("status", flat=True)) == ["open", "pending"]
    assert events(planned) == ["interaction.received", "step.opened"]


def test_nothing_is_promised_without_a_policy() -> None:
    ServicePolicy.objects.all().delete()

    interaction = begun(actor=rosa(), partner_id=a_partner().pk)

    assert (interaction.policy, interaction.due_at, interaction.clocks.count()) == (None, None, 0)
    assert made(interaction, Move.START).status == Status.IN_PROGRESS


def test_kinds_of_items_are_kept() -> None:
    told = begun(actor=rosa(), partner_id=a_partner().pk, kind=ItemKind.NOTIFICATION)

    assert told.items.get().kind == ItemKind.NOTIFICATION
