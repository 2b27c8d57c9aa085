"""What becomes of a matter whose partner does not answer: the rule of its type reminds, escalates, or closes it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from interactions.domain import catalogue, facts, lifecycle, unanswered_day
from interactions.domain.lifecycle import Words
from interactions.enums import Event, LinkKind, Move, Side, Status
from interactions.models import ENDED, Interaction, Link
from interactions.models.interaction import InteractionQuerySet
from interactions.models.type_version import Unanswered
from partners.domain import record
from partners.enums import EscalationTarget
from partners.payloads import SYSTEM

AT_ONCE = 500
TOLD: Mapping[Unanswered, Sequence[EscalationTarget]] = {
    Unanswered.REMIND: [EscalationTarget.PARTNER],
    Unanswered.ESCALATE: [
        EscalationTarget.OWNER,
        EscalationTarget.LEADS,
        EscalationTarget.PARTNER,
        EscalationTarget.PARTNER_ESCALATION,
    ],
    Unanswered.CLOSE: [EscalationTarget.OWNER, EscalationTarget.PARTNER],
}


def sweep(*, at: datetime, most: int = AT_ONCE) -> int:
    """Apply the rule wherever silence has lasted long enough; returns how often. Safe to run twice, and by two."""
    numbers = list(due(at).order_by("unanswered_at").values_list("pk", flat=True)[:most])
    return sum(follow_up(number, at=at) for number in numbers)


def due(at: datetime) -> InteractionQuerySet:
    return Interaction.objects.filter(status=Status.WAITING, unanswered_at__lte=at)


@transaction.atomic
def follow_up(number: int, *, at: datetime) -> bool:
    """Apply the rule to one, unless somebody holds it or the answer came meanwhile."""
    # skip_locked: whoever holds it is answering, or is a second sweep
    held = due(at).filter(pk=number).select_for_update(of=("self",), no_key=True, skip_locked=True)
    interaction = held.select_related("type").first()
    if interaction is None:
        return False
    if closes_next(interaction) and not has_open_parts(interaction):
        words = Words(reason=_("We waited for this and had no answer: %(what)s") % {"what": interaction.waiting_for})
        lifecycle.make_move(interaction, Move.LAPSE, actor=SYSTEM, at=at, words=words)
    else:
        tell(interaction, at=at)
    return True


def rule_of(interaction: Interaction) -> Unanswered:
    return Unanswered(catalogue.version_of(interaction).when_unanswered)


def closes_next(interaction: Interaction) -> bool:
    """Whether the partner was told that it closes without an answer, so that it may."""
    return rule_of(interaction) == Unanswered.CLOSE and interaction.unanswered_count > 0


def closes_at(interaction: Interaction) -> datetime | None:
    """When it closes if the partner goes on saying nothing; None where that does not close it, or not yet."""
    is_awaited = interaction.status == Status.WAITING and interaction.ball == Side.PARTNER
    return interaction.unanswered_at if is_awaited and closes_next(interaction) else None


def has_open_parts(interaction: Interaction) -> bool:
    parts = Link.objects.in_force().filter(kind=LinkKind.PARENT, other=interaction)
    return parts.exclude(interaction__status__in=ENDED).exists()


def tell(interaction: Interaction, *, at: datetime) -> None:
    """Tell those whom the rule names, and look again when as much time has passed once more."""
    rule, count = rule_of(interaction), interaction.unanswered_count
    # who was escalated to once is not told again and again
    told = TOLD[Unanswered.REMIND if rule == Unanswered.ESCALATE and count else rule]
    interaction.unanswered_count = count + 1
    unanswered_day.schedule(interaction, at=at)
    # not its version: who is just writing the answer should not have to start again
    interaction.save(update_fields=["unanswered_at", "unanswered_count"])
    next_at = interaction.unanswered_at
    known: dict[str, Any] = {"rule": str(rule), "time": count + 1, "tell": [str(target) for target in told]}
    known["next_at"] = next_at.isoformat() if next_at else ""
    record.append(facts.about(interaction, Event.UNANSWERED, actor=SYSTEM, at=at, **known))
