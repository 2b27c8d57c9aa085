"""The alarm clock of promises; all state is in the database."""

from celery import shared_task
from django.utils import timezone

from interactions.domain import clocks


@shared_task
def sweep() -> int:
    """Warn of and mark every promise that is due."""
    return clocks.sweep(at=timezone.now())
