"""Business days: dates on which the enterprise is open at all, counted on a calendar."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from partners.domain.business_time import NeverOpen, WorkingCalendar

DAY = timedelta(days=1)
SEARCH_DAYS = 3 * 366


def end_of(start: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """When the last opening hour of the `days`-th business day after the date of `start` ends, in UTC.

    Raises NeverOpen.
    """
    zone = ZoneInfo(calendar.zone)
    day = start.astimezone(zone).date()
    for _number in range(SEARCH_DAYS):
        day += DAY
        frames = calendar.frames_on(day)
        days -= bool(frames)
        if frames and days <= 0:
            wall = datetime.combine(day, time()) + timedelta(minutes=frames[-1].closes)
            return wall.replace(tzinfo=zone).astimezone(UTC)
    raise NeverOpen(start)
