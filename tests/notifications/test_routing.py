"""Who hears what: the table, read by itself and applied to real entries."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from interactions.domain import conversation, intake, lifecycle
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import Direction, Event, ItemKind, Move, ParticipantRole, Side, Status
from interactions.models import Interaction, Item, Participant
from notifications.domain import letters, partner_news, routing, topics
from notifications.enums import Audience
from notifications.models import Delivery
from partners.enums import ActorKind, Channel, ContactPurpose
from partners.models import Membership, RecordEntry
from partners.payloads import SYSTEM, Actor
from tests.factories.world import a_contact, a_partner, a_person_of, a_team, a_type, an_actor_for, an_intake
from tests.notifications.conftest import NOON, Office

WORDINGS = Path(settings.BASE_DIR) / "templates" / "notifications"

PARTNER, OWNER, TEAM, BILLING, LEAD = "partner", "owner", "team", "billing", "lead"
ABOVE, ESCALATION = "above", "escalation"
SAID_BY_PARTNER = {"side": Side.PARTNER, "kind": ItemKind.RESPONSE}
SAID_BY_US = {"side": Side.ENTERPRISE, "kind": ItemKind.RESPONSE}

# the same table as the product's, put independently: what happened -> who hears when nobody of them did it
HEARD: list[tuple[Event, Mapping[str, Any], set[str]]] = [
    (Event.RECEIVED, {}, {PARTNER, OWNER}),
    (Event.RAISED, {}, {PARTNER}),
    (Event.STARTED, {}, set()),
    (Event.ANSWERED, {}, {OWNER}),
    (Event.RESUMED, {}, set()),
    (Event.RESOLVED, {}, {PARTNER}),
    (Event.CONFIRMED, {}, {PARTNER, OWNER}),
    (Event.REOPENED, {}, {PARTNER, OWNER}),
    (Event.CLOSED, {}, {PARTNER}),
    (Event.CANCELLED, {}, {PARTNER, OWNER}),
    (Event.ANNULLED, {}, set()),
    (Event.ASSIGNED, {"assignee": 1}, {OWNER}),
    (Event.ASSIGNED, {"assignee": None}, set()),
    (Event.HANDED_OVER, {"team": "front-desk"}, {OWNER, TEAM, LEAD}),
    (Event.LINKED, {}, set()),
    (Event.UNLINKED, {}, set()),
    (Event.MERGED, {"other": 1}, {PARTNER}),
    (Event.UNMERGED, {}, {PARTNER}),
    (Event.PASSED_ON, {"other": 1}, {PARTNER}),
    (Event.LAPSED, {}, {PARTNER, OWNER}),
    (Event.UNANSWERED, {"tell": ["partner", "owner"]}, {PARTNER, OWNER}),
    (Event.PARTS_ENDED, {}, {OWNER}),
    (Event.CHANGE_ASKED, {"kind": "cancel", "state": "open"}, {OWNER}),
    (Event.CHANGE_DECIDED, {"kind": "cancel", "state": "refused"}, {PARTNER}),
    (Event.CHANGE_WITHDRAWN, {"kind": "cancel", "state": "withdrawn"}, {OWNER}),
    (Event.STEP_SKIPPED, {"step": 1, "team": "billing"}, set()),
    (Event.STEP_LEFT, {"step": 1, "team": "billing"}, set()),
    (Event.SELF_SERVED, {}, set()),
    (Event.LINES_ADDED, {"lines": [1]}, set()),
    (Event.LINE_CHANGED, {"line": 1, "state": "held"}, {PARTNER}),
    (Event.LEFT_TO_STAFF, {}, set()),
    (Event.CHANGED, {"field": "priority"}, set()),
    (Event.DATE_MOVED, {"cause": "decision"}, {PARTNER, OWNER}),
    (Event.ITEM_ADDED, SAID_BY_PARTNER, {OWNER}),
    (Event.ITEM_ADDED, SAID_BY_US, {PARTNER}),
    (Event.ITEM_ADDED, {"side": Side.ENTERPRISE, "kind": ItemKind.NOTIFICATION}, set()),
    (Event.NOTE_ADDED, {"texts": {"note": "CANARY"}}, set()),
    (Event.SHARED, {}, set()),
    (Event.REPLY_SCHEDULED, {}, set()),
    (Event.REPLY_TAKEN_BACK, {}, set()),
    (Event.REPLY_STOPPED, {"texts": {"reason": "CANARY"}}, {OWNER}),
    (Event.NOTICE_SENT, {}, set()),
    (Event.NOTICE_FAILED, {}, {OWNER}),
    *((event, {}, set()) for event in (Event.NOTICE_NOT_TAKEN, Event.NOTICE_RETRIED, Event.NOTICE_TAKEN)),
    (Event.NOTICE_REDRIVEN, {}, set()),
    (Event.NOTICE_CANCELLED, {}, set()),
    (Event.PROGRESS_TOLD, {}, {PARTNER, OWNER}),
    (Event.STEP_OPENED, {"step": 1, "team": "billing"}, {BILLING}),
    (Event.STEP_TAKEN, {"step": 1, "team": "billing"}, set()),
    (Event.STEP_FINISHED, {"step": 1, "team": "billing"}, set()),
    (Event.STEP_HANDED_OVER, {"step": 1, "team": "billing"}, {BILLING}),
    (Event.STEP_ASSIGNED, {"step": 1, "team": "billing"}, {BILLING}),
    (Event.STEP_ESCALATED, {"step": 1, "team": "billing"}, {BILLING}),
    (Event.STEP_RETURNED, {"step": 1, "team": "billing"}, {BILLING}),
    (Event.STEP_SKIPPED, {"step": 1, "team": "billing"}, set()),
    (Event.STEPS_ENDED, {}, {OWNER}),
    (Event.CLOCK_WARNED, {"clock": "resolution", "tell": ["owner"]}, {OWNER}),
    (Event.CLOCK_BREACHED, {"clock": "resolution", "tell": ["owner", "leads", "partner"]}, {OWNER, LEAD, PARTNER}),
    (Event.CLOCK_BREACHED, {"clock": "resolution", "tell": []}, set()),
    (Event.CLOCK_ESCALATED, {"clock": "resolution", "tell": ["above", "partner_escalation"]}, {ABOVE, ESCALATION}),
    (Event.STEP_WARNED, {"clock": "step", "tell": ["owner", "leads"], "step": 1, "team": "billing"}, {BILLING}),
    (Event.STEP_LATE, {"clock": "step", "tell": ["above", "partner"], "step": 1, "team": "billing"}, {ABOVE}),
    (Event.REMINDED, {"clock": "partner_answer", "tell": ["partner"]}, {PARTNER}),
    (Event.ANSWER_LATE, {"clock": "partner_answer", "tell": ["partner_escalation", "owner"]}, {ESCALATION, OWNER}),
    (Event.NOTICE_BOUNCED, {}, set()),
    (Event.MESSAGE_REFUSED, {}, set()),
    (Event.MESSAGE_ACCEPTED, {}, set()),
    (Event.MESSAGE_REJECTED, {}, set()),
    (Event.JOINED_PARTNER, {}, set()),
    (Event.MESSAGE_IGNORED, {}, set()),
    (Event.CALL_TOLD, {}, set()),
    (Event.CALLER_VERIFIED, {}, set()),
    (Event.CALLER_NOT_VERIFIED, {}, set()),
    (Event.CALLER_CODE_SENT, {}, set()),
    (Event.ENQUIRY_ASKED, {}, set()),
    (Event.APPROVAL_ASKED, {}, set()),
    (Event.APPROVAL_DECIDED, {}, set()),
    (Event.APPROVAL_VOIDED, {"step": 1, "team": "billing"}, {BILLING}),
]


def addresses(office: Office, audiences: set[str]) -> set[str]:
    people = {
        PARTNER: [office.paul, office.petra],
        OWNER: [office.rosa],
        TEAM: [office.rosa, office.tina],
        LEAD: [office.tom],
        BILLING: [office.ben],
        ABOVE: [office.uma],
        ESCALATION: [office.pia],
    }
    return {person.email for audience in audiences for person in people[audience]}


def test_every_event_is_either_routed_or_silent() -> None:
    assert set(routing.RULES) | routing.SILENT | set(letters.SEALED) == set(Event)
    assert not set(routing.RULES) & (routing.SILENT | set(letters.SEALED))
    assert not routing.SILENT & set(letters.SEALED)
    assert set(topics.TOPICS) == set(routing.RULES)


def test_every_wording_exists_and_none_is_left_over() -> None:
    used = {rule.wording for rules in routing.RULES.values() for rule in rules}

    used |= {sealed.wording for sealed in letters.SEALED.values()} | set(partner_news.WORDINGS.values())

    assert {path.stem for path in WORDINGS.glob("*.txt")} == used | {"layout", "letter", "invited", "digest"}


def test_only_partners_audience_is_ever_a_partner() -> None:
    internal = {
        Event.NOTE_ADDED,
        Event.REPLY_STOPPED,
        Event.ASSIGNED,
        Event.HANDED_OVER,
        Event.STEPS_ENDED,
        Event.STEP_LATE,
    }

    for event in internal:
        assert all(rule.audience != Audience.PARTNER_PEOPLE for rule in routing.RULES.get(event, ()))


def test_the_table_of_this_test_speaks_of_every_event_but_waiting() -> None:
    assert {event for event, *_ in HEARD} == set(Event) - {Event.WAITING}


@pytest.mark.parametrize("name", ["nobody", "paul", "rosa", "tom", "ben"])
def test_who_hears_of_what_others_did(office: Office, name: str) -> None:
    person = getattr(office, name, None)
    actor = an_actor_for(person) if person else SYSTEM
    wrong = []
    for event, known, audiences in HEARD:
        everybody = addresses(office, audiences)
        if person and person.email not in everybody:
            continue  # as when nobody did it
        office.happens(event, actor=actor, **known)
        expected = everybody - {person.email if person else ""}
        if (told := set(office.told())) != expected:
            wrong.append(f"{event} {known}: told {sorted(told)} instead of {sorted(expected)}")

    assert not wrong, "\n".join(wrong)


def test_who_answered_is_told_the_new_date_and_the_owner_of_the_answer(office: Office) -> None:
    office.happens(Event.DATE_MOVED, actor=an_actor_for(office.paul), cause="answer", other_day=True)

    assert set(office.told()) == addresses(office, {PARTNER})


@pytest.mark.parametrize("cause", ["answer", "resume"])
def test_a_few_hours_of_waiting_that_leave_the_day_as_it_was_are_no_news(office: Office, cause: str) -> None:
    office.happens(Event.DATE_MOVED, actor=an_actor_for(office.paul), cause=cause, other_day=False)

    assert not office.told()


def test_who_wrote_a_mail_is_told_its_number(office: Office) -> None:
    received = intake.receive(an_intake("Where is my order?", channel=Channel.EMAIL, sender=office.paul.email), at=NOON)

    assert received.interaction is not None
    told = office.told()
    assert told[office.paul.email] == "We received: Where is my order?"
    assert set(told) == {office.paul.email, *addresses(office, {TEAM, LEAD})}


def test_who_used_the_portal_has_seen_the_number_and_is_not_told(office: Office) -> None:
    intake.receive(an_intake("From the portal"), actor=an_actor_for(office.paul), at=NOON)

    assert set(office.told()) == addresses(office, {TEAM, LEAD})


def test_an_unknown_sender_is_told_of_the_receipt_and_not_of_later_mails_of_theirs(office: Office) -> None:
    first = an_intake("Hello", channel=Channel.EMAIL, sender="someone@elsewhere.example.org")
    received = intake.receive(first, at=NOON)
    assert received.interaction is not None
    assert "someone@elsewhere.example.org" in office.told()

    second = an_intake("Re: Hello", channel=Channel.EMAIL, sender=first.sender, reply_to=received.interaction.pk)
    intake.receive(second, at=NOON)

    assert "someone@elsewhere.example.org" not in office.told()


def test_a_machine_was_answered_and_its_company_is_not_told_of_each_report(office: Office) -> None:
    machine = Actor(kind=ActorKind.MACHINE, label="Acme's system", partner_id=office.acme.pk, client_id="acme")
    intake.receive(an_intake("From a system", channel=Channel.API), actor=machine, at=NOON)

    assert set(office.told()) == addresses(office, {TEAM, LEAD})


def test_a_question_makes_one_message_with_the_words_asked(office: Office) -> None:
    asked = Saying(text="Which order number?", side=Side.ENTERPRISE, channel=Channel.WEB, kind=ItemKind.REQUEST)
    conversation.ask(
        office.interaction, asked, Words(waiting_for="the number"), actor=an_actor_for(office.rosa), at=NOON
    )

    made = office.tell()

    assert {delivery.address for delivery in made} == addresses(office, {PARTNER})
    assert len(made) == 2
    assert all("Which order number?" in delivery.text and "the number" in delivery.text for delivery in made)


def test_an_answer_makes_one_message_with_the_words_answered(office: Office) -> None:
    asked = Saying(text="Which?", side=Side.ENTERPRISE, channel=Channel.WEB, kind=ItemKind.REQUEST)
    conversation.ask(office.interaction, asked, Words(waiting_for="it"), actor=an_actor_for(office.rosa), at=NOON)
    office.tell()
    answer = Saying(text="It is 4712.", side=Side.PARTNER, channel=Channel.WEB)
    conversation.say(office.interaction, answer, actor=an_actor_for(office.paul), at=NOON)

    made = office.tell()

    assert [delivery.address for delivery in made] == [office.rosa.email]
    assert "It is 4712." in made[0].text


def test_waiting_for_a_third_party_is_not_asked_of_the_partner(office: Office) -> None:
    words = Words(waiting_for="the carrier's word", waiting_side=Side.THIRD_PARTY)
    lifecycle.make_move(office.interaction, Move.ASK, actor=an_actor_for(office.rosa), at=NOON, words=words)

    assert office.told() == {}


def test_what_is_closed_at_once_makes_one_message(office: Office) -> None:
    call = an_intake(
        "Opening hours", channel=Channel.PHONE, partner_id=office.acme.pk, is_closed_at_once=True, resolution="9 to 5"
    )
    intake.receive(call, actor=an_actor_for(office.rosa), at=NOON)

    told = office.tell()

    assert {delivery.subject.partition("] ")[2] for delivery in told} == {"Closed: Opening hours"}
    assert all("9 to 5" in delivery.text for delivery in told)


def test_a_message_that_reopens_says_so_and_brings_its_words(office: Office) -> None:
    rosa = an_actor_for(office.rosa)
    lifecycle.make_move(office.interaction, Move.RESOLVE, actor=rosa, at=NOON, words=Words(resolution="Done"))
    office.tell()
    reply = an_intake(
        "Re: it", text="Still broken", channel=Channel.EMAIL, sender=office.paul.email, reply_to=office.interaction.pk
    )
    intake.receive(reply, at=NOON)

    made = {delivery.address: delivery for delivery in office.tell()}

    assert made[office.rosa.email].subject.endswith("reopened: Question about invoice 4711")
    assert "Still broken" in made[office.rosa.email].text
    assert office.paul.email not in made


def test_what_was_annulled_is_no_longer_told_to_the_partner(office: Office) -> None:
    office.happens(Event.RESOLVED)
    Interaction.objects.filter(pk=office.interaction.pk).update(status=Status.ANNULLED, ended_at=NOON)

    assert office.told() == {}


def test_who_left_the_partner_hears_nothing_more(office: Office) -> None:
    Membership.objects.filter(user=office.petra).update(valid_until=NOON.date().replace(year=2025))
    office.happens(Event.RESOLVED)

    assert set(office.told()) == {office.paul.email}


def test_somebody_of_another_partner_is_never_told(office: Office) -> None:
    globex = a_partner("Globex")
    mallory = a_person_of(globex, "Mallory Vance")
    Participant.objects.create(
        interaction=office.interaction, user=mallory, side=Side.PARTNER, role=ParticipantRole.CONTACT
    )
    office.happens(Event.RESOLVED)

    assert mallory.email not in office.told()


@pytest.mark.parametrize("status", ["suspended", "ended"])
def test_a_partner_that_is_suspended_or_gone_is_not_told(office: Office, status: str) -> None:
    office.acme.status = status
    office.acme.save(update_fields=["status"])
    office.happens(Event.RESOLVED)

    assert office.told() == {}


def test_our_own_addresses_are_never_written_to(office: Office) -> None:
    for address in ["partner-desk@mail.example.org", "reply+1.abc@mail.example.org"]:
        Participant.objects.create(
            interaction=office.interaction, address=address, side=Side.PARTNER, role=ParticipantRole.CONTACT
        )
    office.happens(Event.RESOLVED)

    assert set(office.told()) == addresses(office, {PARTNER})


def test_a_query_to_nobody_in_particular_reaches_who_the_partner_named(office: Office) -> None:
    billing = a_type("bill-query", vertical="billing", directions=[Direction.OUTBOUND], team=a_team())
    general = a_contact(office.acme, "office@example.org")
    named = a_contact(office.acme, "bills@example.org", purpose=ContactPurpose.BILLING)
    asked = {"type_code": billing.code, "direction": Direction.OUTBOUND, "partner_id": office.acme.pk}
    query = an_intake("Your bill", text="Is it right?", **asked)

    def raise_it() -> set[str]:
        intake.receive(query, actor=an_actor_for(office.rosa), at=NOON)
        return set(office.told())

    assert raise_it() == {named.value}
    named.delete()
    assert raise_it() == {general.value}
    general.delete()
    assert raise_it() == addresses(office, {PARTNER})
    Membership.objects.filter(user=office.petra).update(is_administrator=True)
    assert raise_it() == {office.petra.email}


def test_every_notice_is_on_the_record_and_the_partners_in_the_conversation(office: Office) -> None:
    entry = office.happens(Event.CONFIRMED)
    deliveries = office.tell()

    noted = [
        one
        for one in RecordEntry.objects.of_stream(office.interaction.stream).filter(event=Event.NOTICE_SENT)
        if one.facts["entry"] == entry.pk
    ]
    assert {one.facts["side"] for one in noted} == {Side.PARTNER, Side.ENTERPRISE}
    items = Item.objects.filter(
        interaction=office.interaction,
        kind=ItemKind.NOTIFICATION,
        pk__in=[delivery.item_id for delivery in deliveries if delivery.item_id],
    )
    item = items.get()
    assert (item.side, item.channel) == (Side.ENTERPRISE, Channel.EMAIL)
    for delivery in deliveries:
        is_of_partner = delivery.address in addresses(office, {PARTNER})
        assert delivery.item_id == (item.pk if is_of_partner else None)


def test_a_note_reaches_no_partner_by_any_later_message(office: Office) -> None:
    conversation.note(office.interaction, "CANARY-4711", actor=an_actor_for(office.rosa), at=NOON)
    saying = Saying(text="All is well.", side=Side.ENTERPRISE, channel=Channel.WEB)
    conversation.say(office.interaction, saying, actor=an_actor_for(office.rosa), at=NOON)
    lifecycle.make_move(
        office.interaction, Move.RESOLVE, actor=an_actor_for(office.rosa), at=NOON, words=Words(resolution="Done")
    )
    office.tell()

    for delivery in Delivery.objects.all():
        assert "CANARY" not in delivery.subject + delivery.text + delivery.html


def test_what_we_raise_is_told_as_our_question_though_we_wait_for_the_answer_at_once() -> None:
    moment_of_raising = [entry_of(Event.RAISED, 1), entry_of(Event.ITEM_ADDED, 2), entry_of(Event.WAITING, 3)]
    answered_on_the_spot = [entry_of(Event.RAISED, 1), entry_of(Event.RESOLVED, 2), entry_of(Event.CLOSED, 3)]
    asked_on_a_call = [entry_of(Event.RECEIVED, 1), entry_of(Event.WAITING, 2)]

    told = [
        max(entries, key=routing.weight).event for entries in (moment_of_raising, answered_on_the_spot, asked_on_a_call)
    ]

    assert told == [Event.RAISED, Event.CLOSED, Event.WAITING]


def entry_of(event: Event, sequence: int) -> RecordEntry:
    return RecordEntry(event=event, sequence=sequence)


def test_a_step_given_to_somebody_is_told_to_that_one_alone(office: Office) -> None:
    office.happens(Event.STEP_OPENED, actor=SYSTEM, step=1, team="billing", assignee=office.tom.pk)

    assert set(office.told()) == {office.tom.email}
