"""POST, GET and DELETE /hub: a partner's system says where events are to be sent."""

import json
from typing import Any

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from notifications.domain import subscriptions
from notifications.enums import SubscriptionState
from notifications.models import Subscription
from partners.enums import PartnerEvent, Scope
from partners.models import IdempotencyKey, RecordEntry
from tests.factories.machines import Machine
from tests.factories.receivers import Receiver, run
from tests.factories.world import a_partner

pytestmark = pytest.mark.django_db

HUB = "/tmf-api/partyInteraction/v4/hub"
CALLBACK = "https://hooks.acme.example/bpi"


@pytest.fixture
def machine() -> Machine:
    return Machine(a_partner("Acme Wholesale"), wanted=Scope.values)


def test_a_system_subscribes_hears_and_leaves(machine: Machine, receiver: Receiver) -> None:
    answer = machine.post({"callback": f"{receiver.url}/hook", "query": "fields=status"}, HUB)

    assert answer.status_code == 201
    made = answer.json()
    assert answer.headers["Location"] == made["href"]
    assert {name: made[name] for name in ("callback", "query", "state", "@type")} == {
        "callback": f"{receiver.url}/hook",
        "query": "fields=status",
        "state": "active",
        "@type": "EventSubscription",
    }
    shown = {name: value for name, value in made.items() if name != "secret"}
    assert machine.get(f"{HUB}/{made['id']}").json() == shown
    assert machine.get(HUB).json() == [shown]

    created = machine.create()
    run()
    (taken,) = receiver.taken
    event = Webhook(made["secret"]).verify(taken.body, dict(taken.headers))
    assert event["event"]["partyInteraction"] == {name: created[name] for name in ("id", "href", "@type", "status")}

    assert machine.delete(f"{HUB}/{made['id']}").status_code == 204
    assert machine.delete(f"{HUB}/{made['id']}").status_code == 404
    assert machine.get(HUB).json() == []
    events = RecordEntry.objects.filter(event__startswith="webhook.").order_by("pk")
    assert [entry.event for entry in events] == [PartnerEvent.WEBHOOK_ADDED, PartnerEvent.WEBHOOK_ENDED]
    assert events[0].actor_client == machine.issued.identifier
    assert not any(made["secret"] in json.dumps([entry.facts, entry.texts]) for entry in events)


def test_a_repeated_request_replays_the_answer_which_is_kept_encrypted(machine: Machine) -> None:
    headers = {"Idempotency-Key": "subscribe-1"}
    first = machine.post({"callback": CALLBACK}, HUB, **headers)
    second = machine.post({"callback": CALLBACK}, HUB, **headers)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second.headers["Location"] == first.headers["Location"]
    assert Subscription.objects.count() == 1
    assert first.json()["secret"] not in str(IdempotencyKey.objects.get().body)
    assert machine.post({"callback": f"{CALLBACK}2"}, HUB, **headers).status_code == 422


@pytest.mark.parametrize(
    ("body", "attribute"),
    [
        ({}, "callback"),
        ({"callback": "http://hooks.acme.example/"}, "callback"),
        ({"callback": "https://10.0.0.1/"}, "callback"),
        ({"callback": 7}, "callback"),
        ({"callback": "https://" + "a" * 500}, "callback"),
        ({"callback": CALLBACK, "query": "colour=red"}, "query"),
    ],
)
def test_what_is_wrong_is_named(machine: Machine, body: dict[str, Any], attribute: str) -> None:
    answer = machine.post(body, HUB)

    assert (answer.status_code, answer.json()["attribute"]) == (400, attribute)
    assert not Subscription.objects.exists()


def test_it_takes_a_scope_of_its_own_and_ends_at_a_number(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Machine(machine.partner, name="Reads and writes")
    monkeypatch.setattr(subscriptions, "MOST", 1)

    assert other.post({"callback": CALLBACK}, HUB).status_code == other.get(HUB).status_code == 403
    assert machine.post({"callback": CALLBACK}, HUB).status_code == 201
    assert machine.post({"callback": CALLBACK}, HUB).status_code == 409
    Subscription.objects.update(state=SubscriptionState.ENDED, ending="by_hand", ended_at=timezone.now())
    assert machine.post({"callback": CALLBACK}, HUB).status_code == 201
