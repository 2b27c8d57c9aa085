"""What is not taken is tried again, in order, keeps nobody else waiting, and is never lost silently."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interactions.domain import conversation, lifecycle, timeline, tries
from interactions.domain.conversation import Saying
from interactions.domain.sentences import Happened, Names
from interactions.domain.timeline import Folded
from interactions.enums import Event, Move, Side
from interactions.models import Interaction
from notifications.domain import deliveries, posting, relay, subscriptions
from notifications.enums import DeliveryState, Ending, SubscriptionState
from notifications.models import Delivery, Subscription
from notifications.payloads import Outcome
from notifications.transports import webhook
from partners.enums import Channel, PartnerEvent
from partners.models import Partner, RecordEntry, User
from partners.payloads import SYSTEM, Actor
from tests.factories.partners import moment
from tests.factories.receivers import Receiver, a_subscription, run, webhooks
from tests.factories.world import (
    a_partner,
    a_person_of,
    a_representative,
    a_team,
    an_actor_for,
    an_interaction,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NOON = moment("2026-06-01 12:00")


@pytest.fixture
def acme() -> Partner:
    return a_partner("Acme Wholesale")


@pytest.fixture
def rosa() -> Actor:
    return an_actor_for(a_representative("Rosa Lind", team=a_team("front-desk")))


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


def lines_of(matter: Interaction, reader: Actor) -> list[Happened]:
    """What the timeline tells of webhooks."""
    entries = timeline.build(matter, Names(), actor=reader).entries
    events = [one for entry in entries for one in (entry.events if isinstance(entry, Folded) else [entry])]
    return [one for one in events if isinstance(one, Happened) and one.words.startswith("Webhook")]


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
    assert {mail.address for mail in mails} == {anna.email, User.objects.get(pk=rosa.user_id or 0).email}

    receiver.codes["/hook"] = 200
    assert deliveries.redrive(delivery, actor=rosa, at=timezone.now())
    assert not deliveries.redrive(delivery, actor=rosa, at=timezone.now())
    assert run() == 1
    assert len({one.id for one in receiver.taken}) == 1
    host, most = receiver.url.removeprefix("http://"), deliveries.MOST_ATTEMPTS
    first, *others = lines_of(matter, rosa)
    assert first.words == f"Webhook to {host}: not taken in {most - 1} tries, the last one answered 503"
    assert [one.words for one in first.tries] == [f"Try {number}: answered 503" for number in range(1, most)]
    assert [one.words for one in others] == [
        f"Webhook to {host}: given up at try {most}, answered 503",
        f"Webhook to {host}: sent again by hand",
        f"Webhook to {host}: taken at try 1",
    ]
    issued.subscription.refresh_from_db()
    assert (issued.subscription.failing_since, issued.subscription.told_at) == (None, None)
    assert RecordEntry.objects.filter(event=PartnerEvent.WEBHOOK_RECOVERED).count() == 1


def test_a_timeline_tells_of_what_failed_and_never_of_what_was_taken_at_once(
    acme: Partner, rosa: Actor, receiver: Receiver
) -> None:
    for path in ("/hook", "/other"):
        a_subscription(acme, f"{receiver.url}{path}")
    receiver.codes["/hook"] = 503
    matter = an_interaction(acme)
    with CaptureQueriesContext(connection) as untroubled:
        assert lines_of(matter, rosa) == []
    run()
    run(is_due=True)
    failing = webhooks().exclude(error="").get()
    Delivery.objects.filter(pk=failing.pk).update(state=DeliveryState.FAILED)
    deliveries.redrive(failing, actor=rosa, at=timezone.now())
    run(is_due=True)
    run(is_due=True)
    receiver.codes["/hook"] = 200
    run(is_due=True)

    with CaptureQueriesContext(connection) as troubled:
        twice, again, once_more, taken = [one.words.partition(": ")[2] for one in lines_of(matter, rosa)]
    assert len(receiver.at("/other")) == 1
    assert (twice, again, once_more, taken) == (
        "not taken in 2 tries, the last one answered 503",
        "sent again by hand",
        "not taken in 2 tries, the last one answered 503",
        "taken at try 3",
    )
    first = RecordEntry.objects.filter(event=Event.NOTICE_NOT_TAKEN).earliest("sequence")
    assert len(tries.after([first], actor=rosa)[first.sequence]) == 2  # where the second round is on another page
    assert len(troubled) == len(untroubled) + 1


def test_an_errand_that_is_sent_after_its_last_look_goes_once_more() -> None:
    went: list[datetime] = []

    def work(at: datetime) -> None:
        went.append(at)
        if at == NOON:
            assert not errand.send(NOON + HOUR)

    errand = posting.Errand(work)
    assert errand.send(NOON)
    while out := [one for one in threading.enumerate() if one.name == "webhooks"]:
        out[0].join()

    assert went == [NOON, NOON + HOUR]


def test_a_second_worker_takes_no_more_of_an_endpoint_and_what_a_lost_one_held_leaves_again(
    acme: Partner, receiver: Receiver
) -> None:
    a_subscription(acme, f"{receiver.url}/hook")
    for _ in range(posting.OF_ONE_ENDPOINT + 1):
        an_interaction(acme)
    relay.relay_all(timezone.now())

    lost = posting.letters(posting.AT_ONCE, at=timezone.now())
    assert len(lost) == posting.OF_ONE_ENDPOINT
    assert posting.letters(posting.AT_ONCE, at=timezone.now()) == []

    assert run(is_due=True) == posting.OF_ONE_ENDPOINT + 1
    letter, claimed = lost[0]
    assert posting.note(claimed, Outcome(key=letter.key, error="too late"), at=timezone.now()) == 0
    assert set(webhooks().values_list("state", flat=True)) == {DeliveryState.COMPLETED}
    assert letter.headers["webhook-id"] in {one.id for one in receiver.taken}


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
    ((letter, claimed),) = posting.letters(1, at=timezone.now())
    outcome = Outcome(key=letter.key, code=200)

    with CaptureQueriesContext(connection) as noting:
        posting.note(claimed, outcome, at=timezone.now())
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
    webhooks().update(state=DeliveryState.INITIAL)  # as if made while it ended
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
