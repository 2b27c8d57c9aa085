"""The day it is where a team works: who is away on a date is away from the team's midnight to the next."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from interactions.models import Team
from partners.domain import calendars


def today(team: Team, *, at: datetime) -> date:
    hours = calendars.working(calendars.NEWEST.get(team.calendar_id))
    return at.astimezone(ZoneInfo(hours.zone)).date()
