"""What nobody should lose sight of: matters that age, are stuck, or bounce from one to the next. Derived here alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from interactions.enums import Side
from interactions.models import Interaction
from interactions.models.interaction import BOUNCED, REOPENED, InteractionQuerySet

AGEING = timedelta(days=30)  # open for longer
STUCK = timedelta(days=5)  # ours to act on, and nothing happened for longer


class Flag(models.TextChoices):
    """What a list should not lose sight of."""

    AGEING = "ageing", gettext_lazy("Ageing")
    STUCK = "stuck", gettext_lazy("Stuck")
    BOUNCING = "bouncing", gettext_lazy("Bouncing")


@dataclass(frozen=True, kw_only=True)
class Raised:
    """A flag with the reason in words."""

    flag: Flag
    why: str


def of(interaction: Interaction, *, at: datetime) -> list[Raised]:
    """The flags that an interaction raises at a moment; nothing that has ended raises any."""
    if not interaction.is_open:
        return []
    raised = {
        Flag.AGEING: (interaction.created_at < at - AGEING, days(_("open for %s"), at - interaction.created_at)),
        Flag.STUCK: (
            interaction.ball == Side.ENTERPRISE and interaction.updated_at < at - STUCK,
            days(_("nothing happened for %s"), at - interaction.updated_at),
        ),
        Flag.BOUNCING: (
            interaction.hand_over_count >= BOUNCED or interaction.reopen_count >= REOPENED,
            _("handed over %(over)d times, reopened %(again)d times")
            % {"over": interaction.hand_over_count, "again": interaction.reopen_count},
        ),
    }
    return [Raised(flag=flag, why=why) for flag, (is_raised, why) in raised.items() if is_raised]


def days(sentence: str, time: timedelta) -> str:
    return sentence % (ngettext("%(n)d day", "%(n)d days", time.days) % {"n": time.days})


def raising(interactions: InteractionQuerySet, flag: Flag, *, at: datetime) -> InteractionQuerySet:
    """Those that raise a flag; each is found by an index of its own."""
    conditions: Mapping[Flag, Q] = {
        Flag.AGEING: Q(created_at__lt=at - AGEING),
        Flag.STUCK: Q(ball=Side.ENTERPRISE, updated_at__lt=at - STUCK),
        Flag.BOUNCING: Q(hand_over_count__gte=BOUNCED) | Q(reopen_count__gte=REOPENED),
    }
    return interactions.open().filter(conditions[flag])
