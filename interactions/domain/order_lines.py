"""An order of several things: each has its own state and dates, the whole shows the sum, and a part may never come."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from interactions.channels import text as texts
from interactions.domain import facts, lifecycle
from interactions.enums import Event, LineState, Move, Status
from interactions.errors import MoveNotAllowed, NotAccepted
from interactions.models import Interaction, OrderLine
from interactions.models.order_line import EXPLAINED
from interactions.payloads import NewLine
from partners.domain import record
from partners.domain.translations import translated
from partners.enums import in_sentence
from partners.payloads import Actor, Fact

SPOKEN = "j M Y"
MOST_LINES = 500
MOST_REASON = 10_000
MOST_QUANTITY = Decimal(999_999_999)

CHANGES: Mapping[LineState, frozenset[LineState]] = {  # from each state, to which
    LineState.ACKNOWLEDGED: frozenset(LineState) - {LineState.ACKNOWLEDGED},
    LineState.IN_PROGRESS: frozenset({LineState.HELD, LineState.COMPLETED, LineState.CANCELLED, LineState.FAILED}),
    LineState.HELD: frozenset({LineState.IN_PROGRESS, LineState.COMPLETED, LineState.CANCELLED, LineState.FAILED}),
    LineState.FAILED: frozenset({LineState.IN_PROGRESS, LineState.CANCELLED}),
    LineState.COMPLETED: frozenset(),
    LineState.CANCELLED: frozenset(),
}


class Whole(StrEnum):
    """How an order stands as a whole (TMF622 `ProductOrderStateType`)."""

    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "inProgress"
    HELD = "held"
    COMPLETED = "completed"
    PARTIAL = "partial"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class LineChange:
    """What becomes of one line; a date that moves, and a line that stops, need a reason."""

    number: int
    state: LineState
    expected_date: date | None = None
    done_date: date | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Sum:
    """The lines of an order together; `last_date` is when the last open one is expected."""

    state: Whole
    total: int
    completed: int
    open: int
    failed: int
    cancelled: int
    last_date: date | None


def of(interaction: Interaction) -> list[OrderLine]:
    return list(OrderLine.objects.filter(interaction=interaction).in_order())


@transaction.atomic
def add(interaction: Interaction, lines: Sequence[NewLine], *, actor: Actor, at: datetime) -> list[OrderLine]:
    """Put further lines on an order that is open. Raises NotAccepted, also where the type has no lines, and
    MoveNotAllowed.
    """
    if not lines:
        return []
    if not interaction.type_version.has_lines:
        raise NotAccepted(
            "orderItem", _("“%(type)s” has no order lines.") % {"type": translated(interaction.type.name)}
        )
    interaction = held_open(interaction)
    last = OrderLine.objects.filter(interaction=interaction).aggregate(last=Max("number"))["last"] or 0
    if last + len(lines) > MOST_LINES:
        raise NotAccepted("orderItem", _("An order has at most %(most)d lines.") % {"most": MOST_LINES})
    made = [line_of(interaction, number, new, at) for number, new in enumerate(lines, start=last + 1)]
    OrderLine.objects.bulk_create(made)
    lifecycle.save(interaction, at=at)
    said = {f"line {line.number}": line.counted for line in made}
    numbers = [line.number for line in made]
    record.append(facts.about(interaction, Event.LINES_ADDED, actor=actor, at=at, texts=said, lines=numbers))
    return made


def line_of(interaction: Interaction, number: int, new: NewLine, at: datetime) -> OrderLine:
    what = texts.flatten(new.what, most=200).strip()
    if not what:
        raise NotAccepted("what", _("Say what is ordered."))
    if not (new.quantity.is_finite() and 0 < new.quantity <= MOST_QUANTITY) or new.quantity != round(new.quantity, 3):
        raise NotAccepted("quantity", _("A quantity is more than nothing, with at most three decimals."))
    return OrderLine(
        interaction=interaction,
        number=number,
        what=what,
        quantity=new.quantity,
        unit=texts.flatten(new.unit, most=20).strip(),
        reference=texts.flatten(new.reference, most=100).strip(),
        requested_date=new.requested_date,
        changed_at=at,
    )


@transaction.atomic
def change(
    interaction: Interaction,
    changes: Sequence[LineChange],
    *,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> list[OrderLine]:
    """Tell what became of several lines at once; a line said to be as it is stays. Returns those that changed.

    Raises NotAccepted, whose attribute names the line and its field, MoveNotAllowed and ChangedMeanwhile.
    """
    interaction = held_open(interaction, version=version)
    known = {line.number: line for line in OrderLine.objects.filter(interaction=interaction)}
    told: list[Fact] = []
    changed: list[OrderLine] = []
    for wanted in changes:
        line = known.get(wanted.number)
        if line is None:
            raise NotAccepted("number", _("There is no line %(number)d.") % {"number": wanted.number})
        came_from = LineState(line.state)
        if take(line, wanted, at):
            changed.append(line)
            told.append(told_of(interaction, line, came_from, actor=actor, at=at))
    if changed:
        OrderLine.objects.bulk_update(changed, ["state", "expected_date", "done_date", "reason", "changed_at"])
        lifecycle.save(interaction, at=at)
        record.append_all(told)
    return changed


def can_change(interaction: Interaction) -> bool:
    """Whether lines can be added and changed now."""
    return interaction.status in lifecycle.OPEN


def held_open(interaction: Interaction, *, version: int | None = None) -> Interaction:
    interaction = lifecycle.lock(interaction.pk, version=version)
    if not can_change(interaction):
        raise MoveNotAllowed(Move.RESOLVE, Status(interaction.status))
    return interaction


def take(line: OrderLine, wanted: LineChange, at: datetime) -> bool:
    """Put a change into a line; whether there was one. Raises NotAccepted."""
    reason = texts.clean(wanted.reason, most=MOST_REASON).strip()
    today = timezone.localdate(at)  # where whoever says it is
    done = wanted.done_date or today if wanted.state == LineState.COMPLETED else None
    moves_date = wanted.expected_date != line.expected_date
    if wanted.state == line.state and not moves_date:
        return False
    if wanted.state != line.state and wanted.state not in CHANGES[LineState(line.state)]:
        told = {"before": in_sentence(LineState(line.state).label), "after": in_sentence(wanted.state.label)}
        raise refusal(line, "state", _("A line that is %(before)s does not become %(after)s.") % told)
    if wanted.state in EXPLAINED and wanted.state != line.state and not reason:
        raise refusal(line, "reason", _("Say why; the partner reads it."))
    if moves_date and line.expected_date is not None and not reason:
        raise refusal(line, "reason", _("Say why the date moves; the partner reads it."))
    if done is not None and done > today:
        raise refusal(line, "done_date", _("It cannot be done in the future."))
    line.state, line.expected_date, line.done_date, line.changed_at = wanted.state, wanted.expected_date, done, at
    line.reason = reason or (line.reason if wanted.state in EXPLAINED else "")
    return True


def refusal(line: OrderLine, field: str, sentence: str) -> NotAccepted:
    return NotAccepted(f"{field}-{line.number}", sentence)


def told_of(interaction: Interaction, line: OrderLine, came_from: LineState, *, actor: Actor, at: datetime) -> Fact:
    return facts.about(
        interaction,
        Event.LINE_CHANGED,
        actor=actor,
        at=at,
        texts={"line": line.what, "reason": line.reason},
        line=line.number,
        came_from=came_from,
        state=line.state,
        expected_date=line.expected_date.isoformat() if line.expected_date else None,
        done_date=line.done_date.isoformat() if line.done_date else None,
    )


def sum_of(lines: Sequence[OrderLine]) -> Sum | None:
    """The lines together; None for an order without any."""
    if not lines:
        return None
    states = Counter(LineState(line.state) for line in lines)
    expected = [line.expected_date for line in lines if line.is_open]
    return Sum(
        state=whole_of(states),
        total=len(lines),
        completed=states[LineState.COMPLETED],
        open=sum(line.is_open for line in lines),
        failed=states[LineState.FAILED],
        cancelled=states[LineState.CANCELLED],
        last_date=max((day for day in expected if day), default=None) if all(expected) else None,
    )


def whole_of(states: Mapping[LineState, int]) -> Whole:
    """While something is to come it is under way; after that it is what most of it became, or partial."""
    there = {state for state, number in states.items() if number}
    if there == {LineState.ACKNOWLEDGED}:
        return Whole.ACKNOWLEDGED
    if there & {LineState.ACKNOWLEDGED, LineState.IN_PROGRESS}:
        return Whole.IN_PROGRESS
    if LineState.HELD in there:
        return Whole.HELD
    if there == {LineState.COMPLETED}:
        return Whole.COMPLETED
    if LineState.COMPLETED in there:
        return Whole.PARTIAL
    return Whole.CANCELLED if there == {LineState.CANCELLED} else Whole.FAILED


def told(line: OrderLine) -> str:
    """One line in words: what, how many, how it stands, and since or until when."""
    state = in_sentence(line.get_state_display())
    if line.done_date:
        return f"{line.counted}: {state}, {date_format(line.done_date, SPOKEN)}"
    if line.expected_date and line.is_open:
        state += ", " + _("expected on %(day)s") % {"day": date_format(line.expected_date, SPOKEN)}
    return f"{line.counted}: {state}" + (f" ({line.reason})" if line.reason else "")
