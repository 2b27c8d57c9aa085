"""Dates that move: each with a reason, and both sides are told."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from interactions.domain import facts
from interactions.domain.clocks import Moved
from interactions.enums import Event, Move
from interactions.models import Interaction
from partners.payloads import Actor, Fact


def moved_by_waiting(
    interaction: Interaction, moved: Iterable[Moved], move: Move, waited_for: str, *, actor: Actor, at: datetime
) -> list[Fact]:
    """What the record says when a move ended our waiting and the time that it took was credited."""
    reason = _("We waited for: %(what)s") % {"what": waited_for}
    return [fact(interaction, each, reason=reason, cause=str(move), actor=actor, at=at) for each in moved]


def fact(interaction: Interaction, moved: Moved, *, reason: str, cause: str, actor: Actor, at: datetime) -> Fact:
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
    )
