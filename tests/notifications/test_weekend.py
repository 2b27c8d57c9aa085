"""Story 5 as both sides meet it: an order needs something of the partner on Friday evening, and goes on with it.

Office hours: Monday to Friday, nine to five in Berlin; June is UTC+2.
"""

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from interactions.domain import watch
from interactions.enums import ClockKind, Status
from interactions.models import Clock, Interaction
from notifications.domain import relay
from notifications.models import Delivery
from partners.models import User
from tests.factories.partners import moment
from tests.factories.world import (
    a_partner,
    a_person_of,
    a_representative,
    a_team,
    a_type,
    an_actor_for,
    an_interaction,
    signed_in,
)
from tests.interactions.stages import HOUR, an_office_policy

pytestmark = pytest.mark.django_db

THURSDAY = moment("2026-06-11 07:00")  # nine o'clock in Berlin
FRIDAY = moment("2026-06-12 14:30")  # half past four in Berlin
MONDAY = moment("2026-06-15 12:00")
TUESDAY = moment("2026-06-16 08:00")


@pytest.fixture
def rosa() -> User:
    return a_representative("Rosa Lindqvist")


@pytest.fixture
def paul() -> User:
    return a_person_of(a_partner("Acme Wholesale"), "Paul Acheson")


@pytest.fixture
def order(rosa: User, paul: User) -> Interaction:
    """Acme's order, checked, delivered and billed by one team; Rosa has answered it."""
    acme = paul.memberships.get().partner
    times = {"first_response": 8, "resolution": 40, "answer": 4, "silence_limit": 400}
    an_office_policy(partner=acme, **{name: hours * HOUR for name, hours in times.items()})
    team = a_team("delivery", members=[rosa])
    a_type("long-order", team=team, plan=[("Check", team), ("Deliver", team), ("Bill", team)])
    return an_interaction(acme, subject="1 Gbit/s to Oslo", type="long-order", actor=an_actor_for(paul), at=THURSDAY)


def told(user: User) -> list[str]:
    """The subjects of what was written to somebody since this was asked last."""
    relay.relay_all(timezone.now())
    found = Delivery.objects.filter(user=user).order_by("id")
    subjects = [delivery.subject.partition("] ")[2] for delivery in found]
    found.delete()
    return subjects


def resolution(order: Interaction) -> Clock:
    return order.clocks.get(kind=ClockKind.RESOLUTION)


def test_a_long_order_waits_over_the_weekend_and_goes_on_with_the_answer(
    order: Interaction, rosa: User, paul: User
) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        asked_by_rosa(signed_in(rosa), order)
        assert "We need something from you: 1 Gbit/s to Oslo" in told(paul)
    paused = resolution(order)
    assert (paused.due_at, paused.paused_why) == (None, "the consent of the building's owner")

    watch.sweep(at=moment("2026-06-13 12:00"))
    assert told(paul) == []  # nobody is reminded on a Saturday
    with time_machine.travel(MONDAY, tick=False):
        watch.sweep(at=MONDAY)
        assert told(paul)[-1].startswith(("A reminder", "Your answer is overdue"))

    with time_machine.travel(TUESDAY, tick=False):
        browser = signed_in(paul)
        page = browser.get(f"/portal/interactions/{order.number}/").text
        assert "We need a document from you" in page
        assert "The consent of the building&#x27;s owner" in page
        order.refresh_from_db()
        answer = {"text": "Here is the consent.", "version": order.version}
        assert browser.post(f"/portal/interactions/{order.number}/answer/", answer).status_code == 302
        told_to_both = (told(paul), told(rosa))

    order.refresh_from_db()
    after = resolution(order)
    # half an hour of Friday, eight hours of Monday and one of Tuesday were credited
    assert (order.status, after.due_at) == (Status.IN_PROGRESS, moment("2026-06-19 08:30"))
    assert any(subject.startswith("New date") for subject in told_to_both[0])
    assert told_to_both[1]
    with time_machine.travel(TUESDAY, tick=False):
        assert "New date" in signed_in(paul).get(f"/portal/interactions/{order.number}/").text
        explained = signed_in(rosa).get(f"/console/interactions/{order.number}/promises/{after.pk}/").text
    assert "the consent of the building&#x27;s owner" in explained


def asked_by_rosa(browser: Client, order: Interaction) -> None:
    filled = {
        "version": Interaction.objects.get(pk=order.pk).version,
        "waiting_for": "the consent of the building's owner",
        "waiting_kind": "document",
        "waiting_side": "partner",
    }
    response = browser.post(f"/console/interactions/{order.number}/move/ask/", filled)
    assert response.status_code == 302
