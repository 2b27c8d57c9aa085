"""The telephone system tells of calls, and hears who is calling."""

import itertools
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from interactions.channels import phone
from interactions.domain import caller_checks, calls
from interactions.enums import CallState, Event
from interactions.errors import NotAccepted
from interactions.models import Call
from partners.domain import record
from partners.models import Contact, OutboxMessage, Partner, RecordEntry
from partners.payloads import SYSTEM
from tests.factories.world import a_contact, a_partner, a_representative, an_actor_for, an_interaction

pytestmark = pytest.mark.django_db

EVENTS = "/api/telephony/events"
SECRET = "development-telephony-secret"


def tell(event: str = "ringing", caller: str = "+49 30 901820", callee: str = "030 5550100", **told: Any) -> Any:
    at = (timezone.now() - timedelta(seconds=10)).isoformat()
    given = {"call_id": "c-1", "event": event, "from": caller, "to": callee, "at": at}
    return send(json.dumps(given | told).encode())


def send(content: bytes, *, secret: str = SECRET, age: float = 0) -> Any:
    timestamp = str(int(timezone.now().timestamp() - age))
    signature = phone.sign(content, timestamp=timestamp, secret=secret.encode())
    headers = {"X-Signature-Timestamp": timestamp, "X-Signature": signature}
    client = Client(raise_request_exception=False)
    return client.post(EVENTS, content, content_type="application/json", headers=headers)


EVENT = b'{"call_id": "c-1", "event": "ringing", "at": "2026-01-05T10:00:00Z"}'


@pytest.fixture
def acme() -> Partner:
    acme = a_partner()
    a_contact(acme, "+4930901820", name="Paul Acheson")
    return acme


def test_a_caller_is_recognised_and_what_is_open_is_offered(acme: Partner) -> None:
    rosa = a_representative(email="rosa@example.org")
    ours = an_interaction(acme, subject="Link down")
    an_interaction(acme, subject="Done already", is_closed_at_once=True, resolution="Told on the phone")
    an_interaction(a_partner("Globex"), subject="Not theirs")

    answer = tell(agent="Rosa@example.org")

    told = answer.json()
    assert answer.status_code == 201
    assert told["call"] == {"id": "c-1", "state": "ringing", "caller": "+4930901820", "called": "+49305550100"}
    assert told["partner"] == {"id": str(acme.pk), "name": acme.name}
    assert told["person"] is None
    assert [row["id"] for row in told["openInteractions"]] == [ours.number]
    call = Call.objects.get()
    assert (call.partner, call.agent, call.state) == (acme, rosa, CallState.RINGING)


def test_what_is_open_is_named_only_once_the_caller_is_verified(acme: Partner) -> None:
    contact = acme.contacts.get()
    Contact.objects.filter(pk=contact.pk).update(verified_at=timezone.now())
    ours = an_interaction(acme, subject="Link down")
    assert tell().json()["openInteractions"][0]["reason"] == ours.type.name

    rosa = an_actor_for(a_representative("Tina Okoro"))
    check = caller_checks.begin(acme, call=Call.objects.get(), actor=rosa, at=timezone.now())
    key = f"contact-{contact.pk}"
    caller_checks.call_back(check, key, is_reached=True, actor=rosa, at=timezone.now())

    assert tell(event="answered").json()["openInteractions"][0]["reason"] == "Link down"


def test_each_event_is_on_the_record_once_and_tells_nobody(acme: Partner) -> None:
    waiting = OutboxMessage.objects.count()
    for event in ["ringing", "ringing", "answered", "answered", "ended"]:
        tell(event)

    entries = RecordEntry.objects.filter(event=Event.CALL_TOLD)
    assert [entry.facts["state"] for entry in entries.order_by("sequence")] == ["ringing", "answered", "ended"]
    assert {entry.stream for entry in entries} == {acme.stream}
    assert b"901820" not in json.dumps([entry.facts for entry in entries]).encode()
    assert OutboxMessage.objects.count() == waiting


def test_a_repeated_event_is_answered_as_known() -> None:
    assert [tell().status_code, tell().status_code] == [201, 200]


@pytest.mark.parametrize("order", list(itertools.permutations(["ringing", "answered", "ended"])))
def test_events_in_any_order_lead_to_the_same_call(acme: Partner, order: tuple[str, ...]) -> None:
    times = {"ringing": 30, "answered": 20, "ended": 5}
    now = timezone.now()
    for event in order:
        tell(event, at=(now - timedelta(seconds=times[event])).isoformat())

    call = Call.objects.get()
    assert call.state == CallState.ENDED
    assert (call.rang_at, call.answered_at, call.ended_at) == tuple(
        now - timedelta(seconds=times[event]) for event in ["ringing", "answered", "ended"]
    )
    assert call.partner == acme


def test_a_number_told_later_is_taken_in(acme: Partner) -> None:
    tell("ringing", caller="anonymous")
    assert Call.objects.get().partner is None

    told = tell("answered").json()

    assert told["partner"]["name"] == acme.name


def test_a_hidden_or_unknown_number_is_nobody() -> None:
    told = tell(caller="anonymous").json()

    assert (told["partner"], told["openInteractions"]) == (None, [])
    assert RecordEntry.objects.get(event=Event.CALL_TOLD).stream == record.INSTALLATION


def test_the_partner_of_an_outgoing_call_is_who_is_called(acme: Partner) -> None:
    told = tell(direction="outbound", caller="030 5550100", callee="+49 30 901820").json()

    assert told["partner"]["name"] == acme.name


def test_the_duration_says_when_it_was_answered() -> None:
    tell("ended", duration=95)

    call = Call.objects.get()
    assert call.ended_at is not None
    assert call.answered_at == call.ended_at - timedelta(seconds=95)


def test_a_call_belongs_to_one_interaction_of_its_partner(acme: Partner) -> None:
    rosa = an_actor_for(a_representative())
    tell("ended")
    first, second = an_interaction(acme), an_interaction(acme)
    foreign = an_interaction(a_partner("Globex"))
    call = Call.objects.get()

    with pytest.raises(NotAccepted):
        calls.attach(call, foreign, actor=rosa, at=timezone.now())
    calls.attach(call, first, actor=rosa, at=timezone.now())
    calls.attach(call, first, actor=rosa, at=timezone.now())
    with pytest.raises(NotAccepted):
        calls.attach(call, second, actor=rosa, at=timezone.now())

    assert Call.objects.get().interaction == first
    assert RecordEntry.objects.filter(stream=first.stream, event=Event.CALL_TOLD).count() == 1


def test_a_call_of_a_stranger_takes_the_partner_of_its_interaction(acme: Partner) -> None:
    tell("ended", caller="anonymous")

    calls.attach(Call.objects.get(), an_interaction(acme), actor=SYSTEM, at=timezone.now())

    assert Call.objects.get().partner == acme


@pytest.mark.parametrize("wrong", [{"secret": "guess"}, {"age": 400}, {"age": -400}])
def test_what_is_not_signed_now_by_the_secret_is_refused(wrong: dict[str, Any]) -> None:
    answer = send(EVENT, **wrong)

    assert answer.status_code == 401
    assert answer.json()["code"] == "41"
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Signature": "abc"},
        {"X-Signature-Timestamp": "١٢٣", "X-Signature": "é"},
        {"X-Signature-Timestamp": "-1", "X-Signature": "\x00"},
    ],
)
def test_headers_that_are_no_signature_are_refused(headers: dict[str, str]) -> None:
    assert Client().post(EVENTS, b"{}", content_type="application/json", headers=headers).status_code == 401


def test_without_a_secret_nothing_is_believed(settings: Any) -> None:
    settings.TELEPHONY_SECRETS = []
    assert send(EVENT, secret="").status_code == 401
    settings.TELEPHONY_SECRETS = [""]
    assert send(EVENT, secret="").status_code == 401


def test_two_secrets_are_good_while_one_is_replaced(settings: Any) -> None:
    settings.TELEPHONY_SECRETS = ["new", SECRET]

    assert send(EVENT).status_code == 201
    assert send(EVENT, secret="new").status_code == 200


@pytest.mark.parametrize(
    ("told", "attribute"),
    [
        ({"call_id": ""}, "call_id"),
        ({"call_id": "x" * 101}, "call_id"),
        ({"event": "hold"}, "event"),
        ({"caller": "nobody at home"}, "from"),
        ({"at": "later"}, "at"),
        ({"duration": -1}, "duration"),
        ({"agent": "a\0b"}, "agent"),
        ({"direction": "up"}, "direction"),
    ],
)
def test_what_is_wrong_is_named(told: dict[str, Any], attribute: str) -> None:
    answer = tell(**told)

    assert answer.status_code == 400
    assert answer.json()["attribute"] == attribute


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
def test_what_is_no_event_is_refused(body: bytes) -> None:
    assert send(body).status_code == 400


def test_only_post_tells() -> None:
    answer = Client().get(EVENTS)

    assert answer.status_code == 405
    assert answer["Allow"] == "POST, OPTIONS"
