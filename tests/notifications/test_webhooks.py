"""Partners' systems hear of events: signed, in order, again until they take them, and only what is theirs."""

import json
import ssl
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from interactions.domain import conversation, lifecycle, order_lines, ownership, sharing
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import Event, Move, Side, Visibility
from interactions.models import Interaction
from interactions.payloads import NewLine
from notifications.domain import deliveries, hub_events, posting, queries, relay, subscriptions
from notifications.enums import DeliveryState, Ending, HubEvent, Medium, SubscriptionState
from notifications.errors import CallbackNotAccepted, QueryNotAccepted
from notifications.models import Delivery, Subscription
from notifications.transports import webhook
from notifications.transports.webhook import WebhookTransport
from partners.enums import Channel, PartnerEvent
from partners.models import Partner, RecordEntry, User
from partners.payloads import SYSTEM, Actor
from partners.transports import addresses
from partners.transports.addresses import HostUnknown
from tests.factories.machines import INTERACTIONS, Machine
from tests.factories.receivers import Receiver, Taken, a_certificate, a_receiver, a_subscription
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


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as receiver:
        yield receiver


@pytest.fixture
def acme() -> Partner:
    return a_partner("Acme Wholesale")


@pytest.fixture
def rosa() -> Actor:
    return an_actor_for(a_representative("Rosa Lind", team=a_team("front-desk")))


def run(*, is_due: bool = False) -> int:
    """Relay and post everything; how many arrived."""
    relay.relay_all(timezone.now())
    if is_due:
        Delivery.objects.unsent().update(next_at=Now() - timedelta(seconds=1))
        Subscription.objects.update(held_until=None)
    return posting.post_all(timezone.now(), WebhookTransport())


def webhooks() -> Any:
    return Delivery.objects.filter(medium=Medium.WEBHOOK).order_by("pk")


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
        ("just words", "eventType="),
        ("a" * 1001, "1000"),
    ],
)
def test_a_query_that_asks_for_what_there_is_not_is_refused_by_name(query: str, named: str) -> None:
    with pytest.raises(QueryNotAccepted, match=named):
        queries.read(query)


def test_the_table_of_events_knows_every_event_once() -> None:
    assert set(hub_events.TOLD) | hub_events.UNTOLD == set(Event)
    assert set(hub_events.TOLD) & hub_events.UNTOLD == set()
    assert {told.event for told in hub_events.TOLD.values()} == set(HubEvent)


def test_a_later_event_waits_while_an_earlier_is_tried_again_and_other_matters_go_on(
    acme: Partner, rosa: Actor, receiver: Receiver
) -> None:
    a_subscription(acme, f"{receiver.url}/hook")
    matter = an_interaction(acme)
    receiver.codes["/hook"] = 500
    run()
    lifecycle.make_move(matter, Move.START, actor=rosa, at=timezone.now())
    receiver.codes["/hook"] = 200
    other = an_interaction(acme)

    assert run() == 0  # an endpoint that failed has a breath
    Subscription.objects.update(held_until=None)
    assert run() == 1
    assert receiver.taken[-1].event["event"]["partyInteraction"]["id"] == other.number
    first = webhooks()[0]
    assert (first.attempts, first.answer_code, first.state) == (1, 500, DeliveryState.INITIAL)

    assert run(is_due=True) == 2
    assert receiver.events() == ["Create", "Create", "Create", "StatusChange"]
    assert receiver.taken[0].id == receiver.taken[2].id
    assert receiver.taken[0].body == receiver.taken[2].body


def test_what_is_given_up_is_seen_and_can_be_sent_again_under_its_id(
    acme: Partner, rosa: Actor, receiver: Receiver
) -> None:
    anna = a_person_of(acme, "Anna Acheson", is_administrator=True)
    issued = a_subscription(acme, f"{receiver.url}/hook")
    matter = an_interaction(acme)
    Interaction.objects.filter(pk=matter.pk).update(assignee=rosa.user_id)
    receiver.codes["/hook"] = 503
    for _ in range(deliveries.MOST_ATTEMPTS + 2):
        run(is_due=True)

    delivery = webhooks().get()
    assert (delivery.state, delivery.attempts) == (DeliveryState.FAILED, deliveries.MOST_ATTEMPTS)
    assert delivery.error == "The answer was 503"
    assert len(receiver.taken) == deliveries.MOST_ATTEMPTS
    relay.relay_all(timezone.now())
    mails = Delivery.objects.mails().filter(text__contains=f"{receiver.url}/hook")
    assert {mail.address for mail in mails} == {anna.email, User.objects.get(pk=rosa.user_id).email}

    receiver.codes["/hook"] = 200
    assert deliveries.redrive(delivery, actor=rosa, at=timezone.now())
    assert not deliveries.redrive(delivery, actor=rosa, at=timezone.now())
    assert run() == 1
    assert len({one.id for one in receiver.taken}) == 1
    issued.subscription.refresh_from_db()
    assert (issued.subscription.failing_since, issued.subscription.told_at) == (None, None)
    assert RecordEntry.objects.filter(event=PartnerEvent.WEBHOOK_RECOVERED).count() == 1


def test_administrators_hear_of_an_endpoint_that_fails_for_an_hour_and_once(acme: Partner, receiver: Receiver) -> None:
    anna = a_person_of(acme, "Anna Acheson", is_administrator=True)
    a_person_of(acme, "Paul Acheson")
    a_subscription(acme, f"{receiver.url}/hook")
    receiver.codes["/hook"] = 500
    an_interaction(acme)
    run()
    failing = Delivery.objects.mails().filter(subject__contains="keeps failing")
    assert not failing.exists()

    Subscription.objects.update(failing_since=timezone.now() - HOUR)
    run(is_due=True)
    run(is_due=True)

    assert [mail.address for mail in failing] == [anna.email]
    assert f"{receiver.url}/hook" in failing[0].text
    assert "500" in failing[0].text


def test_endpoints_are_locked_before_deliveries_so_that_nobody_waits_in_a_circle(
    acme: Partner, receiver: Receiver
) -> None:
    issued = a_subscription(acme, f"{receiver.url}/hook")
    an_interaction(acme)
    relay.relay_all(timezone.now())
    (letter,) = posting.letters(1, at=timezone.now())
    outcome = WebhookTransport().send([letter[0]])[0]

    with CaptureQueriesContext(connection) as noting:
        posting.note(letter[1], outcome, at=timezone.now())
    with CaptureQueriesContext(connection) as ending:
        subscriptions.end(issued.subscription, actor=SYSTEM, at=timezone.now())

    for queries_of in (noting, ending):
        locking = [one["sql"] for one in queries_of if one["sql"].startswith("UPDATE") or "FOR " in one["sql"]]
        assert "notifications_subscription" in locking[0]


def test_an_endpoint_that_hangs_keeps_nobody_waiting(
    acme: Partner, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "DEADLINE", 5.0)
    a_subscription(acme, f"{receiver.url}/hangs")
    a_subscription(a_partner("Globex Mobile"), f"{receiver.url}/hook")
    receiver.hangs.add("/hangs")
    for partner in Partner.objects.order_by("pk"):
        for _ in range(posting.OF_ONE_ENDPOINT + 1):
            an_interaction(partner)

    run()  # the receiver lets go of what hangs when something arrives at the other address

    assert receiver.arrived.is_set()
    assert len(receiver.at("/hook")) == posting.OF_ONE_ENDPOINT + 1
    assert not webhooks().filter(error__contains="No answer").exists()
    before = [one.path for one in receiver.taken[: receiver.taken.index(receiver.at("/hook")[0])]]
    assert len(before) <= posting.OF_ONE_ENDPOINT


def test_silence_ends_with_the_deadline(acme: Partner, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "DEADLINE", 0.1)
    a_subscription(acme, f"{receiver.url}/hangs")
    receiver.hangs.add("/hangs")
    an_interaction(acme)

    assert run() == 0
    assert webhooks().get().error.startswith("No answer within")


@pytest.mark.parametrize("code", [301, 307, 302])
def test_a_redirect_is_a_failure_and_not_followed(acme: Partner, receiver: Receiver, code: int) -> None:
    a_subscription(acme, f"{receiver.url}/hook")
    receiver.codes["/hook"] = code
    receiver.headers["Location"] = f"{receiver.url}/elsewhere"
    an_interaction(acme)

    assert run() == 0
    assert [one.path for one in receiver.taken] == ["/hook"]
    assert "redirect" in webhooks().get().error


def test_an_endpoint_that_is_gone_ends(acme: Partner, receiver: Receiver) -> None:
    anna = a_person_of(acme, "Anna Acheson", is_administrator=True)
    issued = a_subscription(acme, f"{receiver.url}/hook")
    receiver.codes["/hook"] = 410
    matter, _ = an_interaction(acme), an_interaction(acme)
    conversation.say(
        matter, Saying(text="More", side=Side.PARTNER, channel=Channel.WEB), actor=SYSTEM, at=timezone.now()
    )

    run()
    an_interaction(acme)
    run(is_due=True)

    issued.subscription.refresh_from_db()
    assert (issued.subscription.state, issued.subscription.ending) == (SubscriptionState.ENDED, Ending.GONE)
    assert issued.subscription.secret == ""
    assert len(receiver.taken) <= 2
    assert not webhooks().unsent().exists()
    assert Delivery.objects.mails().filter(address=anna.email, subject__contains="is gone").exists()


def test_an_endpoint_says_how_long_to_wait(acme: Partner, receiver: Receiver) -> None:
    a_subscription(acme, f"{receiver.url}/hook")
    receiver.codes["/hook"], receiver.headers["Retry-After"] = 429, "7200"
    an_interaction(acme)
    run()
    an_interaction(acme)

    assert run() == 0
    assert len(receiver.taken) == 1
    now = Delivery.objects.values_list(Now(), flat=True)[0]
    assert timedelta(minutes=119) < webhooks()[0].next_at - now <= 2 * HOUR


def test_an_answer_without_an_end_is_not_waited_for(
    acme: Partner, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "DEADLINE", 2.0)
    a_subscription(acme, f"{receiver.url}/hook")
    receiver.content = b"\0" + b"x" * 100
    receiver.endless.add("/hook")
    an_interaction(acme)

    assert run() == 1
    assert 0 < len(webhooks().get().answer) <= webhook.MOST_READ


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


INSIDE = (
    *("https://127.0.0.1/", "https://10.1.2.3/", "https://192.168.0.1:8443/x", "https://169.254.169.254/latest"),
    *("https://2130706433/", "https://0x7f.1/", "https://0177.0.0.1/", "https://127.1/", "https://0/"),
    *("https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://[fe80::1]/", "https://[fc00::1]/", "https://[::]/"),
    *("https://[64:ff9b::a00:1]/", "https://[2002:7f00:1::]/", "https://100.64.0.1/", "https://224.0.0.1/"),
    *("https://localhost/", "http://example.org/", "ftp://example.org/", "https://user@example.org/", "https:///x"),
    *("https://example.org/#part", "https://exa mple.org/", "https://example.org:0/", "javascript:alert(1)", ""),
)


@pytest.mark.parametrize("callback", INSIDE)
def test_an_address_inside_is_refused_when_it_is_added(acme: Partner, settings: Any, callback: str) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = False

    with pytest.raises(CallbackNotAccepted):
        a_subscription(acme, callback)


@pytest.mark.parametrize("found", [["10.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::ffff:127.0.0.1"], []])
def test_a_name_that_leads_inside_is_refused_before_a_byte_is_sent(
    acme: Partner, receiver: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch, found: Sequence[str]
) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = False
    a_subscription(acme, "https://hooks.acme.example/")
    an_interaction(acme)
    asked: list[str] = []

    def behind(host: str, port: int, *, flags: int = 0) -> list[str]:
        if flags or not found:  # it is no number
            raise HostUnknown(host)
        asked.append(host)
        return list(found)

    monkeypatch.setattr(addresses, "behind", behind)
    monkeypatch.setattr(webhook, "told", lambda *_: pytest.fail("something was sent"))

    assert run() == 0
    assert asked == ["hooks.acme.example"] * bool(found)
    assert "address" in webhooks().get().error or "unknown" in webhooks().get().error


def test_a_name_is_looked_up_once_and_keeps_its_host(
    acme: Partner, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = receiver.url.rpartition(":")[2]
    a_subscription(acme, f"http://localhost:{port}/hook")
    an_interaction(acme)
    answers = iter([[], ["127.0.0.1"]])  # it is no number; and it leads here, this once

    monkeypatch.setattr(addresses, "behind", lambda *_, **__: next(answers))

    assert run() == 1
    assert receiver.taken[0].headers["host"] == f"localhost:{port}"


def test_the_certificate_is_of_the_name_and_not_of_the_address(
    acme: Partner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = a_certificate(tmp_path, "hooks.acme.example")
    trusted = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(addresses, "trust", lambda: trusted)
    monkeypatch.setattr(addresses, "written_in", lambda _host: [])
    monkeypatch.setattr(addresses, "behind", lambda *_, **__: ["127.0.0.1"])
    with a_receiver(certificate=certificate) as receiver:
        port = receiver.url.rpartition(":")[2]
        for name in ("hooks.acme.example", "other.acme.example"):
            a_subscription(acme, f"https://{name}:{port}/hook")
        an_interaction(acme)

        assert run() == 1

        assert [one.headers["host"] for one in receiver.taken] == [f"hooks.acme.example:{port}"]
        assert "certificate" in webhooks().get(address__contains="other").error.lower()


def test_a_test_event_arrives_whatever_the_query(acme: Partner, receiver: Receiver) -> None:
    issued = a_subscription(acme, f"{receiver.url}/hook", "eventType=PartyInteractionDeleteEvent")

    subscriptions.test(issued.subscription, actor=SYSTEM, at=timezone.now())

    assert run() == 1
    (taken,) = receiver.taken
    assert verified(issued.secret, taken)["eventType"] == "TestEvent"
    assert json.loads(taken.body)["event"] == {}
