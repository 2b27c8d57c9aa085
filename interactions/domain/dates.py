"""Dates that move: the owner promises another one, with a reason, and both sides are told of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from interactions.channels import text as texts
from interactions.domain import clocks, date_facts, lifecycle, segments
from interactions.domain.clocks import Change, Moved
from interactions.domain.lifecycle import MOST_WORDS
from interactions.enums import ClockKind
from interactions.errors import NotAccepted
from interactions.models import Clock, Interaction
from partners.domain import business_time, calendars, record
from partners.payloads import Actor

MOST_AHEAD = timedelta(days=3660)
BY_OWNER, BY_REQUEST = "owner", "request"


@dataclass(frozen=True, kw_only=True)
class NewDate:
    """By when what was promised is promised now, and why, in words for both sides."""

    to: datetime
    reason: str
    cause: str = BY_OWNER


@transaction.atomic
def move(
    interaction: Interaction, new: NewDate, *, actor: Actor, at: datetime, version: int | None = None
) -> Interaction:
    """Promise the solution for another moment; what is told of the promise from now on is told of the new one.

    A promise that was broken before stays broken. While it stands still, the date is what it would be if the waiting
    ended now, and goes on moving with it. Raises NotAccepted and ChangedMeanwhile.
    """
    interaction = lifecycle.lock(interaction.pk, version=version)
    reason = texts.clean(new.reason, most=MOST_WORDS).strip()
    if not reason:
        raise NotAccepted("reason", _("Say why, both sides read it."))
    change = clocks.held(interaction, at=at)
    clock = promise(change)
    if clock is None:
        raise NotAccepted("to", _("No solution is promised here, so there is no date to move."))
    refuse_unfit(clock, new.to, at=at)
    moved = Moved(clock=clock, came_from=present(clock, at=at), became=new.to)
    clocks.break_late(change, clock)
    segments.move(clock, new.to, at=at)
    clocks.store(change)
    clocks.hear(interaction, at=at)
    lifecycle.save(interaction, at=at)
    told = date_facts.fact(interaction, moved, reason=reason, cause=new.cause, actor=actor, at=at, round=clock.round)
    record.append(told)
    return interaction


@transaction.atomic
def grant(interaction: Interaction, wanted: NewDate, *, actor: Actor, at: datetime) -> Interaction:
    """Promise the date that the partner asked for, or the last moment before it at which we are open.

    Nothing moves where nothing is promised. Raises NotAccepted when that moment has passed.
    """
    interaction = lifecycle.lock(interaction.pk)
    clock = promise(clocks.held(interaction, at=at))
    if clock is None:
        return interaction
    to = kept_by(clock, wanted.to, at=at)
    if to == clock.due_at:
        return interaction
    return move(interaction, replace(wanted, to=to, cause=BY_REQUEST), actor=actor, at=at)


def promise(change: Change) -> Clock | None:
    """The promise of a solution, which has a date that can move."""
    return next((c for c in change.clocks if c.kind == ClockKind.RESOLUTION and c.stopped_at is None), None)


def present(clock: Clock, *, at: datetime) -> datetime:
    """The date as it is; of a promise that stands still, what it would be if it went on now."""
    return clock.due_at or business_time.due(at, clock.left, calendars.working(clock.calendar_id))


def kept_by(clock: Clock, moment: datetime, *, at: datetime) -> datetime:
    """The last moment within opening hours that is not after `moment`: until then we can still do it."""
    hours = calendars.working(clock.calendar_id)
    return business_time.due(at, business_time.elapsed(at, moment, hours), hours)


def refuse_unfit(clock: Clock, to: datetime, *, at: datetime) -> None:
    """Raise NotAccepted for a date that is no other one, has passed, or lies where nobody works."""
    if to <= at:
        raise NotAccepted("to", _("This has passed already. Choose a moment to come."))
    if to > at + MOST_AHEAD:
        raise NotAccepted("to", _("Choose a moment within ten years."))
    if to == clock.due_at:
        raise NotAccepted("to", _("This is the date already."))
    last = kept_by(clock, to, at=at)
    if last <= at:
        raise NotAccepted("to", _("We are closed until then. Choose a later moment."))
    if last != to:
        words = date_format(localtime(last), _("D j M Y, H:i"))
        raise NotAccepted("to", _("We are closed then. The last moment before is %(moment)s.") % {"moment": words})
