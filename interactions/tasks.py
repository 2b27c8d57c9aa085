"""The alarm clock of promises; all state is in the database."""

from celery import shared_task
from django.utils import timezone

from interactions import rules
from interactions.domain import (
    batches,
    closing,
    desks,
    enquiries,
    giving_out,
    outgoing,
    pace,
    request_drafts,
    unanswered,
    visits,
    watch,
)


@shared_task
def sweep() -> int:
    """Tell of every threshold of a promise that has passed."""
    return watch.sweep(at=timezone.now())


@shared_task
def learn_pace() -> int:
    """Look again at how long steps usually take."""
    return pace.learn(at=timezone.now())


@shared_task
def give_out() -> int:
    """Give the work that waits in queues to people who have room for it."""
    return giving_out.sweep(at=timezone.now())


@shared_task
def forget() -> int:
    """Remove requests that nobody confirmed or went on with in time, and what people removed or opened long ago."""
    at = timezone.now()
    return request_drafts.forget(at=at) + enquiries.forget(at=at) + desks.forget(at=at) + visits.forget(at=at)


@shared_task
def close_silent() -> int:
    """Close every solution that nobody answered in time."""
    return closing.sweep(at=timezone.now())


@shared_task
def let_leave() -> int:
    """Let the replies leave whose moment has come."""
    return outgoing.sweep(at=timezone.now())


@shared_task
def work_off() -> int:
    """Do the next rows of what is to be done to many interactions."""
    return batches.sweep(may=rules.can_work_on, at=timezone.now())


@shared_task
def follow_up() -> int:
    """Apply the rule of its type wherever a partner has not answered for long enough."""
    return unanswered.sweep(at=timezone.now())
