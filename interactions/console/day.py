"""The reader's day; the middleware has set his zone."""

from datetime import datetime

from django.utils import timezone


def begin(at: datetime) -> datetime:
    """The first moment of the day that holds `at`."""
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
