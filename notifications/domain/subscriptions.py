"""Partners' systems that want to hear of events: each an address with a secret, a query and a state."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from notifications.domain import queries
from notifications.domain.announcing import database_now
from notifications.domain.hub_events import TEST, written
from notifications.enums import DeliveryState, Ending, Medium, SubscriptionState
from notifications.errors import SubscriptionEnded, SubscriptionMade, TooManySubscriptions
from notifications.models import Delivery, Subscription
from notifications.transports import callbacks, signing
from partners.domain import access, perimeter, record
from partners.domain.digests import digest_of
from partners.enums import ActorKind, AssuranceLevel, PartnerEvent, PartnerStatus
from partners.errors import RoleNotInForce, SecretRenewed
from partners.models import PartnerRole, RecordEntry
from partners.payloads import Actor, Fact

MOST = 20  # of a role, that have not ended
MOST_OVERLAP = timedelta(days=30)
OVER = gettext_noop("The endpoint has ended.")


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A subscription with its new secret, which is shown this once."""

    subscription: Subscription
    secret: str = field(repr=False)


@transaction.atomic
def add(role: PartnerRole, callback: str, *, query: str = "", actor: Actor, at: datetime, once: str = "") -> Issued:
    """Subscribe an address in a role; `once` makes a second sending of the same form harmless.

    Raises CallbackNotAccepted, QueryNotAccepted, RoleNotInForce, RoleNotGrantable, TooManySubscriptions and
    SubscriptionMade.
    """
    callbacks.parts_of(callback)
    queries.read(query)
    # locked, so that two at once do not make one too many
    held = PartnerRole.objects.select_for_update(of=("self",), no_key=True).select_related("kind", "partner")
    role = held.get(pk=role.pk)
    in_force = PartnerRole.objects.in_force(at.date()).filter(pk=role.pk, partner__status=PartnerStatus.ACTIVE)
    if not in_force.exists():
        raise RoleNotInForce
    if actor.kind != ActorKind.MACHINE:
        perimeter.check([role], role.partner, actor, on=at.date())
    if Subscription.objects.standing().filter(role=role).count() >= MOST:
        raise TooManySubscriptions(MOST)
    secret = signing.new_secret()
    subscription = Subscription(
        role=role,
        identifier=identifier_of(role, once, actor),
        callback=callback,
        query=query,
        secret=secret,
        created_by_id=actor.user_id,
        created_by_client=actor.client_id,
        created_at=at,
    )
    insert(subscription)
    record.append(told(subscription, PartnerEvent.WEBHOOK_ADDED, actor=actor, at=at, query=query))
    return Issued(subscription=subscription, secret=secret)


def add_own(callback: str, *, query: str, actor: Actor, at: datetime) -> Issued:
    """Subscribe an address in the role that a system acts in; raises what `add` raises."""
    return add(PartnerRole.objects.get(pk=actor.role_id or 0), callback, query=query, actor=actor, at=at)


@transaction.atomic
def rotate(
    subscription: Subscription,
    *,
    overlap: timedelta = timedelta(0),
    after: str | None = None,
    actor: Actor,
    at: datetime,
) -> Issued:
    """A new secret; for `overlap` what is sent is signed with the one before as well.

    `after` is the `Subscription.mark` that whoever asks has seen. Raises SubscriptionEnded and SecretRenewed.
    """
    subscription = lock(subscription)
    if after is not None and after != subscription.mark:
        raise SecretRenewed
    has_overlap = overlap > timedelta(0)
    subscription.previous_secret = subscription.secret if has_overlap else ""
    subscription.previous_until = at + min(overlap, MOST_OVERLAP) if has_overlap else None
    subscription.secret, subscription.rotated_at = signing.new_secret(), at
    subscription.save(update_fields=["secret", "previous_secret", "previous_until", "rotated_at"])
    seconds = int(min(overlap, MOST_OVERLAP).total_seconds())
    record.append(told(subscription, PartnerEvent.WEBHOOK_ROTATED, actor=actor, at=at, overlap=seconds))
    return Issued(subscription=subscription, secret=str(subscription.secret))


@transaction.atomic
def pause(subscription: Subscription, *, actor: Actor, at: datetime) -> bool:
    """Send nothing until it is resumed; what happens meanwhile is kept for it. False when it is paused already."""
    return turn(subscription, SubscriptionState.PAUSED, PartnerEvent.WEBHOOK_PAUSED, actor=actor, at=at)


@transaction.atomic
def resume(subscription: Subscription, *, actor: Actor, at: datetime) -> bool:
    """Send what has gathered, in its order, and go on. False when it was not paused."""
    return turn(subscription, SubscriptionState.ACTIVE, PartnerEvent.WEBHOOK_RESUMED, actor=actor, at=at)


def turn(
    subscription: Subscription, state: SubscriptionState, event: PartnerEvent, *, actor: Actor, at: datetime
) -> bool:
    """Raises SubscriptionEnded."""
    subscription = lock(subscription)
    if subscription.state == state:
        return False
    subscription.state, subscription.held_until = state, None
    subscription.save(update_fields=["state", "held_until"])
    record.append(told(subscription, event, actor=actor, at=at))
    return True


@transaction.atomic
def end(subscription: Subscription, *, ending: Ending = Ending.BY_HAND, actor: Actor, at: datetime) -> Subscription:
    """Send nothing more, for good; safe to repeat. The partner hears of it where nobody of it did it."""
    subscription = Subscription.objects.select_for_update(of=("self",)).select_related("role").get(pk=subscription.pk)
    if subscription.is_standing:
        subscription.state, subscription.ending, subscription.ended_at = SubscriptionState.ENDED, ending, at
        subscription.secret = subscription.previous_secret = ""
        subscription.save(update_fields=["state", "ending", "ended_at", "secret", "previous_secret"])
        waiting = Delivery.objects.unsent().filter(subscription=subscription)
        waiting.update(state=DeliveryState.CANCELLED, lease=None, error=OVER)
        is_gone = ending == Ending.GONE
        event = PartnerEvent.WEBHOOK_GONE if is_gone else PartnerEvent.WEBHOOK_ENDED
        record.append(told(subscription, event, actor=actor, at=at, quiet=not is_gone))
    return subscription


@transaction.atomic
def test(subscription: Subscription, *, actor: Actor, at: datetime) -> Delivery:
    """Send an event that says nothing but that it arrived, whatever the query. Raises SubscriptionEnded."""
    subscription = lock(subscription)
    Subscription.objects.filter(pk=subscription.pk).update(held_until=None)
    entry = record.append(told(subscription, PartnerEvent.WEBHOOK_TESTED, actor=actor, at=at))
    entry = RecordEntry.objects.get(pk=entry.pk)  # with the number of its transaction
    body = written(entry, TEST, {})
    return Delivery.objects.create(**delivery_of(subscription, entry, TEST, body, at=at), next_at=database_now())


def delivery_of(
    subscription: Subscription, entry: RecordEntry, event: str, body: str, *, at: datetime
) -> dict[str, Any]:
    """The columns of a delivery that all of an endpoint's share."""
    return {
        "entry": entry,
        "subscription": subscription,
        "medium": Medium.WEBHOOK,
        "address": subscription.callback,
        "subject": event,
        "text": body,
        "created_at": at,
    }


def eyes_of(subscription: Subscription) -> Actor:
    """As whom it sees matters: a machine in its role, and where a system made it, that one."""
    role = subscription.role
    return Actor(
        kind=ActorKind.MACHINE,
        label=host_of(subscription),
        partner_id=role.partner_id,
        role_id=role.pk,
        role=role.kind.code,
        level=AssuranceLevel.SINGLE,
        client_id=subscription.created_by_client,
        permissions=frozenset(role.kind.permissions) - access.ADMINISTRATION,
    )


def keys_of(subscription: Subscription, *, at: datetime) -> list[str]:
    """The secrets that sign now, the newest first."""
    is_overlapping = subscription.previous_until is not None and subscription.previous_until > at
    return [str(key) for key in (subscription.secret, subscription.previous_secret if is_overlapping else "") if key]


def host_of(subscription: Subscription) -> str:
    return urlsplit(subscription.callback).hostname or ""


def insert(subscription: Subscription) -> None:
    try:
        with transaction.atomic():
            subscription.save(force_insert=True)
    except IntegrityError as error:
        made = Subscription.objects.filter(identifier=subscription.identifier).first()
        if made is None:
            raise
        raise SubscriptionMade(made.pk) from error


def lock(subscription: Subscription) -> Subscription:
    """The subscription as it is now; raises SubscriptionEnded."""
    held = Subscription.objects.select_for_update(of=("self",)).select_related("role__kind").get(pk=subscription.pk)
    if not held.is_standing:
        raise SubscriptionEnded
    return held


def identifier_of(role: PartnerRole, once: str, actor: Actor) -> str:
    """What it is known by; the same for the same form of the same person."""
    of_form = digest_of(f"hub\n{role.pk}\n{actor.user_id}\n{once}")[:24]
    return f"hub-{of_form if once else secrets.token_hex(12)}"


def told(
    subscription: Subscription, event: PartnerEvent, *, actor: Actor, at: datetime, quiet: bool = True, **known: Any
) -> Fact:
    return Fact(
        stream=f"partner:{subscription.role.partner_id}",
        event=event,
        actor=actor,
        at=at,
        partner_id=subscription.role.partner_id,
        facts={"subscription": subscription.pk, "role": subscription.role_id, **known},
        texts={"callback": subscription.callback},
        quiet=quiet,
    )
