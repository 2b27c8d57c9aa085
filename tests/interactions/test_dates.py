"""Dates that move, by worked example. Office hours: Monday to Friday, nine to five in Berlin; June is UTC+2."""

from datetime import datetime
from typing import Any

import pytest

from interactions.domain import changes, dates, explanations, watch
from interactions.domain.changes import Decision, Wish
from interactions.domain.dates import NewDate
from interactions.enums import ChangeKind, ChangeState, ClockKind, Jeopardy, Move, Side
from interactions.errors import NotAccepted
from interactions.models import ChangeRequest, Clock, Interaction
from partners.models import OutboxMessage, RecordEntry
from tests.factories.partners import moment
from tests.factories.world import a_partner, a_person_of, an_actor_for
from tests.interactions.stages import HOUR, a_matter, an_office_policy, answered, made, rosa, stored

pytestmark = pytest.mark.django_db

MONDAY = moment("2026-06-08 07:00")  # nine o'clock in Berlin
FIRST = moment("2026-06-09 15:00")  # sixteen hours later, Tuesday at five
THURSDAY = moment("2026-06-11 10:00")
SATURDAY = moment("2026-06-13 10:00")
FRIDAY_AT_FIVE = moment("2026-06-12 15:00")


def promised(**fields: Any) -> Interaction:
    acme = a_partner()
    an_office_policy(partner=acme, first_response=16 * HOUR, resolution=16 * HOUR, silence_limit=900 * HOUR)
    interaction = made(a_matter(partner=acme, at=MONDAY, **fields), Move.START, at=MONDAY)
    answered(interaction, MONDAY)
    interaction.refresh_from_db()
    return interaction


def clock(interaction: Interaction) -> Clock:
    return interaction.clocks.get(kind=ClockKind.RESOLUTION)


def moved(interaction: Interaction, to: datetime, *, at: datetime = MONDAY + HOUR, reason: str = "No duct.") -> Clock:
    dates.move(interaction, NewDate(to=to, reason=reason), actor=rosa(), at=at)
    return clock(interaction)


def told(interaction: Interaction) -> list[tuple[str, int]]:
    entries = RecordEntry.objects.of_stream(interaction.stream).filter(facts__clock=ClockKind.RESOLUTION)
    return [(entry.event, entry.facts["share"]) for entry in entries.filter(facts__has_key="share")]


def wished(interaction: Interaction, to: datetime) -> ChangeRequest:
    paul = an_actor_for(a_person_of(interaction.partner, "Paul Acheson"))
    wish = Wish(kind=ChangeKind.DATE, reason="The site is closed.", wanted_at=to)
    return changes.ask(interaction, wish, actor=paul, at=MONDAY)


def decided(request: ChangeRequest, **fields: Any) -> ChangeRequest:
    decision = Decision(**{"is_accepted": True, "text": "As you wish.", **fields})
    return changes.decide(request, decision, actor=rosa(), at=MONDAY + HOUR)


def test_the_owner_moves_the_date_with_a_reason_and_the_record_tells_both_sides() -> None:
    interaction = promised()

    after = moved(interaction, THURSDAY)

    assert (after.due_at, after.extension, after.round) == (THURSDAY, 11 * HOUR, 1)
    interaction.refresh_from_db()
    assert interaction.due_at == THURSDAY
    entry = RecordEntry.objects.of_stream(interaction.stream).get(event="interaction.date_moved")
    facts = {name: entry.facts[name] for name in ("came_from", "became", "clock", "round", "cause", "other_day")}
    assert facts == {
        "came_from": FIRST.isoformat(),
        "became": THURSDAY.isoformat(),
        "clock": "resolution",
        "round": 1,
        "cause": "owner",
        "other_day": True,
    }
    assert entry.text("reason") == "No duct."
    assert OutboxMessage.objects.filter(entry=entry).exists()


def test_an_earlier_date_is_promised_just_the_same() -> None:
    after = moved(promised(), moment("2026-06-09 08:00"))

    assert (after.due_at, after.extension) == (moment("2026-06-09 08:00"), -7 * HOUR)


def test_a_pause_after_the_move_is_credited_on_top_of_it() -> None:
    interaction = promised()
    moved(interaction, THURSDAY)

    made(interaction, Move.ASK, at=moment("2026-06-10 08:00"))
    answered(interaction, moment("2026-06-10 11:00"), Side.PARTNER)

    assert clock(interaction).due_at == moment("2026-06-11 13:00")


def test_a_promise_that_stands_still_moves_with_the_waiting() -> None:
    interaction = promised()
    made(interaction, Move.ASK, at=MONDAY + HOUR)

    assert moved(interaction, THURSDAY, at=MONDAY + 2 * HOUR).due_at is None
    answered(interaction, MONDAY + 3 * HOUR, Side.PARTNER)

    assert clock(interaction).due_at == THURSDAY + HOUR


def test_the_thresholds_of_the_new_date_are_told_anew_and_those_of_the_old_one_no_more() -> None:
    interaction = promised()
    warned_at = moment("2026-06-09 12:00")
    watch.sweep(at=warned_at)

    moved(interaction, THURSDAY, at=warned_at)
    watch.sweep(at=moment("2026-06-09 15:30"))
    interaction.refresh_from_db()
    assert interaction.jeopardy == Jeopardy.ON_TRACK
    watch.sweep(at=moment("2026-06-11 09:00"))
    watch.sweep(at=moment("2026-06-11 10:30"))

    assert told(interaction) == [("clock.warned", 75), ("clock.warned", 75), ("clock.breached", 100)]
    assert clock(interaction).breached_at == THURSDAY


def test_a_promise_that_was_broken_stays_broken_under_its_new_date() -> None:
    interaction = promised()

    after = moved(interaction, THURSDAY, at=moment("2026-06-10 08:00"))

    assert (after.breached_at, after.due_at) == (FIRST, THURSDAY)
    assert told(interaction) == [("clock.breached", 100)]
    made(interaction, Move.RESOLVE, at=moment("2026-06-10 09:00"))
    found = next(each for each in explanations.clocks_of(interaction) if each.kind == ClockKind.RESOLUTION)
    assert explanations.of(found, at=THURSDAY).outcome == "broken"


def test_the_explanation_of_the_due_time_names_the_move() -> None:
    interaction = promised()
    moved(interaction, THURSDAY)

    found = next(each for each in explanations.clocks_of(interaction) if each.kind == ClockKind.RESOLUTION)
    explained = explanations.of(found, at=MONDAY + 2 * HOUR)

    assert [move.text("reason") for move in explained.moves] == ["No duct."]
    assert (explained.undisturbed_at, explained.used + explained.left) == (FIRST, 27 * HOUR)


@pytest.mark.parametrize(
    ("to", "reason", "where"),
    [
        (MONDAY, "Late", "to"),
        (FIRST, "Late", "to"),
        (SATURDAY, "Late", "to"),
        (moment("2046-06-08 07:00"), "Late", "to"),
        (THURSDAY, "  ", "reason"),
    ],
)
def test_a_date_that_cannot_be_promised_is_refused_and_nothing_changes(to: datetime, reason: str, where: str) -> None:
    interaction = promised()
    before = stored(interaction)

    with pytest.raises(NotAccepted) as refused:
        moved(interaction, to, reason=reason)

    assert refused.value.attribute == where
    assert stored(interaction) == before


def test_nothing_moves_once_it_is_solved_or_where_nothing_is_promised() -> None:
    solved = made(promised(), Move.RESOLVE, at=MONDAY + HOUR)
    unpromised = a_matter(partner=a_partner("Globex Mobile"))
    unpromised.clocks.all().delete()
    for interaction in (solved, unpromised):
        with pytest.raises(NotAccepted, match="no date to move"):
            moved(interaction, THURSDAY)


def test_a_yes_to_another_date_moves_the_promise_to_when_we_are_open() -> None:
    interaction = promised()

    done = decided(wished(interaction, SATURDAY))

    assert done.state == ChangeState.ACCEPTED
    assert clock(interaction).due_at == FRIDAY_AT_FIVE
    entry = RecordEntry.objects.of_stream(interaction.stream).get(event="interaction.date_moved")
    assert (entry.facts["cause"], entry.text("reason")) == ("request", "As you wish.")


def test_the_owner_may_grant_another_date_than_was_asked_for() -> None:
    interaction = promised()

    decided(wished(interaction, SATURDAY), date=THURSDAY)

    assert clock(interaction).due_at == THURSDAY


def test_a_no_moves_nothing() -> None:
    interaction = promised()

    decided(wished(interaction, SATURDAY), is_accepted=False, text="The crew is booked.")

    assert clock(interaction).due_at == FIRST


def test_a_wish_for_another_date_says_which() -> None:
    interaction = promised()

    for wanted_at in (None, MONDAY - HOUR):
        wish = Wish(kind=ChangeKind.DATE, reason="The site is closed.", wanted_at=wanted_at)
        with pytest.raises(NotAccepted) as refused:
            changes.ask(interaction, wish, actor=rosa(), at=MONDAY)
        assert refused.value.attribute == "wanted_at"
