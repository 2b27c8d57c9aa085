"""Which promise applies: a table of who asks for what, and which policy wins."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from partners.domain import policies
from partners.enums import Priority
from partners.models import CalendarVersion, Partner, PolicyVersion, ServicePolicy
from tests.factories.partners import LONG_AGO
from tests.factories.world import a_next_version, a_partner, a_policy

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)
CRITERIA = ("partner", "type", "role", "priority")


@pytest.fixture
def acme() -> Partner:
    ServicePolicy.objects.all().delete()
    return a_partner("Acme Wholesale", role="wholesaler")


def a_policy_of(acme: Partner, *criteria: str, **fields: Any) -> PolicyVersion:
    meant: dict[str, dict[str, Any]] = {
        "partner": {"partner": acme},
        "type": {"interaction_type": "fault"},
        "role": {"role_kind": acme.roles.get().kind},
        "priority": {"priority": Priority.HIGH},
    }
    chosen = {key: value for name in criteria for key, value in meant[name].items()}
    return a_policy(**{"name": " ".join(criteria), "effective_from": LONG_AGO, **chosen, **fields})


def question(acme: Partner) -> dict[str, Any]:
    return {
        "partner_id": acme.pk,
        "role_kind_id": acme.roles.get().kind_id,
        "interaction_type": "fault",
        "priority": Priority.HIGH,
    }


def applied(acme: Partner, *, on: date = TODAY, **asked: Any) -> str | None:
    found = policies.applying(**question(acme) | asked, on=on)
    return found.policy.name if found else None


# from the most to the least specific: each wins over all that stand below it
ORDER = [
    ("partner", "type", "role", "priority"),
    ("partner", "type", "role"),
    ("partner", "type", "priority"),
    ("partner", "type"),
    ("partner", "role", "priority"),
    ("partner", "role"),
    ("partner", "priority"),
    ("partner",),
    ("type", "role", "priority"),
    ("type", "role"),
    ("type", "priority"),
    ("type",),
    ("role", "priority"),
    ("role",),
    ("priority",),
    (),
]


def test_the_most_specific_wins_whatever_was_made_first(acme: Partner) -> None:
    for criteria in ORDER:
        a_policy_of(acme, *criteria)

    for criteria in ORDER:
        assert applied(acme) == " ".join(criteria)
        ServicePolicy.objects.filter(name=" ".join(criteria)).delete()
    assert applied(acme) is None


@pytest.mark.parametrize(
    ("criterion", "asked"),
    [
        ("type", {"interaction_type": "order"}),
        ("priority", {"priority": Priority.LOW}),
        ("role", {"role_kind_id": None}),
        ("partner", {"partner_id": 999_999_999}),
    ],
)
def test_what_does_not_match_does_not_apply(acme: Partner, criterion: str, asked: dict[str, Any]) -> None:
    a_policy_of(acme, criterion)

    assert applied(acme) == criterion
    assert applied(acme, **asked) is None


def test_dates_of_effect_hold_on_both_days(acme: Partner) -> None:
    a_policy_of(acme, effective_from=date(2026, 5, 31), effective_until=date(2026, 6, 2), name="June")

    days = [date(2026, 5, 30), date(2026, 5, 31), date(2026, 6, 2), date(2026, 6, 3)]
    assert [applied(acme, on=day) for day in days] == [None, "June", "June", None]


def test_among_equals_the_one_that_took_effect_last_applies(acme: Partner) -> None:
    a_policy_of(acme, name="new", effective_from=date(2026, 5, 1))
    a_policy_of(acme, name="old")
    a_policy_of(acme, name="next year", effective_from=date(2027, 1, 1))

    assert applied(acme) == "new"
    assert applied(acme, on=date(2026, 4, 30)) == "old"


def test_the_newest_version_that_has_taken_effect_applies(acme: Partner) -> None:
    first = a_policy_of(acme, name="Standard")
    second = a_next_version(first, effective_from=date(2026, 7, 1))

    found = [policies.applying(**question(acme), on=day) for day in (TODAY, date(2026, 6, 30), date(2026, 7, 1))]

    assert found == [first, first, second]


def test_a_policy_ends_by_a_version_that_has_an_end(acme: Partner) -> None:
    first = a_policy_of(acme, name="Standard")
    a_next_version(first, effective_until=date(2026, 5, 31))

    assert (applied(acme), applied(acme, on=date(2026, 5, 31))) == (None, "Standard")


def test_a_version_for_somebody_else_no_longer_applies_to_us(acme: Partner) -> None:
    first = a_policy_of(acme, "partner", name="Ours")
    a_next_version(first, partner=a_partner("Globex"))

    assert applied(acme) is None


def test_what_was_said_is_never_edited(acme: Partner) -> None:
    version = a_policy_of(acme)

    with pytest.raises(IntegrityError, match="add the next version"), transaction.atomic():
        PolicyVersion.objects.filter(pk=version.pk).update(resolution="99:00:00")
    with pytest.raises(IntegrityError, match="add the next version"), transaction.atomic():
        CalendarVersion.objects.filter(calendar=version.calendar).update(weekly_hours=[])


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_response": "0:00:00"},
        {"silence_limit": "0:00:00"},
        {"first_response": "10:00:00", "resolution": "9:00:00"},
        {"effective_until": date(2019, 1, 1)},
    ],
)
def test_a_policy_promises_some_time_in_some_period(acme: Partner, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match="version_"), transaction.atomic():
        a_policy_of(acme, **wrong)
