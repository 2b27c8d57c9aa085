"""The alarm clock of checkpoints and of what is to be forgotten; all state is in the database."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from partners.domain import checkpoints, credentials, expiry, idempotency, interruptions, single_sign_on


@shared_task
def checkpoint() -> int:
    """Sign what changed since the last checkpoint and write it outside the database; returns the files written."""
    key = checkpoints.signing_key(settings.CHECKPOINT_KEY_FILE)
    return checkpoints.catch_up(key, settings.CHECKPOINT_DIR, at=timezone.now())


@shared_task
def forget() -> int:
    """Remove what has expired: tokens, answers of single sign-ons and of idempotency keys, files of acts that nobody
    resumed; returns how many.
    """
    now = timezone.now()
    old = idempotency.forget(before=now - idempotency.KEPT_FOR)
    old += credentials.forget_tokens(at=now) + single_sign_on.forget_answers(at=now)
    return old + interruptions.forget(at=now)


@shared_task
def watch_keys() -> int:
    """Warn of keys that are about to expire, and note those that did; returns how many."""
    return expiry.sweep(at=timezone.now())
