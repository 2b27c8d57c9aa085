"""News that belong to no interaction: whoever administers a partner's keys hears of their end in time."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from notifications.domain import deliveries, relay
from notifications.models import Delivery
from partners.domain import credentials, expiry
from partners.models import OutboxMessage, Partner
from partners.payloads import SYSTEM
from tests.factories.world import a_contact, a_partner, a_person_of, a_representative, signed_in
from tests.notifications.conftest import Postman

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture
def acme() -> Partner:
    return a_partner("Acme Wholesale")


def a_key(partner: Partner, name: str = "Order system", **fields: Any) -> credentials.Issued:
    given: dict[str, Any] = {"actor": SYSTEM, "at": NOW, "expires_at": NOW + 3 * DAY} | fields
    return credentials.issue_client(partner.roles.get(), name, **given)


def told(at: datetime = NOW) -> list[Delivery]:
    """The deliveries that came of what a sweep found."""
    before = set(Delivery.objects.values_list("pk", flat=True))
    expiry.sweep(at=at)
    relay.relay_all(at)
    assert not OutboxMessage.objects.exists()
    return list(Delivery.objects.exclude(pk__in=before).order_by("address"))


def test_its_administrators_are_told_of_a_key_that_is_about_to_expire_and_nobody_else(acme: Partner) -> None:
    anna, ann = (a_person_of(acme, name, is_administrator=True) for name in ("Anna Acheson", "Ann Berry"))
    a_person_of(acme, "Paul Acheson")
    a_contact(acme, "office@acme.example.org")
    a_person_of(a_partner("Globex Mobile"), "Mallory Voss", is_administrator=True)
    issued = a_key(acme)

    found = told()

    assert [delivery.address for delivery in found] == [ann.email, anna.email]
    mail = found[0]
    assert mail.subject == "A key of Acme Wholesale is about to expire: Order system"
    assert issued.identifier in mail.text
    assert f"/portal/organisation/access/{issued.credential.pk}/" in mail.text
    assert issued.secret not in mail.text
    assert "answer this mail" not in mail.text
    assert told() == []


def test_the_end_is_told_too(acme: Partner) -> None:
    a_person_of(acme, "Anna Acheson", is_administrator=True)
    a_key(acme)
    told()

    (mail,) = told(NOW + 3 * DAY)

    assert mail.subject == "A key of Acme Wholesale has expired: Order system"


def test_without_an_administrator_the_general_address_hears_of_it_and_is_led_nowhere(acme: Partner) -> None:
    a_contact(acme, "office@acme.example.org")
    a_key(acme)

    (mail,) = told()

    assert mail.address == "office@acme.example.org"
    assert "/portal/" not in mail.text


def test_who_is_blocked_or_removed_and_a_partner_that_was_let_go_hear_nothing(acme: Partner) -> None:
    a_person_of(acme, "Anna Acheson", is_administrator=True)
    blocked = a_person_of(acme, "Ann Berry", is_administrator=True).memberships.get()
    blocked.blocked_at = NOW
    blocked.save()
    a_key(acme, "First")
    assert [delivery.user.name for delivery in told() if delivery.user] == ["Anna Acheson"]

    a_key(acme, "Second")
    Partner.objects.update(status="suspended")
    assert told() == []


def test_the_mail_is_sent_and_shown_among_the_deliveries(acme: Partner) -> None:
    a_person_of(acme, "Anna Acheson", is_administrator=True)
    a_key(acme)
    told()
    postman = Postman()

    deliveries.send_all(NOW, postman)

    assert [letter.subject for letter in postman.letters] == [
        "A key of Acme Wholesale is about to expire: Order system"
    ]
    delivery = Delivery.objects.get()
    rosa = signed_in(a_representative())
    assert rosa.get("/console/deliveries/").status_code == 200
    assert "about to expire" in rosa.get(f"/console/deliveries/{delivery.pk}/").text


def test_the_number_of_queries_does_not_grow(acme: Partner, django_assert_max_num_queries: Any) -> None:
    counts = []
    for portion in (1, 4):
        for number in range(portion):
            a_person_of(acme, f"Person {portion} {number}", is_administrator=True)
            a_key(acme, f"System {portion} {number}")
        expiry.sweep(at=NOW)
        with django_assert_max_num_queries(60) as queries:
            relay.relay_some(NOW)
        counts.append(len(queries))

    assert counts[0] == counts[1]
