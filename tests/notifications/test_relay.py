"""A committed change is told once, a rolled-back one never, whatever dies or runs at the same time."""

import itertools
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from interactions.enums import Event
from interactions.models import Item
from notifications.domain import deliveries, relay
from notifications.models import Delivery
from partners.domain import record
from partners.models import OutboxMessage, RecordEntry, User
from partners.payloads import SYSTEM, Fact
from tests.factories.world import a_partner, a_person_of, an_actor_for, an_interaction
from tests.notifications.conftest import NOON, Office, Postman, an_office


class Crash(Exception):
    """The process ends here."""


def settle() -> None:
    relay.relay_all(NOON)
    deliveries.send_all(NOON, Postman())


@transaction.atomic
def crashing(work: Callable[[], Any]) -> None:
    """Do the work and die just before it is committed."""
    assert work()
    raise Crash


def in_threads(work: Callable[[], Any], count: int = 2) -> None:
    start = threading.Barrier(count)

    def run() -> None:
        start.wait()
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_change_that_is_rolled_back_is_told_to_nobody(committed_db: dict[str, str]) -> None:
    office = an_office()
    settle()
    before = Delivery.objects.count()

    with pytest.raises(Crash):
        crashing(lambda: office.happens(Event.RESOLVED))

    settle()
    assert Delivery.objects.count() == before


def test_a_crash_before_the_commit_of_a_relay_loses_and_doubles_nothing(
    committed_db: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    office = an_office()
    settle()
    office.happens(Event.RESOLVED)

    with pytest.raises(Crash):
        crashing(lambda: relay.relay_batch(NOON))
    assert Delivery.objects.filter(entry__event=Event.RESOLVED).count() == 0
    assert OutboxMessage.objects.count() == 1

    settle()
    assert Delivery.objects.filter(entry__event=Event.RESOLVED).count() == 2
    assert OutboxMessage.objects.count() == 0


def test_a_crash_after_the_commit_of_a_relay_leaves_what_is_to_be_sent(committed_db: dict[str, str]) -> None:
    office = an_office()
    settle()
    office.happens(Event.RESOLVED)
    relay.relay_batch(NOON)
    connection.close()  # the process is gone; another one comes

    postman = Postman()
    deliveries.send_all(NOON, postman)

    assert sorted(letter.recipient for letter in postman.letters) == [office.paul.email, office.petra.email]


def test_an_entry_that_was_told_before_is_not_told_again(office: Office) -> None:
    entry = office.happens(Event.RESOLVED)
    made = office.tell()
    counts = Item.objects.count(), RecordEntry.objects.count()

    OutboxMessage.objects.create(entry=entry)

    assert office.tell() == []
    assert len(made) == 2
    assert (Item.objects.count(), RecordEntry.objects.count()) == counts


def test_two_relays_never_make_two_deliveries(committed_db: dict[str, str]) -> None:
    office = an_office()
    more = [an_interaction(office.acme, actor=an_actor_for(office.paul), at=NOON) for _ in range(120)]
    for _ in range(3):
        office.happens(Event.RESOLVED)

    in_threads(lambda: relay.relay_all(NOON), count=3)
    relay.relay_all(NOON)

    assert OutboxMessage.objects.count() == 0
    told = list(Delivery.objects.values_list("entry_id", "address"))
    assert len(told) == len(set(told))
    received = RecordEntry.objects.filter(event=Event.RECEIVED, facts__interaction__in=[one.pk for one in more])
    assert {entry for entry, _ in told} >= set(received.values_list("pk", flat=True))
    noted = RecordEntry.objects.filter(event=Event.NOTICE_SENT).values_list("facts__entry", "facts__side")
    assert len(noted) == len(set(noted))


def test_the_events_of_one_interaction_are_told_in_their_order(committed_db: dict[str, str]) -> None:
    office = an_office()
    events = [Event.RESOLVED, Event.REOPENED, Event.RESOLVED, Event.REOPENED] * 5
    for event in events:
        office.happens(event)

    in_threads(lambda: [relay.relay_some(NOON) for _ in range(30)], count=3)
    relay.relay_all(NOON)

    told = Delivery.objects.filter(address=office.petra.email).exclude(entry__event=Event.RECEIVED).order_by("pk")
    assert list(told.values_list("entry__event", flat=True)) == events


def test_one_row_that_cannot_be_told_holds_up_its_own_interaction_only(office: Office) -> None:
    globex = a_partner("Globex")
    grace = a_person_of(globex, "Grace Hall")
    User.objects.filter(pk=grace.pk).update(time_zone="Nowhere/Atlantis")
    poisonous = an_interaction(globex, actor=an_actor_for(office.rosa), sender=grace.email, at=NOON)
    follows = an_interaction(globex, actor=an_actor_for(grace), at=NOON)
    office.happens(Event.RESOLVED)

    made = office.tell()

    assert {delivery.interaction_id for delivery in made} == {office.interaction.pk, follows.pk}
    waiting = OutboxMessage.objects.get()
    assert waiting.entry.stream == poisonous.stream
    assert waiting.attempts == 1
    assert "Nowhere/Atlantis" in waiting.error
    assert not waiting.is_dead


def test_later_events_of_an_interaction_wait_for_an_earlier_one_that_failed(committed_db: dict[str, str]) -> None:
    office = an_office()
    settle()
    office.happens(Event.RESOLVED)
    OutboxMessage.objects.update(next_at=NOON.replace(year=2100), attempts=1)
    office.happens(Event.REOPENED)

    assert office.tell() == []

    assert OutboxMessage.objects.filter(next_at__year=2100).count() == 2
    OutboxMessage.objects.update(next_at=NOON)
    told = [delivery.entry.event for delivery in office.tell() if delivery.address == office.paul.email]
    assert told == [Event.RESOLVED, Event.REOPENED]


def test_what_fails_again_and_again_is_given_up_visibly_and_can_be_redriven(office: Office) -> None:
    User.objects.filter(pk=office.petra.pk).update(time_zone="Nowhere/Atlantis")
    office.happens(Event.RESOLVED)
    for _ in range(relay.MOST_ATTEMPTS + 1):
        OutboxMessage.objects.update(next_at=NOON)
        office.tell()
    dead = OutboxMessage.objects.get()
    assert dead.is_dead
    assert dead.attempts == relay.MOST_ATTEMPTS
    assert "Nowhere/Atlantis" in dead.error

    User.objects.filter(pk=office.petra.pk).update(time_zone="UTC")
    office.happens(Event.CLOSED)
    assert {delivery.entry.event for delivery in office.tell()} == {Event.CLOSED}  # a gap that can be seen
    assert relay.redrive(dead, actor=an_actor_for(office.rosa), at=NOON)
    assert not relay.redrive(dead, actor=an_actor_for(office.rosa), at=NOON)

    assert {delivery.entry.event for delivery in office.tell()} == {Event.RESOLVED}
    redriven = RecordEntry.objects.get(event=relay.REDRIVEN)
    assert redriven.actor_id == office.rosa.pk


def test_a_batch_costs_the_same_queries_for_one_and_for_three(office: Office) -> None:
    serial = itertools.count()

    def queries(count: int) -> int:
        for number in itertools.islice(serial, count):
            partner = a_partner(f"Company {number}")
            person = a_person_of(partner, f"Employee {number}")
            an_interaction(partner, actor=an_actor_for(office.rosa), sender=person.email, at=NOON)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert relay.relay_some(NOON) == count
        return len(captured)

    queries(1)
    assert queries(1) == queries(3)


def test_an_event_that_the_table_does_not_know_is_let_go(office: Office) -> None:
    record.append(Fact(stream="partner:1", event="partner.renamed", actor=SYSTEM, at=NOON))

    assert office.tell() == []
    assert OutboxMessage.objects.count() == 0


def test_relaying_stops_when_its_time_is_over(office: Office) -> None:
    assert relay.relay_all(NOON, within=timedelta(0)) == 0


def test_a_relay_does_not_wait_for_rows_that_another_one_holds(committed_db: dict[str, str]) -> None:
    office = an_office()
    settle()
    office.happens(Event.RESOLVED)
    held = OutboxMessage.objects.get()
    other = an_interaction(office.acme, actor=an_actor_for(office.paul), at=NOON)

    with transaction.atomic():
        OutboxMessage.objects.select_for_update().get(pk=held.pk)
        in_threads(lambda: relay.relay_all(NOON), count=1)  # would wait for us, and we for it

    assert list(OutboxMessage.objects.values_list("pk", flat=True)) == [held.pk]
    assert Delivery.objects.filter(interaction=other).exists()
