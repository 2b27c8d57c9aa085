"""Messages on their way: claimed with a lease, sent outside any transaction, tried for hours, never lost silently."""

import logging
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from interactions.channels.automatic import LOOP_HEADER
from interactions.enums import Event
from notifications.domain import digests, health, letters, people, threads, tries
from notifications.domain.letters import unseal
from notifications.enums import DeliveryState, Manner
from notifications.errors import TransportDown
from notifications.models import Delivery
from notifications.payloads import Letter, Outcome, Transport
from partners.domain import record
from partners.payloads import SYSTEM, Actor

logger = logging.getLogger(__name__)

AT_ONCE = 50
MOST_CARRIED = 200  # in daily mails of one claim; what is left goes with the next
LEASE = timedelta(minutes=3)  # longer than a transport spends on a batch
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240)]
MOST_ATTEMPTS = len(WAITS) + 1
MOST_ERROR = 2000
GONE = gettext_noop("Its reader may not hear of this any more.")
LAPSED = "The code or link in it held no longer"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Deliveries that this worker alone holds, until the lease on them ends."""

    token: uuid.UUID
    deliveries: Sequence[Delivery]

    def parcels(self) -> Mapping[int, Sequence[Delivery]]:
        """What leaves in one mail, by the id of the first of it: one delivery, or all that was gathered for one."""
        found: dict[tuple[str, int], list[Delivery]] = {}
        for delivery in self.deliveries:
            is_gathered = delivery.manner == Manner.GATHERED
            found.setdefault((delivery.address, 0 if is_gathered else delivery.pk), []).append(delivery)
        return {parcel[0].pk: parcel for parcel in found.values()}


def send_all(at: datetime, transport: Transport, *, within: timedelta | None = None) -> int:
    """Send until nothing is due, or the time is over; returns how many were sent."""
    ends = time.monotonic() + within.total_seconds() if within else None
    sent = 0
    while (portion := send_some(at, transport)) is not None:
        sent += portion
        if ends is not None and time.monotonic() > ends:
            break
    return sent


def send_some(at: datetime, transport: Transport) -> int | None:
    """Claim, commit, send, note what became of it; returns how many were sent, None when nothing was due."""
    claimed = claim()
    if not claimed.deliveries:
        return None
    claimed = without_strangers(claimed, at=at)
    parcels = claimed.parcels()
    secrets = {parcel[0]: letters.secret_of(parcel[0], at=at) for parcel in parcels.values()}
    ready = [letter_of(parcels[one.pk], secret=secret) for one, secret in secrets.items() if secret is not None]
    lapsed = [Outcome(key=one.pk, error=LAPSED, is_final=True) for one, secret in secrets.items() if secret is None]
    try:
        outcomes = transport.send(ready) if ready else []
    except TransportDown as error:
        outcomes = [Outcome(key=letter.key, error=str(error)) for letter in ready]
    outcomes = [replace(outcome, key=one.pk) for outcome in outcomes for one in parcels[outcome.key]]
    return note(claimed, [*outcomes, *lapsed], at=at)


@transaction.atomic
def claim() -> Claim:
    """Take what is due under a lease of its own. Times are the database's: workers' clocks may differ.

    Of messages to one address about one interaction only the oldest is taken, so that none overtakes another but what
    its reader wished to have later. Of what was gathered for an address the oldest is, and brings all that is due.
    """
    token = uuid.uuid4()
    unsent = Delivery.objects.mails().unsent().filter(address=OuterRef("address"), manner=OuterRef("manner"))
    earlier = unsent.filter(pk__lt=OuterRef("pk"))
    gathered = Q(manner=Manner.GATHERED)
    is_behind = Q(Exists(earlier.filter(interaction=OuterRef("interaction")))) & ~gathered
    is_carried = Q(Exists(earlier.filter(next_at__lte=Now()))) & gathered
    # skip_locked: a second worker takes the next rows
    due = Delivery.objects.mails().due().select_for_update(of=("self",), skip_locked=True)
    deliveries = list(due.filter(~is_behind, ~is_carried).order_by("next_at", "pk")[:AT_ONCE])
    bearers = {one.address: one.pk for one in deliveries if one.manner == Manner.GATHERED}
    if bearers:
        carried = due.filter(gathered, address__in=bearers).exclude(pk__in=bearers.values())
        deliveries += carried.order_by("pk")[:MOST_CARRIED]
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries]).update(
        state=DeliveryState.IN_PROGRESS, lease=token, next_at=Now() + LEASE, attempts=F("attempts") + 1
    )
    for delivery in deliveries:
        delivery.attempts += 1
    return Claim(token=token, deliveries=deliveries)


@transaction.atomic
def without_strangers(claimed: Claim, *, at: datetime) -> Claim:
    """Cancel what waited so long that its reader is not among those who may hear of it any more."""
    waited = [one for one in claimed.deliveries if one.manner != Manner.AT_ONCE]
    gone = {one.pk for one in waited} - people.still_told(waited, on=at.date()) if waited else set()
    if not gone:
        return claimed
    own = Delivery.objects.filter(pk__in=gone, lease=claimed.token)
    own.update(state=DeliveryState.CANCELLED, lease=None, error=GONE)
    return replace(claimed, deliveries=[one for one in claimed.deliveries if one.pk not in gone])


def letter_of(parcel: Sequence[Delivery], *, secret: str = "") -> Letter:
    """What a transport sends. The id of the first is in the Message-ID, which a redriven one keeps."""
    delivery, rendered = parcel[0], digests.render(parcel) if len(parcel) > 1 else None
    headers = {} if rendered else dict(delivery.headers)
    if rendered:
        headers["Message-ID"] = digests.message_id(delivery)
    elif delivery.interaction_id is not None:
        headers["Message-ID"] = threads.message_id(delivery.interaction_id, delivery.pk)
        headers["Reply-To"] = threads.reply_to(delivery.interaction_id)
    headers["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence notice shall answer
    headers[LOOP_HEADER] = str(delivery.pk)
    written = rendered or delivery
    return Letter(
        key=delivery.pk,
        sender=settings.DEFAULT_FROM_EMAIL,
        recipient=delivery.address,
        subject=written.subject,
        text=unseal(written.text, secret),
        html=unseal(written.html, secret),
        headers=headers,
    )


@transaction.atomic
def note(claimed: Claim, outcomes: Sequence[Outcome], *, at: datetime) -> int:
    """Write down what became of a claim; a delivery whose lease another worker has taken over is left to that one."""
    known = {delivery.pk: delivery for delivery in claimed.deliveries}
    own = Delivery.objects.filter(lease=claimed.token)
    sent = [outcome.key for outcome in outcomes if not (outcome.error or outcome.is_postponed)]
    count = own.filter(pk__in=sent).update(state=DeliveryState.COMPLETED, lease=None, sent_at=at, error="")
    postponed = [outcome.key for outcome in outcomes if outcome.is_postponed]
    if postponed:
        own.filter(pk__in=postponed).update(
            state=DeliveryState.INITIAL, lease=None, next_at=Now(), attempts=F("attempts") - 1
        )
    for outcome in outcomes:
        if outcome.error:
            note_failure(known[outcome.key], outcome, claimed.token, at=at)
    return count


def note_failure(delivery: Delivery, outcome: Outcome, token: uuid.UUID, *, at: datetime) -> None:
    """Wait for the next try, longer each time; after the last one, or a refusal for good, give up where all can see."""
    own = Delivery.objects.filter(pk=delivery.pk, lease=token)
    error = outcome.error.replace("\x00", "")[:MOST_ERROR]
    if not outcome.is_final and delivery.attempts < MOST_ATTEMPTS:
        wait = outcome.wait or WAITS[delivery.attempts - 1]
        if own.update(state=DeliveryState.INITIAL, lease=None, error=error, next_at=Now() + wait):
            tries.note_failed(delivery, replace(outcome, error=error), most=MOST_ATTEMPTS, at=at)
    elif own.update(state=DeliveryState.FAILED, lease=None, error=error):
        logger.warning("Delivery %s to %s was given up: %s", delivery.pk, delivery.address, error)
        # the owner hears when the partner was not reached; when our own people are not, there is nobody to tell
        is_quiet = delivery.item_id is None and not health.is_first_given_up(delivery, at=at)
        known = tries.of_try(delivery, outcome)
        event = Event.NOTICE_FAILED
        record.append(tries.told(delivery, event, actor=SYSTEM, at=at, error=error, quiet=is_quiet, **known))


@transaction.atomic
def redrive(delivery: Delivery, *, actor: Actor, at: datetime) -> bool:
    """Send again what was given up, under the same id; False, and no effect, when it is not given up (any more).

    An endpoint may be sent again what it took, since it may have lost it; one that has ended is sent nothing.
    """
    sources = [DeliveryState.FAILED]
    if delivery.subscription is not None:
        sources = [DeliveryState.FAILED, DeliveryState.COMPLETED] if delivery.subscription.is_standing else []
        health.let_go(delivery)
    return change(delivery, sources, DeliveryState.INITIAL, Event.NOTICE_REDRIVEN, actor=actor, at=at)


@transaction.atomic
def cancel(delivery: Delivery, *, actor: Actor, at: datetime) -> bool:
    """Do not send it (again); False, and no effect, when it is being sent or was sent."""
    waiting = [DeliveryState.INITIAL, DeliveryState.FAILED]
    return change(delivery, waiting, DeliveryState.CANCELLED, Event.NOTICE_CANCELLED, actor=actor, at=at)


def change(
    delivery: Delivery, sources: Sequence[str], target: DeliveryState, event: Event, *, actor: Actor, at: datetime
) -> bool:
    """Move a delivery by hand and record it, if it still stands where the move starts."""
    standing = Delivery.objects.filter(pk=delivery.pk, state__in=sources)
    changed = standing.update(state=target, attempts=0, next_at=Now(), lease=None)
    if changed:
        record.append(tries.told(delivery, event, actor=actor, at=at))
    return bool(changed)
