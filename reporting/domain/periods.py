"""The periods that a report can be asked for."""

from datetime import UTC, date, datetime, timedelta

DAYS = (7, 30, 90)
USUAL = 90


def ending(at: datetime, days: int) -> tuple[date, date]:
    """The first and last of so many days (UTC), today included."""
    last = at.astimezone(UTC).date()
    return last - timedelta(days=days - 1), last
