"""Whose turn it is, for how long, and what that comes to."""

import pytest

from interactions.domain.lifecycle import Words
from interactions.enums import Move, Side, Status
from interactions.models import Interaction
from partners.models import ServicePolicy
from tests.factories.partners import moment
from tests.factories.world import a_partner
from tests.interactions.stages import HOUR, a_matter, an_office_policy, answered, made

pytestmark = pytest.mark.django_db

FRIDAY = moment("2026-06-12 07:00")  # nine o'clock in Berlin; the office is open until five
THIRD = Words(waiting_for="a repair", waiting_side=Side.THIRD_PARTY)


def a_friday_matter() -> Interaction:
    acme = a_partner()
    an_office_policy(partner=acme)
    return a_matter(partner=acme, at=FRIDAY)


def turns(interaction: Interaction) -> list[tuple[str, str, str, float]]:
    return [
        (turn.side, f"{turn.began_at:%a %H:%M}", f"{turn.ended_at:%a %H:%M}", turn.counted / HOUR)
        for turn in interaction.turns.order_by("began_at")
    ]


def hours(interaction: Interaction, *names: str) -> list[float]:
    interaction.refresh_from_db()
    return [getattr(interaction, name) / 3600 for name in names]


def test_each_side_s_time_is_counted_in_business_time_and_as_it_passes() -> None:
    interaction = a_friday_matter()
    made(interaction, Move.ASK, at=FRIDAY + 6 * HOUR)
    made(interaction, Move.ANSWER, at=moment("2026-06-15 09:00"))  # eleven in Berlin
    made(interaction, Move.ASK, at=moment("2026-06-15 10:00"), words=THIRD)
    made(interaction, Move.RESUME, at=moment("2026-06-15 14:00"))
    made(interaction, Move.RESOLVE, at=moment("2026-06-15 15:00"))
    made(interaction, Move.CONFIRM, at=moment("2026-06-16 08:00"))

    assert turns(interaction) == [
        ("enterprise", "Fri 07:00", "Fri 13:00", 6),
        ("partner", "Fri 13:00", "Mon 09:00", 4),
        ("enterprise", "Mon 09:00", "Mon 10:00", 1),
        ("third_party", "Mon 10:00", "Mon 14:00", 4),
        ("enterprise", "Mon 14:00", "Mon 15:00", 1),
        ("partner", "Mon 15:00", "Tue 08:00", 1),
    ]
    assert hours(interaction, "enterprise_seconds", "partner_seconds", "third_party_seconds") == [8, 5, 4]
    assert hours(interaction, "enterprise_elapsed", "partner_elapsed", "third_party_elapsed") == [8, 68 + 17, 4]
    assert hours(interaction, "paused_seconds", "paused_elapsed") == [8, 72]
    assert interaction.ball_since is None


def test_the_times_to_the_answers_are_kept() -> None:
    interaction = a_friday_matter()
    answered(interaction, moment("2026-06-15 08:00"))
    made(interaction, Move.ASK, at=moment("2026-06-15 09:00"))
    made(interaction, Move.ANSWER, at=moment("2026-06-15 12:00"))
    made(interaction, Move.RESOLVE, at=moment("2026-06-15 14:00"))

    assert hours(interaction, "response_seconds", "response_elapsed") == [9, 73]
    # what the partner took is not ours, but it did pass
    assert hours(interaction, "resolution_seconds", "resolution_elapsed") == [12, 79]


def test_a_reopened_matter_has_no_time_to_its_solution_until_it_has_one_again() -> None:
    interaction = a_friday_matter()
    made(interaction, Move.RESOLVE, at=FRIDAY + HOUR)
    made(interaction, Move.REOPEN, at=FRIDAY + 3 * HOUR)
    interaction.refresh_from_db()
    assert (interaction.resolution_seconds, interaction.resolution_elapsed) == (None, None)

    made(interaction, Move.RESOLVE, at=FRIDAY + 5 * HOUR)

    assert hours(interaction, "resolution_seconds", "resolution_elapsed", "partner_seconds") == [3, 5, 2]
    assert interaction.reopen_count == 1


def test_a_solution_is_a_first_response() -> None:
    interaction = a_friday_matter()

    made(interaction, Move.RESOLVE, at=FRIDAY + HOUR)

    assert hours(interaction, "response_seconds", "response_elapsed") == [1, 1]


def test_where_nothing_is_promised_the_team_s_hours_count() -> None:
    ServicePolicy.objects.all().delete()
    interaction = a_matter()

    assert interaction.policy is None
    assert interaction.calendar is not None
    assert interaction.calendar.calendar == interaction.team.calendar


def test_a_verb_that_waited_takes_no_time_back() -> None:
    interaction = a_friday_matter()
    made(interaction, Move.ASK, at=FRIDAY + 2 * HOUR)

    made(interaction, Move.ANSWER, at=FRIDAY + HOUR)

    assert turns(interaction) == [("enterprise", "Fri 07:00", "Fri 09:00", 2)]
    interaction.refresh_from_db()
    assert interaction.ball_since == FRIDAY + 2 * HOUR


@pytest.mark.parametrize("status", [Status.CLOSED, Status.CANCELLED, Status.ANNULLED])
def test_nobody_has_the_ball_after_the_end(status: Status) -> None:
    interaction = a_matter(status)

    assert (interaction.ball_since, interaction.ball) == (None, Side.ENTERPRISE)


def test_turns_are_counted_on_the_calendar_of_the_promise() -> None:
    interaction = a_friday_matter()

    assert interaction.policy is not None
    assert interaction.calendar is not None
    assert interaction.calendar.calendar == interaction.policy.calendar
