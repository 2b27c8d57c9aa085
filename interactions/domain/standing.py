"""Where a matter stands, in plain words for the partner: what we do, what comes next, whose turn it is, until when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from interactions.domain import catalogue
from interactions.enums import Direction, Side, Status, StepStatus
from interactions.models import Interaction, Step
from partners.domain.translations import translated

NOBODY = "nobody"
UNFINISHED = {StepStatus.PENDING, StepStatus.OPEN}


class Situation(StrEnum):
    """What a partner can find a matter in; finer than the status, and without our inner workings."""

    NEW = "new"
    RAISED = "raised"
    WORKING = "working"
    CLOSING = "closing"
    ASKED = "asked"
    PAUSED = "paused"
    SOLVED = "solved"
    CLOSED = "closed"
    CANCELLED = "cancelled"


OURS = {Situation.NEW, Situation.RAISED, Situation.WORKING, Situation.CLOSING}


@dataclass(frozen=True)
class Wording:
    """`word` fits a row, `sentence` a page; `turn` is a side or NOBODY."""

    word: Promise
    sentence: Promise
    next_step: str | Promise
    turn: str


WORDINGS: Mapping[Situation, Wording] = {
    Situation.NEW: Wording(
        lazy("Received"),
        lazy("We have your request and will answer it."),
        lazy("We read it and give you a first answer"),
        Side.ENTERPRISE,
    ),
    Situation.RAISED: Wording(
        lazy("From us"), lazy("We have written to you about this."), lazy("You can answer us here"), Side.ENTERPRISE
    ),
    Situation.WORKING: Wording(
        lazy("In progress"), lazy("We are working on it."), lazy("We work out the answer"), Side.ENTERPRISE
    ),
    Situation.CLOSING: Wording(
        lazy("In progress"),
        lazy("The work is done; we are writing you the result."),
        lazy("We tell you the result"),
        Side.ENTERPRISE,
    ),
    Situation.ASKED: Wording(
        lazy("Waiting for you"),
        lazy("We need something from you before we can go on."),
        lazy("You answer, then we go on"),
        Side.PARTNER,
    ),
    Situation.PAUSED: Wording(
        lazy("Paused"),
        lazy("We are waiting for somebody else before we can go on."),
        lazy("We go on as soon as we have heard from them"),
        Side.THIRD_PARTY,
    ),
    Situation.SOLVED: Wording(
        lazy("Please confirm"),
        lazy("We think this is solved. Please tell us whether it is."),
        lazy("You confirm it, or say what is missing"),
        Side.PARTNER,
    ),
    Situation.CLOSED: Wording(lazy("Closed"), lazy("This is settled and closed."), "", NOBODY),
    Situation.CANCELLED: Wording(
        lazy("Cancelled"), lazy("This was cancelled; nobody works on it any more."), "", NOBODY
    ),
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a partner is told of an interaction; `expected_at` is our promise, or until when we need an answer."""

    interaction: Interaction
    situation: Situation
    word: str
    sentence: str
    next_step: str
    turn: str
    expected_at: datetime | None
    is_late: bool

    @property
    def is_partners_turn(self) -> bool:
        return self.turn == Side.PARTNER


def of(interaction: Interaction, *, at: datetime) -> Standing:
    """How it stands at a moment; reads `interaction.steps`, which a list prefetches."""
    steps = list(interaction.steps.all())
    situation = situation_of(interaction, steps)
    wording = WORDINGS[situation]
    expected_at = expected(interaction, situation)
    is_late = situation in OURS and expected_at is not None and expected_at < at
    return Standing(
        interaction=interaction,
        situation=situation,
        word=str(wording.word),
        sentence=_("We are later with this than we promised, and still working on it.")
        if is_late
        else str(wording.sentence),
        next_step=(current_step(steps) if situation in OURS else "") or str(wording.next_step),
        turn=wording.turn,
        expected_at=expected_at,
        is_late=is_late,
    )


def situation_of(interaction: Interaction, steps: Sequence[Step]) -> Situation:
    if interaction.status == Status.WAITING:
        return Situation.ASKED if interaction.ball == Side.PARTNER else Situation.PAUSED
    if interaction.status == Status.RECEIVED:
        return Situation.NEW if interaction.direction == Direction.INBOUND else Situation.RAISED
    if interaction.status == Status.IN_PROGRESS:
        # what was reopened is worked on again, though its steps stay done
        is_done = bool(steps) and are_done(steps) and not interaction.reopen_count
        return Situation.CLOSING if is_done else Situation.WORKING
    ended = {Status.RESOLVED: Situation.SOLVED, Status.CLOSED: Situation.CLOSED}
    return ended.get(Status(interaction.status), Situation.CANCELLED)


def expected(interaction: Interaction, situation: Situation) -> datetime | None:
    if situation == Situation.ASKED:
        return interaction.waiting_until
    return interaction.due_at if situation in OURS else None


def are_done(steps: Sequence[Step]) -> bool:
    return all(step.status not in UNFINISHED for step in steps)


def current_step(steps: Sequence[Step]) -> str:
    """The work that is open now, as the partner is told of it."""
    return next((told(step) for step in steps if step.status == StepStatus.OPEN), "")


def told(step: Step) -> str:
    return translated(step.partner_wording or step.name)


def reopen_until(interaction: Interaction) -> datetime | None:
    """Until when it may be reopened; nothing is said of what has not ended."""
    if interaction.ended_at is None:
        return None
    return interaction.ended_at + timedelta(days=catalogue.version_of(interaction).reopen_within_days)
