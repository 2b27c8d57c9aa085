"""Everything that happened and somebody should hear of becomes messages to them, once, and in the order it happened."""

import logging
import time
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from notifications.domain import announcing, hub, partner_news
from partners.domain import record
from partners.models import OutboxMessage
from partners.payloads import Actor, Fact

logger = logging.getLogger(__name__)

AT_ONCE = 200
MOST_ATTEMPTS = 6
FIRST_WAIT = timedelta(seconds=10)  # then four times as long each time: about 3 hours in all
REDRIVEN = "outbox.redriven"

Moment = tuple[str, int]  # a stream and a transaction: what happened in one go to one interaction


def relay_all(at: datetime, *, within: timedelta | None = None) -> int:
    """Relay until nothing is due, or the time is over; returns how many entries were relayed."""
    ends = time.monotonic() + within.total_seconds() if within else None
    relayed = 0
    while portion := relay_some(at):
        relayed += portion
        if ends is not None and time.monotonic() > ends:
            break
    return relayed


def relay_some(at: datetime) -> int:
    """Relay one batch in one transaction; when something in it fails, each moment by itself, so the rest goes on."""
    try:
        return relay_batch(at)
    except Exception:  # whatever is wrong with one row must not hold up the others
        logger.exception("A batch could not be relayed; its rows are tried one by one")
    return sum(relay_apart(ids, at) for ids in due_moments())


@transaction.atomic
def relay_batch(at: datetime, *, only: Collection[int] | None = None) -> int:
    """Make deliveries of due rows and remove the rows, all or nothing."""
    claimed = claim(only)
    if not claimed:
        return 0
    entries = [message.entry for message in claimed]
    announcing.announce(entries, at=at)
    partner_news.announce(entries, at=at)
    hub.announce(entries, at=at)
    OutboxMessage.objects.filter(pk__in=[message.pk for message in claimed]).delete()
    return len(claimed)


def relay_apart(ids: Collection[int], at: datetime) -> int:
    """Relay the rows of one moment; when that fails they wait, longer each time, and are given up in the end."""
    try:
        return relay_batch(at, only=ids)
    except Exception as error:
        logger.exception("The outbox rows %s could not be relayed", sorted(ids))
        set_back(ids, f"{type(error).__name__}: {error}")
    return 0


def claim(only: Collection[int] | None) -> list[OutboxMessage]:
    """Lock rows that are due, oldest first, with all rows of the same moment; none whose predecessor still waits."""
    # skip_locked: a second relay takes the next rows
    free = OutboxMessage.objects.filter(is_dead=False, next_at__lte=Now())
    free = free.select_for_update(of=("self",), skip_locked=True).select_related("entry").order_by("pk")
    claimed = list((free if only is None else free.filter(pk__in=only))[:AT_ONCE])
    if only is None:
        claimed += free.filter(
            entry__transaction_id__in={message.entry.transaction_id for message in claimed},
            entry__stream__in={message.entry.stream for message in claimed},
        ).exclude(pk__in=[message.pk for message in claimed])
    return without_overtaking(claimed)


def without_overtaking(claimed: Sequence[OutboxMessage]) -> list[OutboxMessage]:
    """What of a claim has no earlier row of its stream outside of it; one that was given up is no longer waited for."""
    ids = [message.pk for message in claimed]
    earlier = (
        OutboxMessage.objects.filter(is_dead=False, pk__lt=max(ids, default=0))
        .exclude(pk__in=ids)
        .filter(entry__stream__in={message.entry.stream for message in claimed})
        .order_by("-pk")
    )
    waiting = {stream: (pk, next_at) for stream, pk, next_at in earlier.values_list("entry__stream", "pk", "next_at")}
    held_up = [one for one in claimed if one.entry.stream in waiting and waiting[one.entry.stream][0] < one.pk]
    for message in held_up:
        message.next_at = max(message.next_at, waiting[message.entry.stream][1])
    if held_up:
        # else they would be claimed in vain again and again, and stand in the way of what can go on
        OutboxMessage.objects.bulk_update(held_up, ["next_at"])
    kept_back = {message.pk for message in held_up}
    return [message for message in claimed if message.pk not in kept_back]


def due_moments() -> list[list[int]]:
    """The rows of each moment that is due, in order."""
    due = OutboxMessage.objects.filter(is_dead=False, next_at__lte=Now()).order_by("pk")
    moments: dict[Moment, list[int]] = {}
    for pk, stream, transaction_id in due.values_list("pk", "entry__stream", "entry__transaction_id")[:AT_ONCE]:
        moments.setdefault((stream, transaction_id), []).append(pk)
    return list(moments.values())


@transaction.atomic
def set_back(ids: Collection[int], error: str) -> None:
    """Note the failure: next try later, or none; a person may then redrive."""
    # skip_locked: whoever holds a row by now is trying it
    for message in OutboxMessage.objects.filter(pk__in=ids).select_for_update(skip_locked=True):
        wait = FIRST_WAIT * 4**message.attempts
        OutboxMessage.objects.filter(pk=message.pk).update(
            attempts=F("attempts") + 1,
            next_at=Now() + wait,
            error=error[:2000],
            is_dead=message.attempts + 1 >= MOST_ATTEMPTS,
        )


@transaction.atomic
def redrive(message: OutboxMessage, *, actor: Actor, at: datetime) -> bool:
    """Try a row again that was given up; False, and no effect, when it is not given up (any more)."""
    revived = OutboxMessage.objects.filter(pk=message.pk, is_dead=True).update(
        is_dead=False, attempts=0, next_at=Now(), error=""
    )
    if revived:
        record.append(
            Fact(
                stream=message.entry.stream,
                event=REDRIVEN,
                actor=actor,
                at=at,
                partner_id=message.entry.partner_id,
                facts={"entry": message.entry_id},
                quiet=True,
            )
        )
    return bool(revived)
