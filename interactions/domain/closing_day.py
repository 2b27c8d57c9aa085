"""When a solution that nobody answers counts as accepted: so many business days later, at the end of the day."""

from datetime import datetime

from interactions.domain import catalogue
from interactions.models import Interaction
from partners.domain import business_days, calendars
from partners.domain.business_time import NeverOpen


def of(interaction: Interaction, *, at: datetime) -> datetime | None:
    """The moment at which a matter solved now closes by itself; None when its type leaves it open."""
    version = catalogue.version_of(interaction)
    if not version.asks_confirmation or version.close_after_days is None:
        return None
    # the hours that were promised to the partner, or those of whoever owns it
    calendar_id = interaction.policy.calendar_id if interaction.policy else interaction.team.calendar_id
    calendar = calendars.working(calendars.current(calendar_id).pk)
    try:
        return business_days.end_of(at, version.close_after_days, calendar)
    except NeverOpen:
        return None
