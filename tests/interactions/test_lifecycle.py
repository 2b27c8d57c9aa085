"""Every status and every move: where it leads, or why it is refused."""

from datetime import timedelta
from typing import Any

import pytest

from interactions.domain import lifecycle
from interactions.domain.lifecycle import MOVES, Words
from interactions.enums import Event, Move, Side, Status, StepStatus
from interactions.errors import ChangedMeanwhile, MoveNotAllowed, ReasonMissing, ReopenTooLate, StepsOpen
from interactions.models import Interaction, Step
from partners.models import OutboxMessage, RecordEntry
from tests.factories.world import a_team, a_type
from tests.interactions.stages import HOUR, MONDAY, WORDS, a_matter, events, made, rosa, stored

pytestmark = pytest.mark.django_db

# A second opinion on lifecycle.MOVES, written from the words of the product; "-" is refused.
TABLE = """
             start        ask      answer       resume       resolve   confirm  reopen       close   cancel     annul
received     in_progress  waiting  -            -            resolved  -        -            -       cancelled  annulled
in_progress  -            waiting  -            -            resolved  -        -            -       cancelled  annulled
waiting      -            -        in_progress  in_progress  -         -        -            -       cancelled  annulled
resolved     -            -        -            -            -         closed   in_progress  closed  -          annulled
closed       -            -        -            -            -         -        in_progress  -       -          annulled
cancelled    -            -        -            -            -         -        -            -       -          annulled
annulled     -            -        -            -            -         -        -            -       -          -
"""
WITH_ANOTHER = """
             merge   unmerge      pass_on
received     closed  -            closed
in_progress  closed  -            closed
waiting      closed  -            closed
resolved     closed  -            -
closed       -       in_progress  -
cancelled    -       -            -
annulled     -       -            -
"""
BY_ITSELF = """
             lapse
received     -
in_progress  -
waiting      closed
resolved     -
closed       -
cancelled    -
annulled     -
"""


def cells(table: str) -> dict[tuple[Status, Move], Status | None]:
    header, *rows = [line.split() for line in table.strip().splitlines()]
    return {
        (Status(row[0]), Move(move)): Status(target) if target != "-" else None
        for row in rows
        for move, target in zip(header, row[1:], strict=True)
    }


MATRIX = cells(TABLE) | cells(WITH_ANOTHER) | cells(BY_ITSELF)
EVENTS = {
    Move.START: "interaction.started",
    Move.ASK: "interaction.waiting",
    Move.ANSWER: "interaction.answered",
    Move.RESUME: "interaction.resumed",
    Move.RESOLVE: "interaction.resolved",
    Move.CONFIRM: "interaction.confirmed",
    Move.REOPEN: "interaction.reopened",
    Move.CLOSE: "interaction.closed",
    Move.CANCEL: "interaction.cancelled",
    Move.ANNUL: "interaction.annulled",
    Move.MERGE: "interaction.merged",
    Move.UNMERGE: "interaction.unmerged",
    Move.PASS_ON: "interaction.passed_on",
    Move.LAPSE: "interaction.lapsed",
}
POSSIBLE = [cell for cell, target in MATRIX.items() if target]


def test_the_table_names_every_status_and_every_move() -> None:
    assert set(MATRIX) == {(status, move) for status in Status for move in Move}


@pytest.mark.parametrize(("status", "move"), POSSIBLE)
def test_a_possible_move_leads_to_its_status_and_is_recorded_once(status: Status, move: Move) -> None:
    interaction = a_matter(status)
    before, told = events(interaction), OutboxMessage.objects.count()

    moved = made(interaction, move, at=MONDAY + HOUR)

    target = MATRIX[status, move]
    interaction.refresh_from_db()
    assert (moved.status, interaction.status, interaction.status_changed_at) == (target, target, MONDAY + HOUR)
    assert interaction.version == moved.version
    new_date = [Event.DATE_MOVED] if move in {Move.ANSWER, Move.RESUME} else []
    assert events(interaction) == [*before, EVENTS[move], *new_date]
    assert OutboxMessage.objects.count() == told + 1 + len(new_date)
    fact = RecordEntry.objects.of_stream(interaction.stream).get(event=EVENTS[move], sequence=len(before) + 1)
    assert fact.facts["came_from"] == status
    assert fact.facts["status"] == target


@pytest.mark.parametrize("status", list(Status))
def test_an_impossible_move_is_refused_and_changes_nothing(status: Status) -> None:
    interaction = a_matter(status)
    before = stored(interaction)

    for move in Move:
        if not MATRIX[status, move]:
            with pytest.raises(MoveNotAllowed) as refused:
                made(interaction, move, at=MONDAY + HOUR)

            assert (refused.value.move, refused.value.status) == (move, status)
            assert stored(interaction) == before, move


@pytest.mark.parametrize("status", list(Status))
def test_possible_names_the_moves_of_the_row(status: Status) -> None:
    interaction = a_matter(status)

    assert set(lifecycle.possible(interaction)) == {move for move in Move if MATRIX[status, move]}


NEEDS = [(move, arrow.needs) for move, arrow in MOVES.items() if arrow.needs]


def test_what_each_move_needs() -> None:
    assert dict(NEEDS) == {
        Move.ASK: "waiting_for",
        Move.RESUME: "reason",
        Move.RESOLVE: "resolution",
        Move.REOPEN: "reason",
        Move.CANCEL: "reason",
        Move.ANNUL: "reason",
        Move.MERGE: "reason",
        Move.UNMERGE: "reason",
        Move.PASS_ON: "reason",
        Move.LAPSE: "reason",
    }


@pytest.mark.parametrize(("move", "field"), NEEDS)
def test_a_move_without_its_words_names_the_field_and_changes_nothing(move: Move, field: str) -> None:
    status = next(status for status, possible in POSSIBLE if possible == move)
    interaction = a_matter(status)
    before = stored(interaction)

    for said in ("", "   \n ", "\x00", "\u200e"):
        empty: dict[str, Any] = {field: said}
        with pytest.raises(ReasonMissing) as refused:
            made(interaction, move, words=Words(**empty))

        assert (refused.value.move, refused.value.field) == (move, field)
        assert stored(interaction) == before, repr(said)


@pytest.mark.parametrize(("move", "status"), [(Move.RESOLVE, Status.RECEIVED), (Move.RESOLVE, Status.IN_PROGRESS)])
def test_a_matter_with_open_steps_is_not_resolved(move: Move, status: Status) -> None:
    team = a_team()
    a_type("planned", plan=[("Check the meter", team), ("Write the credit note", team)])
    interaction = a_matter(status, type="planned")
    before = stored(interaction)

    with pytest.raises(StepsOpen) as refused:
        made(interaction, move)

    assert refused.value.names == ["Check the meter", "Write the credit note"]
    assert stored(interaction) == before


@pytest.mark.parametrize("move", [Move.CLOSE, Move.CONFIRM])
def test_a_resolved_matter_in_which_a_step_opened_is_not_closed(move: Move) -> None:
    interaction = a_matter(Status.RESOLVED)
    Step.objects.create(
        interaction=interaction, position=1, name="Late check", team=a_team(), status="open", opened_at=MONDAY
    )
    before = stored(interaction)

    with pytest.raises(StepsOpen, match="Late check"):
        made(interaction, move)

    assert stored(interaction) == before


@pytest.mark.parametrize("move", [Move.CANCEL, Move.ANNUL])
def test_steps_end_with_a_matter_that_is_called_off(move: Move) -> None:
    team = a_team()
    a_type("planned", plan=[("Check", team), ("Credit", team)])
    interaction = a_matter(Status.IN_PROGRESS, type="planned")

    made(interaction, move, at=MONDAY + HOUR)

    steps = interaction.steps.order_by("position").values_list("status", "ended_at")
    assert list(steps) == [(StepStatus.CANCELLED, MONDAY + HOUR)] * 2


def test_a_closed_matter_is_reopened_until_its_period_ends() -> None:
    a_type("two-weeks", reopen_within_days=14)
    interaction = a_matter(Status.CLOSED, type="two-weeks")

    reopened = made(interaction, Move.REOPEN, at=MONDAY + timedelta(days=14))

    assert (reopened.status, reopened.reopen_count, reopened.ended_at) == (Status.IN_PROGRESS, 1, None)


def test_a_closed_matter_is_not_reopened_after_its_period() -> None:
    a_type("two-weeks", reopen_within_days=14)
    interaction = a_matter(Status.CLOSED, type="two-weeks")
    before = stored(interaction)

    with pytest.raises(ReopenTooLate) as refused:
        made(interaction, Move.REOPEN, at=MONDAY + timedelta(days=14, seconds=1))

    assert refused.value.days == 14
    assert stored(interaction) == before


def test_a_resolved_matter_is_reopened_however_late() -> None:
    interaction = a_matter(Status.RESOLVED)

    assert made(interaction, Move.REOPEN, at=MONDAY + timedelta(days=400)).status == Status.IN_PROGRESS


def test_who_read_an_older_version_moves_nothing() -> None:
    interaction = a_matter()
    read = interaction.version
    made(interaction, Move.START)
    before = stored(interaction)

    with pytest.raises(ChangedMeanwhile):
        made(interaction, Move.ASK, version=read)

    assert stored(interaction) == before


def test_each_move_makes_the_next_version() -> None:
    interaction = a_matter()

    moved = made(interaction, Move.START, version=interaction.version)

    assert moved.version == interaction.version + 1


@pytest.mark.parametrize(
    ("status", "ball"),
    [
        (Status.IN_PROGRESS, Side.ENTERPRISE),
        (Status.WAITING, Side.PARTNER),
        (Status.RESOLVED, Side.PARTNER),
        (Status.CLOSED, Side.ENTERPRISE),
    ],
)
def test_whose_turn_it_is(status: Status, ball: Side) -> None:
    assert a_matter(status).ball == ball


def test_waiting_for_a_third_party_says_so() -> None:
    words = Words(waiting_for="the report of the fibre owner", waiting_side=Side.THIRD_PARTY, waiting_until=MONDAY)

    waiting = made(a_matter(), Move.ASK, words=words)

    assert (waiting.ball, waiting.waiting_for) == (Side.THIRD_PARTY, "the report of the fibre owner")
    assert waiting.waiting_until == MONDAY
    resumed = made(waiting, Move.RESUME)
    assert (resumed.ball, resumed.waiting_for, resumed.waiting_until) == (Side.ENTERPRISE, "", None)


def test_annulling_what_had_ended_does_not_move_its_end() -> None:
    interaction = a_matter(Status.CLOSED)

    annulled = made(interaction, Move.ANNUL, at=MONDAY + timedelta(days=3))

    assert annulled.ended_at == MONDAY


def test_a_solution_answers_a_partner_who_had_no_answer_yet() -> None:
    resolved = made(a_matter(), Move.RESOLVE, at=MONDAY + HOUR)

    assert (resolved.first_response_at, resolved.resolved_at) == (MONDAY + HOUR, MONDAY + HOUR)
    assert resolved.resolution == "Credited."


def test_words_that_no_database_keeps_are_cleaned() -> None:
    words = Words(resolution="Credited\x00 \ud800now", reason="a\x00b")

    resolved = made(a_matter(), Move.RESOLVE, words=words)

    assert resolved.resolution == "Credited \ufffdnow"
    entry = RecordEntry.objects.of_stream(resolved.stream).last()
    assert entry is not None
    assert entry.text("reason") == "ab"


def test_what_is_waited_for_is_cut_to_its_column() -> None:
    waiting = made(a_matter(), Move.ASK, words=Words(waiting_for="x" * 1_000_000))

    assert waiting.waiting_for == "x" * 500


def test_nobody_moves_what_is_not_there() -> None:
    with pytest.raises(Interaction.DoesNotExist):
        lifecycle.make_move(Interaction(pk=999_999_999), Move.START, actor=rosa(), at=MONDAY, words=WORDS)
