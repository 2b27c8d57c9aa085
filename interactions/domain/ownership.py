"""Whose matter it is: a team's, and one person's in it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from interactions.domain import facts, lifecycle, staffing
from interactions.enums import Event
from interactions.errors import AlreadyTaken, NotAccepted
from interactions.models import Interaction, Team
from partners.domain import record
from partners.enums import Priority
from partners.models import User
from partners.payloads import Actor


@transaction.atomic
def assign(
    interaction: Interaction, user: User | None, *, actor: Actor, at: datetime, version: int | None = None
) -> Interaction:
    """Give the interaction to one representative, or back to the team's queue with None."""
    if user is not None and not User.objects.at_work().filter(pk=user.pk).exists():
        raise NotAccepted("assignee", _("%(name)s is not a representative.") % {"name": user.name})
    interaction = lifecycle.lock(interaction.pk, version=version)
    interaction.assignee = user
    lifecycle.save(interaction, at=at)
    record.append(facts.about(interaction, Event.ASSIGNED, actor=actor, at=at, assignee=user.pk if user else None))
    return interaction


@transaction.atomic
def take(
    interaction: Interaction, user: User, *, actor: Actor, at: datetime, version: int | None = None
) -> Interaction:
    """Make a matter that nobody has one's own. Raises AlreadyTaken where somebody was quicker, ChangedMeanwhile."""
    held = lifecycle.lock(interaction.pk, version=version)
    if held.assignee is not None and held.assignee_id != user.pk:
        raise AlreadyTaken(held.number, held.assignee.name)
    return assign(held, user, actor=actor, at=at)


@transaction.atomic
def hand_over(
    interaction: Interaction, team: Team, *, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Interaction:
    """Give the interaction to another team, with the reason; its rule says who owns it there, if anybody does yet."""
    if not reason.strip():
        raise NotAccepted("reason", _("Say why it goes to another team."))
    interaction = lifecycle.lock(interaction.pk, version=version)
    came_from = interaction.team.code
    interaction.hand_over_count += 1
    interaction.team, interaction.assignee = team, staffing.choose(team, skill_id=interaction.type.skill_id, at=at)
    lifecycle.save(interaction, at=at)
    record.append(
        facts.about(
            interaction,
            Event.HANDED_OVER,
            actor=actor,
            at=at,
            texts={"reason": reason},
            came_from=came_from,
            team=team.code,
            assignee=interaction.assignee_id,
        )
    )
    return interaction


@transaction.atomic
def set_priority(
    interaction: Interaction, priority: Priority, *, actor: Actor, at: datetime, version: int | None = None
) -> Interaction:
    """Change how urgent it is; promises already made stay as they are. What is so already is no entry of the record."""
    interaction = lifecycle.lock(interaction.pk, version=version)
    if interaction.priority == priority:
        return interaction
    came_from, interaction.priority = interaction.priority, priority
    lifecycle.save(interaction, at=at)
    record.append(
        facts.about(
            interaction, Event.CHANGED, actor=actor, at=at, field="priority", came_from=came_from, became=int(priority)
        )
    )
    return interaction
