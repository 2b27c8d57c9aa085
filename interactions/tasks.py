"""The alarm clock of promises; all state is in the database."""

from celery import shared_task
from django.utils import timezone

from interactions.domain import clocks, closing, giving_out


@shared_task
def sweep() -> int:
    """Warn of and mark every promise that is due."""
    return clocks.sweep(at=timezone.now())


@shared_task
def give_out() -> int:
    """Give the work that waits in queues to people who have room for it."""
    return giving_out.sweep(at=timezone.now())


@shared_task
def close_silent() -> int:
    """Close every solution that nobody answered in time."""
    return closing.sweep(at=timezone.now())
