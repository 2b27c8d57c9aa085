"""What the record says of a date that moved: from when to when, and why."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from interactions.domain import facts
from interactions.domain.clocks import Moved
from interactions.enums import Event, Move
from interactions.models import Interaction
from partners.domain import calendars
from partners.payloads import Actor, Fact


def moved_by_waiting(
    interaction: Interaction, moved: Iterable[Moved], move: Move, waited_for: str, *, actor: Actor, at: datetime
) -> list[Fact]:
    """What the record says when a move ended our waiting and the time that it took was credited."""
    reason = _("We waited for: %(what)s") % {"what": waited_for}
    return [fact(interaction, each, reason=reason, cause=str(move), actor=actor, at=at) for each in moved]


def fact(
    interaction: Interaction, moved: Moved, *, reason: str, cause: str, actor: Actor, at: datetime, **known: Any
) -> Fact:
    return facts.about(
        interaction,
        Event.DATE_MOVED,
        actor=actor,
        at=at,
        texts={"reason": reason},
        clock=str(moved.clock.kind),
        came_from=moved.came_from.isoformat(),
        became=moved.became.isoformat(),
        cause=cause,
        other_day=is_other_day(moved),
        **known,
    )


def is_other_day(moved: Moved) -> bool:
    """Whether the promise is for another day now where it is counted; a few hours within one are no news."""
    zone = ZoneInfo(calendars.working(moved.clock.calendar_id).zone)
    return moved.came_from.astimezone(zone).date() != moved.became.astimezone(zone).date()
