"""An endpoint whose events are given up becomes work of a team: once, until it takes something again or ends."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from interactions.domain import conversation, intake, lifecycle
from interactions.domain.lifecycle import Words
from interactions.enums import Direction, Move, Visibility
from interactions.models import Interaction
from interactions.payloads import Intake
from notifications.domain.subscriptions import host_of
from notifications.models import Delivery, Subscription
from notifications.models.subscription import SubscriptionQuerySet
from partners.enums import Channel
from partners.payloads import SYSTEM

logger = logging.getLogger(__name__)

TYPE = "webhook-endpoint"
PLACE = "/console/deliveries/"


def settle_all(at: datetime) -> int:
    """Raise what is missing and withdraw what is obsolete; returns how many. Safe to run twice, and by two at once."""
    wanted = list(without_task(at).values_list("pk", flat=True))
    obsolete = list(with_obsolete_task(at).values_list("pk", flat=True))
    return sum([attempt(pk, at=at) for pk in [*wanted, *obsolete]])


def without_task(at: datetime) -> SubscriptionQuerySet:
    """The partner's administrators were told, events were given up, and nobody of ours has it to do."""
    return Subscription.objects.listening(at.date()).failed().filter(told_at__isnull=False, task=None)


def with_obsolete_task(at: datetime) -> SubscriptionQuerySet:
    """It took something since, or is sent nothing more."""
    failed = Subscription.objects.listening(at.date()).failed()
    return Subscription.objects.filter(task__isnull=False).exclude(pk__in=failed)


def attempt(pk: int, *, at: datetime) -> bool:
    """Settle one endpoint by itself, so that what is wrong with one holds up no other."""
    try:
        return settle(pk, at=at)
    except Exception:
        logger.exception("The task for webhook endpoint %s could not be settled", pk)
        return False


@transaction.atomic
def settle(pk: int, *, at: datetime) -> bool:
    """False where another worker holds it or has settled it."""
    # the endpoint before the matter, as everybody locks them who locks both; skip_locked: the other worker settles it
    held = Subscription.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    subscription = held.select_related("role__partner").filter(pk=pk).first()
    if subscription is None:
        return False
    # asked again, in a statement of its own: only that sees what whoever held it before has done
    if without_task(at).filter(pk=pk).exists():
        subscription.task = put_to_team(subscription, at=at)
    elif with_obsolete_task(at).filter(pk=pk).exists():
        withdraw(subscription, at=at)
        subscription.task = None
    else:
        return False
    subscription.save(update_fields=["task"])
    return True


def put_to_team(subscription: Subscription, *, at: datetime) -> Interaction:
    """A matter with the partner, which of its people only administrators see, and no system hears of.

    So what happens in it is never posted to the endpoint that it is about.
    """
    last = Delivery.objects.dead().filter(subscription=subscription).order_by("-id").first()
    known = {
        "partner": subscription.role.partner.name,
        "host": host_of(subscription),
        "since": f"{subscription.failing_since or at:%Y-%m-%d %H:%M} UTC",
        "error": last.error if last else "",
        "own": f"{settings.BASE_URL}/portal/organisation/webhooks/{subscription.pk}/",
        "ours": f"{settings.BASE_URL}{PLACE}?endpoint={subscription.pk}&state=failed",
    }
    matter = Intake(
        channel=Channel.WEB,
        direction=Direction.OUTBOUND,
        subject=_("Events for %(host)s are not taken") % known,
        text=_(
            "The endpoint at %(host)s has taken nothing since %(since)s. What came of the last try: %(error)s.\n\n"
            "The administrators of %(partner)s were told by mail. What was given up can be sent again from the "
            "endpoint's log: %(own)s"
        )
        % known,
        happened_at=at,
        type_code=TYPE,
        partner_id=subscription.role.partner_id,
        role_id=subscription.role_id,
        visibility=Visibility.OWN,
    )
    task = intake.receive(matter, actor=SYSTEM, at=at).interaction
    assert task is not None  # noqa: S101  only what has an id of another system can be a duplicate
    conversation.note(task, _("What was given up, to be sent again from there: %(ours)s") % known, actor=SYSTEM, at=at)
    return task


def withdraw(subscription: Subscription, *, at: datetime) -> None:
    """End the matter as obsolete, unless somebody has ended it already."""
    assert subscription.task_id is not None  # noqa: S101  it was asked for
    task = lifecycle.lock(subscription.task_id)
    if Move.CANCEL in lifecycle.possible(task):
        reason = _("It takes events again.") if subscription.is_standing else _("The endpoint has ended.")
        lifecycle.make_move(task, Move.CANCEL, actor=SYSTEM, at=at, words=Words(reason=reason))
