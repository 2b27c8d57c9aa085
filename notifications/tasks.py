"""The alarm clock of notices; all state is in the database."""

import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from notifications.domain import deliveries, invitation_letters, posting, repairs
from notifications.domain import relay as relaying
from notifications.domain import silence as silences
from notifications.transports.email import EmailTransport
from notifications.transports.webhook import WebhookTransport

logger = logging.getLogger(__name__)

# then the next beat goes on, so that a backlog does not keep a worker's threads from everything else
WITHIN = timedelta(seconds=20)
webhooks = posting.Errand(lambda at: posting.post_all(at, WebhookTransport(), within=WITHIN))


@shared_task
def relay() -> int:
    """Make deliveries of what happened, and wake the sender at once."""
    relayed = relaying.relay_all(timezone.now(), within=WITHIN)
    if relayed:
        wake_senders()
    return relayed


@shared_task
def send() -> int:
    """Send what is due."""
    return deliveries.send_all(timezone.now(), EmailTransport(), within=WITHIN)


@shared_task
def post() -> bool:
    """Post what is due to endpoints of partners."""
    return webhooks.send(timezone.now())


@shared_task
def repair() -> int:
    """Give teams to do what endpoints of partners need, and take back what they need no more."""
    return repairs.settle_all(timezone.now())


@shared_task
def invite() -> int:
    """Send the invitations whose mail is due."""
    return invitation_letters.send_all(timezone.now(), EmailTransport(), within=WITHIN)


@shared_task
def silence() -> int:
    """Tell both sides of what was silent for too long."""
    return silences.break_silence(at=timezone.now())


def wake_senders() -> None:
    """A hint that saves waiting for the next beat; without a broker that beat comes all the same."""
    try:
        send.apply_async(expires=10, retry=False)
        post.apply_async(expires=10, retry=False)
    except OperationalError:
        logger.warning("The senders could not be woken; the next beat will")
