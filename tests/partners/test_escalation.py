"""Thresholds of a promise and who is told at each."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from partners.domain import escalation
from partners.enums import EscalationTarget
from partners.models.policy_version import validate_escalation


def shares(told: dict[str, list[int]]) -> list[int]:
    chain, found = escalation.read(told), []
    share: int | None = 0
    while (share := chain.after(share or 0)) is not None:
        found.append(share)
    return found


def test_thresholds_come_one_after_the_other_whoever_is_told() -> None:
    assert shares({"owner": [75, 100], "leads": [100, 150], "partner": [50]}) == [50, 75, 100, 150]


def test_being_due_is_a_threshold_even_where_nobody_is_told() -> None:
    assert shares({}) == [100]
    assert escalation.read({}).at(100) == []


def test_at_a_threshold_those_are_told_who_asked_for_it() -> None:
    chain = escalation.read({"leads": [100], "owner": [75, 100], "partner_escalation": []})

    assert chain.at(75) == [EscalationTarget.OWNER]
    assert chain.at(100) == [EscalationTarget.OWNER, EscalationTarget.LEADS]
    assert chain.at(99) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {"everybody": [100]},
        {"owner": 100},
        {"owner": [0]},
        {"owner": [1001]},
        {"owner": [True]},
        {"owner": ["75"]},
        {"owner": [100, 75]},
        {"owner": [75, 75]},
        {"owner": list(range(1, 12))},
    ],
)
def test_what_makes_no_chain_is_refused(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        validate_escalation(wrong)
