"""Partners' systems hear of events: signed, as the API shows them, and only of what is theirs."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from interactions.domain import conversation, lifecycle, order_lines, ownership, sharing
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import Event, Move, Side, Visibility
from interactions.models import Interaction
from interactions.payloads import NewLine
from notifications.domain import hub_events, queries, subscriptions
from notifications.enums import DeliveryState, HubEvent
from notifications.errors import QueryNotAccepted
from partners.enums import Channel
from partners.models import Partner, RecordEntry
from partners.payloads import SYSTEM, Actor
from tests.factories.machines import INTERACTIONS, Machine
from tests.factories.receivers import Receiver, Taken, a_subscription, run, webhooks
from tests.factories.world import (
    a_partner,
    a_person_of,
    a_representative,
    a_team,
    a_type,
    an_actor_for,
    an_interaction,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def acme() -> Partner:
    return a_partner("Acme Wholesale")


@pytest.fixture
def rosa() -> Actor:
    return an_actor_for(a_representative("Rosa Lind", team=a_team("front-desk")))


def verified(secret: str, taken: Taken) -> Any:
    """What a receiver makes of it with the public library."""
    return Webhook(secret).verify(taken.body, dict(taken.headers))


def test_a_new_matter_arrives_whole_as_the_api_shows_it_and_verifies(acme: Partner, receiver: Receiver) -> None:
    issued = a_subscription(acme, f"{receiver.url}/hook?shop=7")
    machine = Machine(acme)

    created = machine.create(reason="Link down in Kiel", description="Ünïcode — since nine.")
    assert run() == 1

    (taken,) = receiver.taken
    event = verified(issued.secret, taken)
    assert taken.path == "/hook?shop=7"
    assert event["event"]["partyInteraction"] == machine.get(f"{INTERACTIONS}/{created['id']}").json()
    assert (event["eventType"], event["domain"], event["@type"]) == (
        "PartyInteractionCreateEvent",
        "Commercial",
        "PartyInteractionCreateEvent",
    )
    entry = RecordEntry.objects.get(event=Event.RECEIVED)
    assert event["eventId"] == taken.id == f"interaction-{entry.facts['interaction']}-1"
    assert event["eventTime"] == event["timeOcurred"]
    delivery = webhooks().get()
    assert (delivery.state, delivery.answer_code, delivery.answer) == (DeliveryState.COMPLETED, 200, "thank you")
    with pytest.raises(WebhookVerificationError):
        Webhook(issued.secret).verify(taken.body.replace("Kiel", "Bonn"), dict(taken.headers))
    late = dict(taken.headers) | {"webhook-timestamp": str(int(taken.headers["webhook-timestamp"]) - 600)}
    with pytest.raises(WebhookVerificationError):
        Webhook(issued.secret).verify(taken.body, late)


def test_each_change_tells_what_changed_in_the_order_in_which_it_happened(
    acme: Partner, rosa: Actor, receiver: Receiver
) -> None:
    a_subscription(acme, f"{receiver.url}/hook")
    a_type("cable-order", has_lines=True)
    matter = an_interaction(acme, type="cable-order")
    now = timezone.now()
    lifecycle.make_move(matter, Move.START, actor=rosa, at=now)
    conversation.say(
        matter, Saying(text="We look into it", side=Side.ENTERPRISE, channel=Channel.EMAIL), actor=rosa, at=now
    )
    conversation.note(matter, "Never to be seen", actor=rosa, at=now)
    ownership.hand_over(Interaction.objects.get(pk=matter.pk), a_team("billing"), reason="Theirs", actor=rosa, at=now)
    order_lines.add(Interaction.objects.get(pk=matter.pk), [NewLine(what="Cable")], actor=rosa, at=now)
    lifecycle.make_move(matter, Move.ASK, actor=rosa, at=now, words=Words(waiting_for="The serial number"))

    run()

    assert receiver.events() == [
        "Create",
        "StatusChange",
        "AttributeValueChange",
        "AttributeValueChange",
        "StatusChange",
    ]
    told = [one.event["event"]["partyInteraction"] for one in receiver.taken]
    assert {name: told[1][name] for name in ("id", "@type", "status")} == {
        "id": matter.number,
        "@type": "PartyInteraction",
        "status": "inProgress",
    }
    assert [note["text"] for note in told[2]["note"]] == ["We look into it"]
    assert receiver.taken[2].event["fieldPath"] == "interactionItem,note"
    assert [line["name"] for line in told[3]["orderItem"]] == ["Cable"]
    assert told[4]["waitingFor"] == "The serial number"
    assert "Never to be seen" not in str(receiver.taken)


def test_what_an_endpoint_may_not_know_is_not_sent_to_it(acme: Partner, rosa: Actor, receiver: Receiver) -> None:
    a_subscription(acme, f"{receiver.url}/hook")
    globex = a_partner("Globex Mobile")
    a_subscription(globex, f"{receiver.url}/globex")
    paul = an_actor_for(a_person_of(acme, "Paul Acheson"))
    a_type("canary-credit", minimum_level=2)
    an_interaction(acme, subject="Money", type="canary-credit")
    kept = an_interaction(acme, subject="Kept to some", actor=paul)
    sharing.share(kept, Visibility.OWN, actor=paul, at=timezone.now())
    shown = an_interaction(acme, subject="Shown")
    gone = an_interaction(acme, subject="Gone")
    run()
    lifecycle.make_move(gone, Move.ANNUL, actor=rosa, at=timezone.now(), words=Words(reason="Twice"))

    run()

    told = [(one.event["eventType"], one.event["event"]["partyInteraction"]["id"]) for one in receiver.at("/hook")]
    assert sorted(told) == [
        ("PartyInteractionCreateEvent", shown.number),
        ("PartyInteractionCreateEvent", gone.number),
        ("PartyInteractionDeleteEvent", gone.number),
    ]
    assert receiver.at("/globex") == []


def test_a_query_chooses_events_matters_and_attributes(acme: Partner, rosa: Actor, receiver: Receiver) -> None:
    query = "eventType=PartyInteractionStatusChangeEvent&status=inProgress,completed&fields=status"
    a_subscription(acme, f"{receiver.url}/hook", query)
    matter = an_interaction(acme)
    run()
    lifecycle.make_move(matter, Move.START, actor=rosa, at=timezone.now())

    run()

    (taken,) = receiver.taken
    assert set(taken.event["event"]["partyInteraction"]) == {"id", "href", "@type", "status"}


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("eventType=PartyInteractionMovedEvent", "PartyInteractionMovedEvent"),
        ("fields=priority", "priority"),
        ("colour=red", "colour"),
        ("status=asleep", "asleep"),
        ("eventType=", "eventType"),
        ("just words", "just words"),
        ("status.gt=open", "“gt” does not go with “status”"),
        ("creationDate.regex=2026.*", "“regex” does not go with “creationDate”"),
        ("creationDate.gt=yesterday", "creationDate: Send a date"),
        ("reopenCount.gte=often", "reopenCount: Send a whole number"),
        ("creationDate.gt=9999-12-31", "creationDate"),
        ("id=" + ",".join("1" * 51), "id: Send at most 50 values"),
        ("a" * 1001, "1000"),
    ],
)
def test_a_query_that_asks_for_what_there_is_not_is_refused_by_name(query: str, named: str) -> None:
    with pytest.raises(QueryNotAccepted, match=named):
        queries.read(query)


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("creationDate.gt=2026-05-30", True),
        ("creationDate.gte=2026-05-31T09:30:00Z&creationDate.lt=2026-06-01", True),
        ("creationDate=2026-05-31", True),
        ("statusChangeDate=2026-05-31", True),
        ("statusChangeDate=2026-05-30", False),
        ("creationDate>2026-05-31T09:30:00+00:00", False),
        ("creationDate%3E=2026-05-31T11:30:00%2B02:00", True),
        ("creationDate<2026-05-01;creationDate>2026-05-30", True),
        ("event.partyInteraction.creationDate.lte=2026-05-31", False),
        ("interactionDate.startDateTime.lt=2026-05-31", False),
        ("reopenCount.gte=2&status=inProgress;status=completed", True),
        ("reopenCount.lt=2", False),
        ("reopenCount=1,2", True),
        ("status=inProgress&status=open&direction=outbound", False),
    ],
)
def test_a_query_compares_dates_and_numbers_as_a_list_does(query: str, fits: bool) -> None:
    resource = {
        "creationDate": "2026-05-31T09:30:00Z",
        "statusChangeDate": "2026-05-31T00:00:00Z",
        "interactionDate": {"startDateTime": "9999-12-31T23:59:59.999999Z"},
        "reopenCount": 2,
        "status": "inProgress",
        "direction": "inbound",
    }

    assert queries.read(query).fits(resource) is fits


def test_the_table_of_events_knows_every_event_once() -> None:
    assert set(hub_events.TOLD) | hub_events.UNTOLD == set(Event)
    assert set(hub_events.TOLD) & hub_events.UNTOLD == set()
    assert {told.event for told in hub_events.TOLD.values()} == set(HubEvent)


def test_while_a_secret_is_replaced_both_sign(acme: Partner, receiver: Receiver) -> None:
    first = a_subscription(acme, f"{receiver.url}/hook")
    now = timezone.now()
    second = subscriptions.rotate(first.subscription, overlap=HOUR, actor=SYSTEM, at=now)
    an_interaction(acme)
    run()
    third = subscriptions.rotate(first.subscription, actor=SYSTEM, at=now)
    an_interaction(acme)
    run()

    during, after = receiver.taken
    assert verified(first.secret, during) == verified(second.secret, during)
    assert verified(third.secret, after)
    for old in (first, second):
        with pytest.raises(WebhookVerificationError):
            verified(old.secret, after)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM notifications_subscription")
        assert third.secret not in str(cursor.fetchall())


def test_what_happens_while_it_is_paused_arrives_when_it_is_resumed(acme: Partner, receiver: Receiver) -> None:
    issued = a_subscription(acme, f"{receiver.url}/hook")
    subscriptions.pause(issued.subscription, actor=SYSTEM, at=timezone.now())
    an_interaction(acme)
    assert run() == 0

    subscriptions.resume(issued.subscription, actor=SYSTEM, at=timezone.now())

    assert run() == 1
    Partner.objects.filter(pk=acme.pk).update(status="suspended")
    an_interaction(acme)
    assert run() == 0


def test_a_test_event_arrives_whatever_the_query(acme: Partner, receiver: Receiver) -> None:
    issued = a_subscription(acme, f"{receiver.url}/hook", "eventType=PartyInteractionDeleteEvent")

    subscriptions.test(issued.subscription, actor=SYSTEM, at=timezone.now())

    assert run() == 1
    (taken,) = receiver.taken
    assert verified(issued.secret, taken)["eventType"] == "TestEvent"
    assert json.loads(taken.body)["event"] == {}
