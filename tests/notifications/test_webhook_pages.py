"""Webhook endpoints as a partner's administrator keeps them in the portal."""

import re
from typing import Any

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from interactions.domain import sharing
from interactions.enums import Event, Visibility
from notifications.domain import deliveries, posting, relay
from notifications.enums import DeliveryState
from notifications.models import Delivery, Subscription
from notifications.transports.webhook import WebhookTransport
from partners.enums import AssuranceLevel, PartnerEvent
from partners.models import Partner, RecordEntry, User
from tests.factories.receivers import Receiver, a_subscription, run
from tests.factories.world import a_partner, a_person_of, a_representative, an_actor_for, an_interaction, signed_in

pytestmark = pytest.mark.django_db

BASE = "/portal/organisation/webhooks/"
SECRET = re.compile(r'data-copy="(whsec_[\w+/=]{43,})"')


@pytest.fixture
def acme() -> Partner:
    return a_partner("Acme Wholesale")


@pytest.fixture
def anna(acme: Partner) -> User:
    return a_person_of(acme, "Anna Acheson", is_administrator=True)


@pytest.fixture
def browser(anna: User) -> Any:
    return signed_in(anna, level=AssuranceLevel.DOUBLE)


def filled_in(acme: Partner, callback: str, **fields: Any) -> dict[str, Any]:
    role = acme.roles.order_by("pk")[0].pk
    return {"callback": callback, "role": role, "once": "form-1", "events": ["PartyInteractionCreateEvent"], **fields}


def test_an_endpoint_from_its_first_event_to_its_end(
    acme: Partner, anna: User, browser: Any, receiver: Receiver
) -> None:
    form = filled_in(acme, f"{receiver.url}/hook")
    shown = browser.post(f"{BASE}new/", form)
    made = Subscription.objects.get()
    (secret,) = set(SECRET.findall(shown.text))
    place = f"{BASE}{made.pk}/"
    assert (made.query, made.created_by) == ("eventType=PartyInteractionCreateEvent", anna)
    assert shown.headers["Cache-Control"].startswith("max-age=0")
    assert browser.post(f"{BASE}new/", form).headers["Location"] == place
    assert Subscription.objects.count() == 1

    browser.post(f"{place}act/", {"act": "test"})
    receiver.codes["/hook"] = 500
    matter = an_interaction(acme, subject="Link down in Kiel")
    run()
    assert {one.event["eventType"] for one in receiver.taken} == {"TestEvent", "PartyInteractionCreateEvent"}
    log = browser.get(place).text
    assert Webhook(secret).verify(receiver.taken[0].body, dict(receiver.taken[0].headers))
    assert matter.number in log
    assert "500" in log
    assert matter.number in browser.get(f"{place}?outcome=waiting").text
    assert matter.number not in browser.get(f"{place}?outcome=arrived").text
    assert f"{receiver.url}/hook" in browser.get(BASE).text

    sent = Delivery.objects.get(subscription=made, interaction=matter)
    Delivery.objects.filter(pk=sent.pk).update(state=DeliveryState.FAILED)
    receiver.codes["/hook"] = 200
    page = browser.get(f"{place}{sent.pk}/").text
    assert "Link down in Kiel" in page
    assert secret not in page
    browser.post(f"{place}{sent.pk}/again/")
    run()
    tries = [one.id for one in receiver.taken if one.event["eventType"] == "PartyInteractionCreateEvent"]
    assert tries == [tries[0]] * 2
    assert RecordEntry.objects.filter(event=Event.NOTICE_REDRIVEN, actor_id=anna.pk).count() == 1

    renewed = browser.post(f"{place}secret/", {"overlap": "24", "after": made.mark})
    assert secret not in renewed.text
    assert len(set(SECRET.findall(renewed.text))) == 1
    for act in ("pause", "resume", "end", "end"):
        browser.post(f"{place}act/", {"act": act})
    assert [
        entry.event for entry in RecordEntry.objects.of_stream(acme.stream).filter(event__startswith="webhook.")
    ] == [
        PartnerEvent.WEBHOOK_ADDED,
        PartnerEvent.WEBHOOK_TESTED,
        PartnerEvent.WEBHOOK_ROTATED,
        PartnerEvent.WEBHOOK_PAUSED,
        PartnerEvent.WEBHOOK_RESUMED,
        PartnerEvent.WEBHOOK_ENDED,
    ]


def test_what_cannot_be_posted_to_is_said_at_its_field(acme: Partner, browser: Any) -> None:
    answer = browser.post(f"{BASE}new/", filled_in(acme, "https://192.168.1.1/"))

    assert answer.status_code == 422
    assert "This is no public address." in answer.text
    assert "https://192.168.1.1/" in answer.text


def test_only_who_manages_keys_and_proves_it_strongly_comes_here(acme: Partner, anna: User) -> None:
    made = a_subscription(acme, "https://hooks.acme.example/").subscription
    paul, weak = signed_in(a_person_of(acme, "Paul Acheson")), signed_in(anna)
    elsewhere = a_person_of(a_partner("Globex Mobile"), "Mallory Voss", is_administrator=True)
    mallory = signed_in(elsewhere, level=AssuranceLevel.DOUBLE)

    assert paul.get(BASE).status_code == paul.post(f"{BASE}{made.pk}/act/", {"act": "end"}).status_code == 403
    assert "/account/step-up/" in weak.post(f"{BASE}{made.pk}/act/", {"act": "end"}).headers["Location"]
    assert mallory.post(f"{BASE}{made.pk}/act/", {"act": "end"}).status_code == 404
    made.refresh_from_db()
    assert made.is_standing


def test_words_of_a_matter_that_is_kept_from_the_reader_are_not_in_the_log(
    acme: Partner, browser: Any, anna: User
) -> None:
    made = a_subscription(acme, "https://hooks.acme.example/").subscription
    carl = a_person_of(acme, "Carl Brandt")
    role = acme.roles.get()
    role.kind.permissions = [*role.kind.permissions, "credentials.manage"]
    role.kind.save()
    paul = an_actor_for(a_person_of(acme, "Paul Acheson"))
    matter = an_interaction(acme, subject="Told before it was kept", actor=paul)
    relay.relay_all(timezone.now())
    sharing.share(matter, Visibility.OWN, actor=paul, at=timezone.now())
    sent = Delivery.objects.get(subscription=made)
    place = f"{BASE}{made.pk}/{sent.pk}/"

    assert "Told before it was kept" in browser.get(place).text
    assert "Told before it was kept" not in signed_in(carl, level=AssuranceLevel.DOUBLE).get(place).text
    Delivery.objects.update(created_at=timezone.now() - posting.FRESH * 2)
    posting.post_all(timezone.now(), WebhookTransport())
    sent.refresh_from_db()
    assert (sent.state, sent.error) == (DeliveryState.CANCELLED, deliveries.GONE)


def test_the_console_shows_what_was_posted_and_sends_it_again(acme: Partner, receiver: Receiver) -> None:
    rosa = signed_in(a_representative("Rosa Lind"), level=AssuranceLevel.DOUBLE)
    a_subscription(acme, f"{receiver.url}/hook")
    receiver.codes["/hook"] = 410
    an_interaction(acme, subject="Link down in Kiel")
    run()
    sent = Delivery.objects.get(medium="webhook")

    listed = rosa.get("/console/deliveries/?medium=webhook&state=failed").text
    page = rosa.get(f"/console/deliveries/{sent.pk}/").text

    assert f"{receiver.url}/hook" in listed
    assert all(words in page for words in ("410", "thank you", "Link down in Kiel", "Acme Wholesale"))
    assert not Delivery.objects.filter(medium="webhook", pk=sent.pk, state=DeliveryState.INITIAL).exists()
