"""Story 5: a long order needs data of the partner on a Friday; it waits, is reminded, goes on, and ends in part."""

from datetime import datetime, timedelta

import pytest

from interactions.domain import changes, orchestration, order_lines, watch
from interactions.domain.changes import Decision, Wish
from interactions.domain.lifecycle import Words
from interactions.domain.order_lines import LineChange, Whole
from interactions.enums import ChangeKind, ClockKind, LineState, Move, Side, Status, StepKind
from interactions.models import Interaction
from interactions.payloads import NewLine
from partners.models import OutboxMessage, RecordEntry
from tests.factories.interactions import InteractionTypeFactory, PlanFactory, PlanStepFactory
from tests.factories.partners import moment
from tests.factories.world import a_partner, a_team
from tests.interactions.stages import HOUR, a_matter, an_office_policy, answered, made, rosa, states, steps

pytestmark = pytest.mark.django_db

FRIDAY = moment("2026-06-05 14:30")  # half past four in Berlin, half an hour before everybody leaves
NEXT_MONDAY = moment("2026-06-08 10:00")
DATA = "your IMSI ranges"


def a_long_order() -> Interaction:
    """Two things, checked, then waiting for the partner's data, then delivered; promised for ten office days."""
    acme = a_partner()
    reminders = {"partner": [50, 100], "owner": [100]}
    an_office_policy(partner=acme, resolution=80 * HOUR, answer=8 * HOUR, reminders=reminders, silence_limit=900 * HOUR)
    team, plan = a_team("fulfilment"), PlanFactory.create()
    PlanStepFactory.create(plan=plan, position=1, name="Check", team=team, after=[])
    waiting = {"kind": StepKind.WAIT, "waits_for": Side.PARTNER, "partner_wording": DATA}
    PlanStepFactory.create(plan=plan, position=2, name="Data", team=team, after=[1], **waiting)
    PlanStepFactory.create(plan=plan, position=3, name="Deliver", team=team, after=[2])
    codes = [{"code": "delivered", "label": "Delivered"}, {"code": "in-part", "label": "Delivered in part"}]
    content = {"version__plan": plan, "version__has_lines": True, "version__resolution_codes": codes}
    InteractionTypeFactory.create(code="long-order", **content)
    return a_matter(partner=acme, type="long-order", lines=[NewLine(what="SIM card"), NewLine(what="Router")])


def finished(interaction: Interaction, position: int, at: datetime) -> Interaction:
    step = steps(interaction)[position - 1]
    orchestration.finish(step, outcome="Done.", actor=rosa(), at=at)
    return Interaction.objects.get(pk=interaction.pk)


def test_a_long_order_waits_over_the_weekend_moves_its_date_and_ends_in_part() -> None:
    order = a_long_order()
    promise = order.clocks.get(kind=ClockKind.RESOLUTION)

    order = finished(order, 1, FRIDAY)
    assert (order.status, order.ball, order.waiting_for) == (Status.WAITING, Side.PARTNER, DATA)
    paused = order.clocks.get(kind=ClockKind.RESOLUTION)
    assert (paused.due_at, paused.paused_why) == (None, DATA)

    for hours in range(72):
        watch.sweep(at=FRIDAY + hours * HOUR)
    reminded = RecordEntry.objects.of_stream(order.stream).filter(event="waiting.reminded")
    assert [entry.at.date() for entry in reminded] == [NEXT_MONDAY.date()]

    answered(order, NEXT_MONDAY + 3 * HOUR, Side.PARTNER)
    order.refresh_from_db()
    assert (order.status, states(order)["Deliver"]) == (Status.IN_PROGRESS, "open")
    moved = order.clocks.get(kind=ClockKind.RESOLUTION).due_at
    assert moved is not None
    assert promise.due_at is not None
    assert moved > promise.due_at
    entry = RecordEntry.objects.of_stream(order.stream).get(event="interaction.date_moved")
    assert DATA in entry.text("reason")
    assert OutboxMessage.objects.filter(entry=entry).exists()

    wish = Wish(kind=ChangeKind.CONTENT, wanted="One router less", reason="The shop closes.")
    request = changes.ask(order, wish, actor=rosa(), at=NEXT_MONDAY + 4 * HOUR)
    decision = Decision(is_accepted=True, text="Gladly.", consequence="None.")
    changes.decide(request, decision, actor=rosa(), at=NEXT_MONDAY + 5 * HOUR)
    told = [
        LineChange(number=1, state=LineState.COMPLETED, done_date=NEXT_MONDAY.date()),
        LineChange(number=2, state=LineState.CANCELLED, reason="No longer needed."),
    ]
    order_lines.change(order, told, actor=rosa(), at=NEXT_MONDAY + 6 * HOUR)
    whole = order_lines.sum_of(order_lines.of(order))
    assert whole is not None
    assert whole.state == Whole.PARTIAL

    order = finished(order, 3, NEXT_MONDAY + timedelta(days=1))
    order = made(
        order,
        Move.RESOLVE,
        at=NEXT_MONDAY + timedelta(days=1),
        words=Words(resolution="As agreed.", resolution_code="in-part"),
    )
    assert (order.status, order.resolution_code) == (Status.RESOLVED, "in-part")
