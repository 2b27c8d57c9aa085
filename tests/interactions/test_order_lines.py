"""An order of several things: each has its own state and dates, and the whole shows the sum."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from interactions.domain import order_lines
from interactions.domain.order_lines import CHANGES, LineChange, Whole
from interactions.enums import LineState, Move, Status
from interactions.errors import ChangedMeanwhile, LinesOpen, MoveNotAllowed, NotAccepted
from interactions.models import Interaction, OrderLine
from interactions.models.order_line import EXPLAINED
from interactions.payloads import NewLine
from tests.factories.world import a_type
from tests.interactions.stages import HOUR, MONDAY, a_matter, events, made, rosa, stored

TODAY = MONDAY.date()
ALLOWED = {
    "acknowledged": "in_progress held completed cancelled failed",
    "in_progress": "held completed cancelled failed",
    "held": "in_progress completed cancelled failed",
    "failed": "in_progress cancelled",
    "completed": "",
    "cancelled": "",
}


def an_order(*states: LineState, status: Status = Status.IN_PROGRESS) -> Interaction:
    """An order with a line in each of the states."""
    a_type("sim-order", has_lines=True)
    interaction = a_matter(status, type="sim-order")
    wanted = [NewLine(what=f"Thing {number}") for number in range(1, len(states) + 1)]
    if wanted:
        order_lines.add(interaction, wanted, actor=rosa(), at=MONDAY)
    for line, state in zip(order_lines.of(interaction), states, strict=True):
        line.state, line.reason = state, "Because." if state in EXPLAINED else ""
        line.done_date = TODAY if state == LineState.COMPLETED else None
        line.save()
    return interaction


def changed(
    interaction: Interaction, number: int, state: LineState, reason: str = "It rained.", **more: object
) -> OrderLine:
    change = LineChange(number=number, state=state, reason=reason, **more)  # type: ignore[arg-type]
    order_lines.change(interaction, [change], actor=rosa(), at=MONDAY + HOUR)
    return OrderLine.objects.get(interaction=interaction, number=number)


@pytest.mark.django_db
def test_lines_are_numbered_on() -> None:
    interaction = an_order()
    order_lines.add(
        interaction, [NewLine(what="SIM card", quantity=Decimal("2.50"), unit="kg")], actor=rosa(), at=MONDAY
    )
    order_lines.add(interaction, [NewLine(what="Phone", requested_date=TODAY)], actor=rosa(), at=MONDAY)

    assert [(line.number, str(line)) for line in order_lines.of(interaction)] == [(1, "1. SIM card"), (2, "2. Phone")]
    card = order_lines.of(interaction)[0]
    assert order_lines.told(card) == "2.5 kg SIM card: acknowledged"
    card.expected_date = date(2026, 12, 3)
    assert order_lines.told(card) == "2.5 kg SIM card: acknowledged, expected on 3 Dec 2026"
    assert events(interaction)[-1] == "order.lines_added"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "field"),
    [
        (NewLine(what=" \x00"), "what"),
        (NewLine(what="A", quantity=Decimal(0)), "quantity"),
        (NewLine(what="A", quantity=Decimal(-1)), "quantity"),
        (NewLine(what="A", quantity=Decimal("0.0001")), "quantity"),
        (NewLine(what="A", quantity=Decimal("NaN")), "quantity"),
        (NewLine(what="A", quantity=Decimal("1e30")), "quantity"),
    ],
)
def test_a_line_that_asks_for_nothing_is_refused_and_nothing_is_added(line: NewLine, field: str) -> None:
    interaction = an_order()
    before = stored(interaction)

    with pytest.raises(NotAccepted) as refused:
        order_lines.add(interaction, [NewLine(what="Good"), line], actor=rosa(), at=MONDAY)

    assert refused.value.attribute == field
    assert stored(interaction) == before
    assert not OrderLine.objects.exists()


@pytest.mark.django_db
def test_what_is_no_order_gets_no_lines() -> None:
    interaction = a_matter()

    with pytest.raises(NotAccepted, match="has no order lines"):
        order_lines.add(interaction, [NewLine(what="SIM card")], actor=rosa(), at=MONDAY)

    assert not OrderLine.objects.exists()


def test_the_states_go_on_as_the_product_says() -> None:
    assert {state.value: {*" ".join(sorted(after)).split()} for state, after in CHANGES.items()} == {
        state: set(after.split()) for state, after in ALLOWED.items()
    }


@pytest.mark.django_db
@pytest.mark.parametrize("before", list(LineState))
def test_a_line_becomes_what_it_can_become(before: LineState) -> None:
    possible = [LineState(state) for state in ALLOWED[before].split()]
    interaction = an_order(*[before] * max(1, len(possible)))
    kept = stored(interaction)

    for state in set(LineState) - {before, *possible}:
        with pytest.raises(NotAccepted) as refused:
            changed(interaction, 1, state)
        assert refused.value.attribute == "state-1"
        assert stored(interaction) == kept, state
    for number, state in enumerate(possible, start=1):
        assert changed(interaction, number, state).state == state
        assert events(interaction)[-1] == "order.line_changed"


@pytest.mark.django_db
def test_several_lines_change_together_or_not_at_all() -> None:
    interaction = an_order(LineState.IN_PROGRESS, LineState.COMPLETED)
    changes = [
        LineChange(number=1, state=LineState.COMPLETED),
        LineChange(number=2, state=LineState.FAILED, reason="Broken."),
    ]
    before = stored(interaction), list(OrderLine.objects.order_by("id").values())

    with pytest.raises(NotAccepted):
        order_lines.change(interaction, changes, actor=rosa(), at=MONDAY)

    assert (stored(interaction), list(OrderLine.objects.order_by("id").values())) == before


@pytest.mark.django_db
def test_what_is_said_to_be_as_it_is_leaves_no_trace() -> None:
    interaction = an_order(LineState.HELD)
    before = stored(interaction)

    assert order_lines.change(interaction, [LineChange(number=1, state=LineState.HELD)], actor=rosa(), at=MONDAY) == []

    assert stored(interaction) == before


@pytest.mark.django_db
@pytest.mark.parametrize("state", EXPLAINED)
def test_a_line_that_stops_says_why(state: LineState) -> None:
    with pytest.raises(NotAccepted) as refused:
        changed(an_order(LineState.IN_PROGRESS), 1, state, reason=" ")

    assert refused.value.attribute == "reason-1"


@pytest.mark.django_db
def test_a_date_is_told_freely_once_and_moved_with_a_reason() -> None:
    interaction = an_order(LineState.IN_PROGRESS)
    later = TODAY + timedelta(days=9)

    assert changed(interaction, 1, LineState.IN_PROGRESS, reason="", expected_date=TODAY).expected_date == TODAY
    with pytest.raises(NotAccepted) as refused:
        changed(interaction, 1, LineState.IN_PROGRESS, reason="", expected_date=later)
    assert refused.value.attribute == "reason-1"
    assert changed(interaction, 1, LineState.IN_PROGRESS, expected_date=later).expected_date == later


@pytest.mark.django_db
def test_a_line_is_done_today_unless_said_otherwise_and_never_tomorrow() -> None:
    interaction = an_order(LineState.IN_PROGRESS, LineState.IN_PROGRESS, LineState.IN_PROGRESS)

    assert changed(interaction, 1, LineState.COMPLETED).done_date == TODAY
    with pytest.raises(NotAccepted):
        changed(interaction, 2, LineState.COMPLETED, done_date=TODAY + timedelta(days=1))
    assert changed(interaction, 2, LineState.COMPLETED, done_date=date(2026, 5, 30)).done_date == date(2026, 5, 30)
    with timezone.override("Pacific/Kiritimati"):  # where it is Tuesday by now
        assert changed(interaction, 3, LineState.COMPLETED).done_date == TODAY + timedelta(days=1)


@pytest.mark.django_db
def test_an_order_is_solved_in_part_when_nothing_more_is_to_come() -> None:
    interaction = an_order(LineState.COMPLETED, LineState.IN_PROGRESS)
    with pytest.raises(LinesOpen, match="Thing 2"):
        made(interaction, Move.RESOLVE)

    changed(interaction, 2, LineState.FAILED)

    assert made(interaction, Move.RESOLVE).status == Status.RESOLVED
    whole = order_lines.sum_of(order_lines.of(interaction))
    assert whole is not None
    assert (whole.state, whole.completed, whole.failed, whole.open) == (Whole.PARTIAL, 1, 1, 0)


@pytest.mark.django_db
def test_lines_end_with_an_order_that_is_called_off() -> None:
    interaction = an_order(LineState.COMPLETED, LineState.HELD)

    made(interaction, Move.CANCEL)

    assert [line.state for line in order_lines.of(interaction)] == ["completed", "cancelled"]
    with pytest.raises(MoveNotAllowed):
        changed(interaction, 2, LineState.IN_PROGRESS)


@pytest.mark.django_db
def test_who_read_an_older_version_changes_no_line() -> None:
    interaction = an_order(LineState.IN_PROGRESS)
    change = [LineChange(number=1, state=LineState.COMPLETED)]

    with pytest.raises(ChangedMeanwhile):
        order_lines.change(interaction, change, actor=rosa(), at=MONDAY, version=interaction.version)


@pytest.mark.django_db
def test_a_line_that_is_not_there_is_refused() -> None:
    with pytest.raises(NotAccepted):
        changed(an_order(LineState.IN_PROGRESS), 7, LineState.COMPLETED)


@given(st.lists(st.sampled_from(LineState), min_size=1, max_size=12))
def test_the_whole_is_what_its_lines_are(states: list[LineState]) -> None:
    whole = order_lines.sum_of([OrderLine(number=1, state=state) for state in states])

    assert whole is not None
    assert whole.completed + whole.open + whole.failed + whole.cancelled == whole.total == len(states)
    is_over = whole.state in {Whole.COMPLETED, Whole.PARTIAL, Whole.CANCELLED, Whole.FAILED}
    assert is_over == (whole.open == 0)
    assert (whole.state == Whole.COMPLETED) == (whole.completed == whole.total)


def test_an_order_without_lines_has_no_sum() -> None:
    assert order_lines.sum_of([]) is None
