"""The alarm clock of counting; all state is in the database."""

from celery import shared_task
from django.utils import timezone

from reporting.domain import snapshots


@shared_task
def snapshot() -> int:
    """Count the last days anew."""
    return snapshots.recount(at=timezone.now())
