"""How an endpoint does: who hears of it when it keeps failing, the partner first and then we."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import Now

from notifications.domain import subscriptions
from notifications.enums import Ending
from notifications.models import Delivery, Subscription
from notifications.payloads import Outcome
from partners.domain import record
from partners.enums import PartnerEvent
from partners.payloads import SYSTEM

TOLD_AFTER = timedelta(hours=1)  # of failing without a success between
ASKS_TO_WAIT = {429, 503}  # with Retry-After, for everything that is sent there
BREATH = timedelta(seconds=5)  # after a failure: what fails is tried a few times a minute, however much waits for it
NOTED_EVERY = timedelta(minutes=1)


def note_success(delivery: Delivery, *, at: datetime) -> None:
    """It works, or works again; noted at most once a minute, so that many events do not wait for one row."""
    before = delivery.subscription
    row = Subscription.objects.filter(pk=delivery.subscription_id or 0)
    stale = row.filter(Q(succeeded_at=None) | Q(succeeded_at__lte=at - NOTED_EVERY) | Q(failing_since__isnull=False))
    changed = stale.update(succeeded_at=at, failing_since=None, told_at=None, given_up_at=None, held_until=None)
    if changed and before is not None and before.told_at is not None:
        record.append(subscriptions.told(before, PartnerEvent.WEBHOOK_RECOVERED, actor=SYSTEM, at=at))


def note_failure(delivery: Delivery, outcome: Outcome, *, at: datetime) -> None:
    """Note since when it fails; tell the partner once, when that was long enough ago or an event was given up."""
    row = Subscription.objects.filter(pk=delivery.subscription_id or 0)
    row.filter(failing_since=None).update(failing_since=at)
    wait = outcome.wait if outcome.wait is not None and outcome.code in ASKS_TO_WAIT else BREATH
    row.update(held_until=Now() + wait)
    is_given_up = Delivery.objects.dead().filter(pk=delivery.pk).exists()
    long_ago = row if is_given_up else row.filter(failing_since__lte=at - TOLD_AFTER)
    if long_ago.filter(told_at=None).update(told_at=at):
        subscription = row.select_related("role").get()
        since = subscription.failing_since or at
        known = {"since": since.isoformat(), "answer": outcome.code}
        fact = subscriptions.told(subscription, PartnerEvent.WEBHOOK_FAILING, actor=SYSTEM, at=at, quiet=False, **known)
        record.append(fact)


def let_go(delivery: Delivery) -> None:
    """Whoever sends something again by hand waits for no breath of its endpoint."""
    Subscription.objects.filter(pk=delivery.subscription_id or 0).update(held_until=None)


def note_gone(delivery: Delivery, *, at: datetime) -> None:
    if delivery.subscription is not None:
        subscriptions.end(delivery.subscription, ending=Ending.GONE, actor=SYSTEM, at=at)


def is_first_given_up(delivery: Delivery, *, at: datetime) -> bool:
    """Whether staff has yet to hear that this endpoint's events are given up; it hears once, until it works again."""
    return bool(Subscription.objects.filter(pk=delivery.subscription_id or 0, given_up_at=None).update(given_up_at=at))
