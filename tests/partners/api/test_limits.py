"""Too many calls in a minute are refused, for each client and each address; nobody waits for a cache that is away."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from partners.api import limits
from tests import database
from tests.factories.machines import Machine
from tests.factories.world import a_partner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def half_a_minute() -> Iterator[None]:
    """Twenty seconds before a minute is over, with counters at nought."""
    database.flush_broker()
    with time_machine.travel("2026-06-01 09:00:40+00:00"):
        yield


def test_a_client_that_calls_too_often_is_refused_until_the_next_minute(settings: Any) -> None:
    settings.API_CALLS_PER_CLIENT = 2
    machine, other = Machine(a_partner("Acme Wholesale")), Machine(a_partner("Globex"))

    answers = [machine.get() for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "20"
    assert answers[2].json() == {
        "@type": "Error",
        "code": "53",
        "reason": "Too many requests",
        "message": "Call again in 20 seconds.",
        "status": "429",
    }
    assert other.get().status_code == 200
    with time_machine.travel("2026-06-01 09:01:00+00:00"):
        assert machine.get().status_code == 200


def test_an_address_counts_whoever_calls_and_the_refused_too(settings: Any) -> None:
    settings.API_CALLS_PER_ADDRESS = 3
    machine, stranger = Machine(a_partner()), Client()

    answers = [machine.get(), stranger.get("/tmf-api/partyInteraction/v4/partyInteraction"), machine.post({})]

    assert [answer.status_code for answer in answers] == [200, 401, 400]
    assert machine.get().status_code == 429
    bought = stranger.post("/identity/o/api/token", {"grant_type": "client_credentials"})
    assert (bought.status_code, bought.json(), bought.headers["Retry-After"]) == (429, {"error": "slow_down"}, "20")
    assert stranger.get("/", REMOTE_ADDR="192.0.2.7").status_code == 302


def test_a_cache_that_does_not_answer_stops_nobody_and_is_left_alone_for_a_while(settings: Any) -> None:
    settings.API_CALLS_PER_CLIENT = 1
    settings.CACHES = {"default": {"LOCATION": "unix:///nowhere/valkey.sock"}}
    machine = Machine(a_partner())

    assert [machine.get().status_code for _ in range(3)] == [200, 200, 200]
    assert limits.counters("unix:///nowhere/valkey.sock").silent_until > 0
