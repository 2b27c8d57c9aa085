"""When the rule of a type takes effect for a partner that does not answer: so many business days of silence."""

from datetime import datetime

from interactions.domain import ball, catalogue
from interactions.enums import Side, Status
from interactions.models import Interaction
from partners.domain import business_days
from partners.domain.business_time import NeverOpen


def schedule(interaction: Interaction, *, at: datetime) -> None:
    """Set when the rule takes effect next, counted from `at`; only a partner's silence has a rule. The caller saves."""
    interaction.unanswered_at = None
    if interaction.status != Status.WAITING or interaction.ball != Side.PARTNER:
        return
    days = catalogue.version_of(interaction).unanswered_after_days
    try:
        interaction.unanswered_at = business_days.end_of(at, days, ball.hours(interaction))
    except NeverOpen:
        return
