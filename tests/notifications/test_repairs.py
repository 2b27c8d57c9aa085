"""An endpoint that is given up is somebody's to do: one task for it, which ends by itself when it is needed no more."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from interactions.domain import lifecycle
from interactions.domain.lifecycle import Words
from interactions.enums import Direction, Event, Move, Status
from interactions.models import Interaction, Note
from notifications.domain import deliveries, relay, repairs, subscriptions
from notifications.enums import SubscriptionState
from notifications.models import Delivery, Subscription
from partners.models import Partner, RecordEntry
from partners.payloads import SYSTEM
from tests.factories.receivers import Receiver, a_subscription, run, webhooks
from tests.factories.world import (
    a_partner,
    a_person_of,
    a_representative,
    a_team,
    a_type,
    an_actor_for,
    an_interaction,
)


def a_company() -> Partner:
    """Acme, and the type of matter that an endpoint becomes."""
    a_type(repairs.TYPE, directions=[Direction.OUTBOUND], team=a_team("assurance"), version__asks_confirmation=False)
    return a_partner("Acme Wholesale")


def fail(receiver: Receiver) -> None:
    """Until everything that waits is given up."""
    receiver.codes["/hook"] = 503
    relay.relay_all(timezone.now())
    while Delivery.objects.unsent().filter(medium="webhook").update(attempts=deliveries.MOST_ATTEMPTS - 1):
        run(is_due=True)


def tasks() -> list[Interaction]:
    return list(Interaction.objects.filter(type__code=repairs.TYPE).order_by("pk"))


@pytest.mark.django_db
def test_what_is_given_up_is_one_task_until_the_endpoint_takes_something_again(receiver: Receiver) -> None:
    acme, rosa = a_company(), an_actor_for(a_representative("Rosa Lind"))
    anna, paul = a_person_of(acme, "Anna Acheson", is_administrator=True), a_person_of(acme, "Paul Acheson")
    subscription = a_subscription(acme, f"{receiver.url}/hook").subscription
    matter = an_interaction(acme)
    receiver.codes["/hook"] = 503
    run()
    assert repairs.settle_all(timezone.now()) == 0  # it is still being tried

    fail(receiver)
    an_interaction(acme)
    fail(receiver)
    assert [repairs.settle_all(timezone.now()), repairs.settle_all(timezone.now())] == [1, 0]

    (task,) = tasks()
    assert (task.direction, task.status, task.team.code) == (Direction.OUTBOUND, Status.RECEIVED, "assurance")
    assert task.partner == acme
    for told in ("127.0.0.1", acme.name, "The answer was 503", f"{timezone.now():%Y-%m-%d}"):
        assert told in task.description
    assert f"{receiver.url}/hook" not in task.description, "the path of an address may hold a secret"
    assert f"/console/deliveries/?endpoint={subscription.pk}&state=failed" in Note.objects.get().text
    seeing = [an_actor_for(anna), an_actor_for(paul), subscriptions.eyes_of(subscription)]
    assert [Interaction.objects.visible_to(one).filter(pk=task.pk).exists() for one in seeing] == [True, False, False]
    run()
    assert not webhooks().filter(interaction=task).exists()
    assert not Delivery.objects.mails().filter(interaction=task).exists()

    receiver.codes["/hook"] = 200
    deliveries.redrive(webhooks().filter(interaction=matter).earliest("pk"), actor=rosa, at=timezone.now())
    run(is_due=True)
    assert repairs.settle_all(timezone.now()) == 1
    task.refresh_from_db()
    assert task.status == Status.CANCELLED
    cancelled = RecordEntry.objects.of_stream(task.stream).get(event=Event.CANCELLED)
    assert cancelled.text("reason") == "It takes events again."

    an_interaction(acme)
    fail(receiver)
    repairs.settle_all(timezone.now())
    second = tasks()[1]
    lifecycle.make_move(second, Move.CANCEL, actor=rosa, at=timezone.now(), words=Words(reason="They know"))
    an_interaction(acme)
    fail(receiver)
    assert repairs.settle_all(timezone.now()) == 0  # whoever ended it knows of the failure
    subscriptions.end(subscription, actor=SYSTEM, at=timezone.now())
    assert repairs.settle_all(timezone.now()) == 1
    assert len(tasks()) == 2


def test_workers_at_once_raise_one_task(committed_db: dict[str, str]) -> None:
    acme, at = a_company(), timezone.now()
    issued = [a_subscription(acme, f"https://hooks{number}.example.com/hook") for number in range(3)]
    Subscription.objects.update(failing_since=at, told_at=at, given_up_at=at)
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        repairs.settle_all(at)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(tasks()) == len(issued) == len(set(Subscription.objects.values_list("task", flat=True)))
    assert set(Subscription.objects.values_list("state", flat=True)) == {SubscriptionState.ACTIVE}
    relay.relay_all(at)
    assert not webhooks().exists()
