"""A message is sent once, tried again for hours, and given up only where everybody can see it."""

import threading
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models.functions import Now

from interactions.domain import conversation
from interactions.domain.conversation import Saying
from interactions.enums import Event, Side
from notifications.domain import deliveries, relay
from notifications.enums import DeliveryState
from notifications.errors import TransportDown
from notifications.models import Delivery
from notifications.payloads import Letter, Outcome
from partners.enums import ActorKind, Channel
from partners.models import RecordEntry
from tests.factories.world import an_actor_for, an_interaction
from tests.notifications.conftest import NOON, Office, Postman, an_office

GREYLISTED = Outcome(key=0, error="451 4.7.1 Try again later")
UNKNOWN = Outcome(key=0, error="550 5.1.1 No such mailbox", is_final=True)


class Closed:
    """A transport whose server cannot be reached."""

    def send(self, letters: Sequence[Letter]) -> Sequence[Outcome]:
        raise TransportDown(f"Connection refused for {len(letters)}")


class Slow:
    """A transport that had time for the first letter only."""

    def send(self, letters: Sequence[Letter]) -> Sequence[Outcome]:
        return [Outcome(key=letter.key, is_postponed=number > 0) for number, letter in enumerate(letters)]


def one_to_paul(office: Office) -> Delivery:
    """A message of which only Paul's is left to be sent."""
    office.happens(Event.RESOLVED)
    office.tell()
    Delivery.objects.filter(address=office.petra.email).delete()
    return Delivery.objects.get(address=office.paul.email, state=DeliveryState.INITIAL)


def make_due() -> None:
    Delivery.objects.unsent().update(next_at=Now() - timedelta(seconds=1))


def time_left(delivery: Delivery) -> timedelta:
    """Until it may be tried again, by the database's clock."""
    now: datetime = Delivery.objects.values_list(Now(), flat=True)[0]
    return Delivery.objects.get(pk=delivery.pk).next_at - now


def test_what_was_sent_is_completed_and_not_sent_again(office: Office, postman: Postman) -> None:
    delivery = one_to_paul(office)

    assert deliveries.send_all(NOON, postman) == 1
    assert deliveries.send_all(NOON, postman) == 0

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.sent_at) == (DeliveryState.COMPLETED, 1, NOON)
    assert delivery.lease is None
    assert len(postman.letters) == 1


def test_what_failed_for_now_is_tried_again_later_and_later(office: Office, postman: Postman) -> None:
    delivery = one_to_paul(office)
    postman.refuses[office.paul.email] = GREYLISTED
    waits = []

    for _ in range(deliveries.MOST_ATTEMPTS):
        make_due()
        assert deliveries.send_all(NOON, postman) == 0
        waits.append(time_left(delivery))

    assert waits[:3] == sorted(waits[:3])
    assert timedelta(seconds=50) < waits[0] <= timedelta(minutes=1)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (DeliveryState.FAILED, 8)
    assert delivery.error == GREYLISTED.error
    assert len(postman.letters) == 8


def test_what_is_refused_for_good_is_given_up_at_once_and_the_owner_hears_of_it(
    office: Office, postman: Postman
) -> None:
    delivery = one_to_paul(office)
    postman.refuses[office.paul.email] = UNKNOWN

    deliveries.send_all(NOON, postman)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.error) == (DeliveryState.FAILED, 1, UNKNOWN.error)
    told = office.tell()
    assert [one.address for one in told] == [office.rosa.email]
    assert "No such mailbox" in told[0].text
    assert office.paul.email in told[0].text


def test_a_notice_to_ourselves_that_fails_makes_no_further_notice(office: Office, postman: Postman) -> None:
    office.happens(Event.STEPS_ENDED)
    office.tell()
    postman.refuses[office.rosa.email] = UNKNOWN

    deliveries.send_all(NOON, postman)

    assert Delivery.objects.dead().count() == 1
    assert RecordEntry.objects.filter(event=Event.NOTICE_FAILED).count() == 1
    assert office.tell() == []


def test_a_redriven_delivery_keeps_its_id_and_a_second_redrive_has_no_effect(office: Office, postman: Postman) -> None:
    delivery = one_to_paul(office)
    postman.refuses[office.paul.email] = UNKNOWN
    deliveries.send_all(NOON, postman)
    postman.refuses.clear()
    rosa = an_actor_for(office.rosa)

    assert deliveries.redrive(delivery, actor=rosa, at=NOON)
    assert not deliveries.redrive(delivery, actor=rosa, at=NOON)
    deliveries.send_all(NOON, postman)
    assert not deliveries.redrive(delivery, actor=rosa, at=NOON)

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.COMPLETED
    first, second = postman.letters
    assert first.headers["Message-ID"] == second.headers["Message-ID"]
    entry = RecordEntry.objects.get(event=Event.NOTICE_REDRIVEN)
    assert (entry.actor_kind, entry.actor_id) == (ActorKind.REPRESENTATIVE, office.rosa.pk)


def test_a_cancelled_delivery_is_not_sent_and_a_sent_one_cannot_be_cancelled(office: Office, postman: Postman) -> None:
    delivery = one_to_paul(office)

    assert deliveries.cancel(delivery, actor=an_actor_for(office.rosa), at=NOON)

    assert deliveries.send_all(NOON, postman) == 0
    office.happens(Event.CLOSED)
    office.tell()
    deliveries.send_all(NOON, postman)
    sent = Delivery.objects.filter(state=DeliveryState.COMPLETED).latest("pk")
    assert not deliveries.cancel(sent, actor=an_actor_for(office.rosa), at=NOON)


def test_a_server_that_cannot_be_reached_costs_a_try_and_nothing_else(office: Office) -> None:
    delivery = one_to_paul(office)

    assert deliveries.send_all(NOON, Closed()) == 0

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (DeliveryState.INITIAL, 1)
    assert delivery.error == "Connection refused for 1"


def test_what_there_was_no_time_for_is_due_at_once_and_costs_no_try(office: Office, postman: Postman) -> None:
    office.happens(Event.RESOLVED)
    office.tell()

    deliveries.send_some(NOON, Slow())

    states = list(Delivery.objects.order_by("pk").values_list("state", "attempts"))[-2:]
    assert sorted(states) == [(DeliveryState.COMPLETED, 1), (DeliveryState.INITIAL, 0)]
    assert deliveries.send_all(NOON, postman) == 1


def test_the_result_of_a_worker_that_lost_its_lease_is_not_accepted(office: Office, postman: Postman) -> None:
    delivery = one_to_paul(office)
    lost = deliveries.claim()
    assert [one.pk for one in lost.deliveries] == [delivery.pk]
    assert deliveries.claim().deliveries == []  # nobody else gets it while the lease lasts

    make_due()  # the lease has ended
    assert deliveries.send_all(NOON, postman) == 1
    deliveries.note(lost, [Outcome(key=delivery.pk, error="too late", is_final=True)], at=NOON)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.error, delivery.attempts) == (DeliveryState.COMPLETED, "", 2)
    assert not RecordEntry.objects.filter(event=Event.NOTICE_FAILED).exists()


def test_a_lease_lasts_by_the_clock_of_the_database(office: Office) -> None:
    delivery = one_to_paul(office)
    claimed = deliveries.claim()

    held = Delivery.objects.get(pk=delivery.pk)
    assert held.state == DeliveryState.IN_PROGRESS
    assert held.lease == claimed.token != uuid.UUID(int=0)
    assert timedelta(minutes=2) < time_left(delivery) <= deliveries.LEASE


def test_no_message_overtakes_an_earlier_one_to_the_same_person_about_the_same_matter(
    office: Office, postman: Postman
) -> None:
    other = an_interaction(office.acme, actor=an_actor_for(office.rosa), sender=office.paul.email, at=NOON)
    relay.relay_all(NOON)
    deliveries.send_all(NOON, Postman())
    first = one_to_paul(office)
    postman.refuses[office.paul.email] = GREYLISTED
    deliveries.send_all(NOON, postman)
    saying = Saying(text="One more thing", side=Side.ENTERPRISE, channel=Channel.WEB)
    conversation.say(office.interaction, saying, actor=an_actor_for(office.rosa), at=NOON)
    conversation.say(other, saying, actor=an_actor_for(office.rosa), at=NOON)
    office.tell()

    again = Postman()
    deliveries.send_all(NOON, again)

    assert first.subject not in {letter.subject for letter in again.letters}
    to_paul = [letter for letter in again.letters if letter.recipient == office.paul.email]
    assert [letter.subject[:13] for letter in to_paul] == [f"[{other.number}]"]
    make_due()
    last = Postman()
    deliveries.send_all(NOON, last)
    mine = [letter.subject for letter in last.letters if letter.recipient == office.paul.email]
    assert mine[0] == first.subject
    assert len(mine) == 2


def test_two_workers_never_send_twice(committed_db: dict[str, str]) -> None:
    office = an_office()
    for _ in range(60):
        an_interaction(office.acme, actor=an_actor_for(office.rosa), sender=office.paul.email, at=NOON)
    relay.relay_all(NOON)
    made = Delivery.objects.count()
    postmen = [Postman() for _ in range(4)]
    start = threading.Barrier(len(postmen))

    def work(postman: Postman) -> None:
        start.wait()
        deliveries.send_all(NOON, postman)
        connection.close()

    threads = [threading.Thread(target=work, args=[postman]) for postman in postmen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    sent = [letter.key for postman in postmen for letter in postman.letters]
    assert made > deliveries.AT_ONCE
    assert sorted(sent) == sorted(Delivery.objects.values_list("pk", flat=True))
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.COMPLETED}
