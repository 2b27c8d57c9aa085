"""Interactions on their way: led to any status by genuine moves, and what is stored of them."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from interactions.domain import conversation, lifecycle
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import Move, Side, Status
from interactions.models import Interaction, Step
from partners.domain import fence
from partners.enums import Channel
from partners.models import OutboxMessage, PolicyVersion, RecordEntry, User
from partners.payloads import Actor
from tests.factories.interactions import InteractionTypeFactory, PlanFactory, PlanStepFactory
from tests.factories.partners import LONG_AGO, OfficeCalendarFactory, moment
from tests.factories.world import a_policy, a_representative, a_team, a_type, an_actor_for, an_interaction

MONDAY = moment("2026-06-01 09:00")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WORDS = Words(reason="It was agreed.", resolution="Credited.", waiting_for="the order number")

PATHS: dict[Status, list[Move]] = {
    Status.RECEIVED: [],
    Status.IN_PROGRESS: [Move.START],
    Status.WAITING: [Move.START, Move.ASK],
    Status.RESOLVED: [Move.START, Move.RESOLVE],
    Status.CLOSED: [Move.START, Move.RESOLVE, Move.CLOSE],
    Status.CANCELLED: [Move.CANCEL],
    Status.ANNULLED: [Move.ANNUL],
}


def rosa() -> Actor:
    """A representative who acts."""
    return an_actor_for(User.objects.filter(name="Rosa Lindqvist").first() or a_representative("Rosa Lindqvist"))


def a_matter(status: Status = Status.RECEIVED, **fields: Any) -> Interaction:
    """An interaction of a plain type without plan, received on a Monday morning and led to `status`."""
    if "type" not in fields:
        a_type("plain-query")
    interaction = an_interaction(**{"type": "plain-query", "at": MONDAY, **fields})
    for move in PATHS[status]:
        interaction = made(interaction, move)
    return interaction


def made(interaction: Interaction, move: Move, *, at: Any = MONDAY, words: Words = WORDS, **fields: Any) -> Interaction:
    """The interaction after a move that a representative makes, or whoever is given, as in a request of theirs."""
    actor = fields.pop("actor", None) or rosa()
    with fence.standing_for(fence.side_of(actor)):
        return lifecycle.make_move(interaction, move, actor=actor, at=at, words=words, **fields)


def steps(interaction: Interaction) -> list[Step]:
    return list(interaction.steps.in_order())


def branching(**conditions: dict[str, Any]) -> Interaction:
    """A matter that is checked, then delivered and billed at once, then archived; `conditions` are of those steps."""
    team = a_team("checkers")
    plan = PlanFactory.create()
    rows = [("Check", []), ("Deliver", [1]), ("Bill", [1]), ("Archive", [2, 3])]
    for position, (name, after) in enumerate(rows, start=1):
        more = conditions.get(name, {})
        PlanStepFactory.create(plan=plan, position=position, name=name, after=after, team=team, **more)
    asked = [{"name": "amount", "label": "Amount", "kind": "amount"}]
    InteractionTypeFactory.create(code="branching", version__plan=plan, version__fields=asked)
    return a_matter(type="branching", values={"amount": "100"})


def states(interaction: Interaction) -> dict[str, str]:
    return {step.name: step.status for step in steps(interaction)}


def an_office_policy(**fields: Any) -> PolicyVersion:
    """Promises counted on office hours in Berlin: nine to five, Monday to Friday."""
    return a_policy(**{"calendar": OfficeCalendarFactory.create(), "effective_from": LONG_AGO, **fields})


def answered(interaction: Interaction, at: datetime, side: Side = Side.ENTERPRISE) -> None:
    """Something is said by a side, as a representative writes it down."""
    saying = Saying(text="Here it is.", side=side, channel=Channel.WEB)
    conversation.say(interaction, saying, actor=rosa(), at=at)


def stored(interaction: Interaction) -> tuple[object, ...]:
    """All that a refused verb must leave as it was: the row, its clocks and steps, the record and the outbox."""
    return (
        Interaction.objects.filter(pk=interaction.pk).values().get(),
        list(interaction.clocks.order_by("id").values()),
        list(interaction.steps.order_by("id").values()),
        interaction.items.count(),
        RecordEntry.objects.count(),
        OutboxMessage.objects.count(),
    )


def events(interaction: Interaction) -> list[str]:
    return list(RecordEntry.objects.of_stream(interaction.stream).values_list("event", flat=True))


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run calls in threads that start together; returns what each returned or raised."""
    outcomes: list[object] = [None] * len(calls)
    ready = threading.Barrier(len(calls))

    def run(place: int, call: Callable[[], object]) -> None:
        try:
            ready.wait()
            outcomes[place] = call()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
