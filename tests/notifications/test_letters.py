"""A letter with a secret in it: kept without it, sent with it, and not sent at all when it would come too late."""

from datetime import timedelta

import pytest

from interactions.domain import caller_checks, caller_codes
from interactions.models import CallerCheck
from notifications.domain import deliveries, letters, relay
from notifications.enums import DeliveryState
from notifications.models import Delivery
from partners.models import User
from tests.factories.world import a_partner, a_person_of, a_representative, an_actor_for
from tests.notifications.conftest import NOON, Postman

pytestmark = pytest.mark.django_db


@pytest.fixture
def paul() -> User:
    return a_person_of(a_partner("Acme Wholesale"), "Paul Acheson")


def a_code_for(user: User) -> CallerCheck:
    rosa = an_actor_for(a_representative("Rosa Lind"))
    check = caller_checks.begin(user.memberships.get().partner, actor=rosa, at=NOON)
    return caller_checks.send_code(check, f"member-{user.pk}", actor=rosa, at=NOON)


def test_the_code_is_in_the_mail_and_nowhere_else(paul: User, postman: Postman) -> None:
    check = a_code_for(paul)
    code = caller_codes.code_of(check.pk, check.code_nonce)

    relay.relay_all(NOON)
    deliveries.send_all(NOON, postman)

    (letter,) = postman.letters
    assert letter.recipient == paul.email
    assert code in letter.text
    assert code in letter.html
    kept = Delivery.objects.get()
    assert kept.state == DeliveryState.COMPLETED
    assert code not in kept.text + kept.html + kept.subject
    assert letters.PLACE in kept.text


@pytest.mark.parametrize("late", ["old", "used", "replaced"])
def test_a_code_that_holds_no_longer_is_not_sent(paul: User, postman: Postman, late: str) -> None:
    check = a_code_for(paul)
    relay.relay_all(NOON)
    at = NOON + (timedelta(minutes=11) if late == "old" else timedelta(minutes=1))
    rosa = an_actor_for(User.objects.get(is_representative=True))
    if late == "used":
        caller_checks.enter_code(check, caller_codes.code_of(check.pk, check.code_nonce), actor=rosa, at=at)
    if late == "replaced":
        caller_checks.send_code(check, f"member-{paul.pk}", actor=rosa, at=at)

    deliveries.send_all(at, postman)

    assert postman.letters == []
    assert (Delivery.objects.get().state, Delivery.objects.get().error) == (DeliveryState.FAILED, deliveries.LAPSED)
