"""Ageing, stuck and bouncing: the page and the list say the same."""

from collections.abc import Callable
from typing import Any

import pytest

from interactions.domain import flags, measures, ownership
from interactions.domain.flags import Flag
from interactions.enums import Move, Side, Status
from interactions.models import Interaction
from tests.factories.world import a_partner, a_team
from tests.interactions.stages import DAY, HOUR, MONDAY, a_matter, an_office_policy, answered, made, rosa

pytestmark = pytest.mark.django_db


def raised(interaction: Interaction, at: Any) -> list[Flag]:
    """What the page shows; the list must find it by the same flags and no others."""
    interaction.refresh_from_db()
    found = [each.flag for each in flags.of(interaction, at=at)]
    listed = [flag for flag in Flag if flags.raising(Interaction.objects.all(), flag, at=at).exists()]
    assert listed == found
    return found


def test_what_is_open_for_long_ages() -> None:
    interaction = a_matter()
    answered(interaction, MONDAY + 29 * DAY)

    assert raised(interaction, MONDAY + 30 * DAY) == []
    assert raised(interaction, MONDAY + 30 * DAY + HOUR) == [Flag.AGEING]


def test_what_is_ours_and_does_not_move_is_stuck() -> None:
    interaction = a_matter()

    assert raised(interaction, MONDAY + 5 * DAY) == []
    assert raised(interaction, MONDAY + 6 * DAY) == [Flag.STUCK]
    made(interaction, Move.ASK, at=MONDAY + 6 * DAY)
    assert raised(interaction, MONDAY + 20 * DAY) == []


def handed_over(interaction: Interaction) -> None:
    for number in range(3):
        team = a_team(f"team-{number}")
        ownership.hand_over(interaction, team, reason="Not ours.", actor=rosa(), at=MONDAY)


def reopened(interaction: Interaction) -> None:
    for move in (Move.RESOLVE, Move.REOPEN) * 2:
        made(interaction, move)


@pytest.mark.parametrize("bounce", [handed_over, reopened])
def test_what_goes_to_and_fro_bounces(bounce: Callable[[Interaction], None]) -> None:
    interaction = a_matter()
    assert raised(interaction, MONDAY) == []

    bounce(interaction)

    assert raised(interaction, MONDAY) == [Flag.BOUNCING]


def test_what_has_ended_raises_nothing() -> None:
    interaction = a_matter(Status.CANCELLED)

    assert raised(interaction, MONDAY + 100 * DAY) == []


def test_the_times_of_each_side_add_up_with_the_turn_that_runs() -> None:
    acme = a_partner()
    an_office_policy(partner=acme)
    interaction = a_matter(partner=acme)  # Monday, eleven o'clock in Berlin
    answered(interaction, MONDAY + HOUR)
    made(interaction, Move.ASK, at=MONDAY + 2 * HOUR)
    interaction.refresh_from_db()

    found = {each.name: (each.counted, each.elapsed) for each in measures.of(interaction, at=MONDAY + DAY)}

    assert found == {
        "response": (HOUR, HOUR),
        "enterprise": (2 * HOUR, 2 * HOUR),
        "partner": (6 * HOUR, 22 * HOUR),
        "paused": (6 * HOUR, 22 * HOUR),
    }
    answered(interaction, MONDAY + DAY, Side.PARTNER)
    interaction.refresh_from_db()
    again = {each.name: (each.counted, each.elapsed) for each in measures.of(interaction, at=MONDAY + DAY)}
    assert again == found
