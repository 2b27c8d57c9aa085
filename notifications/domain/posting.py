"""Events on their way to partners' systems: in order for each matter, and no endpoint waits for another one."""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from interactions.models import Interaction
from notifications.domain import deliveries, health, subscriptions, tries
from notifications.domain.deliveries import GONE, Claim
from notifications.domain.hub_events import id_of
from notifications.domain.subscriptions import OVER
from notifications.enums import DeliveryState, HubEvent, SubscriptionState
from notifications.models import Delivery, Subscription
from notifications.payloads import Letter, Outcome, Transport
from notifications.transports import signing

logger = logging.getLogger(__name__)

AT_ONCE = 32  # requests of one run
OF_ONE_ENDPOINT = 4  # of all workers together: the others' places stay free
OF_A_FAILING_ONE = 1
LEASE = timedelta(minutes=2)  # longer than looking a name up and the transport's deadline
LOOKS = 0.25  # seconds after which a run with free places looks for more work
FRESH = timedelta(minutes=10)  # so long after it was made nobody asks again who may know
AGENT = "BusinessPartnerInteractions/1.0"

CLAIM = """
    UPDATE notifications_delivery SET
        state = %(in_progress)s, lease = %(token)s, attempts = attempts + 1,
        next_at = statement_timestamp() + %(lease)s
    WHERE id IN (
        SELECT next.id FROM unnest(%(subscriptions)s::bigint[], %(places)s::int[]) AS endpoint(id, places)
        CROSS JOIN LATERAL (
            SELECT due.id, due.next_at FROM notifications_delivery AS due
            WHERE due.subscription_id = endpoint.id AND due.state IN (%(initial)s, %(in_progress)s)
                AND due.next_at <= statement_timestamp()
                AND NOT EXISTS (
                    SELECT FROM notifications_delivery AS earlier
                    WHERE earlier.subscription_id = endpoint.id AND earlier.state IN (%(initial)s, %(in_progress)s)
                        AND earlier.interaction_id = due.interaction_id AND earlier.id < due.id
                )
            ORDER BY due.next_at, due.id
            LIMIT greatest(0, endpoint.places - (
                SELECT count(*) FROM notifications_delivery AS held
                WHERE held.subscription_id = endpoint.id AND held.state = %(in_progress)s
                    AND held.next_at > statement_timestamp()
            ))
        ) AS next
        ORDER BY next.next_at, next.id LIMIT %(room)s
    )
    RETURNING id
"""


def post_all(at: datetime, transport: Transport, *, within: timedelta | None = None) -> int:
    """Post until nothing is due, or the time is over; returns how many arrived."""
    ends = time.monotonic() + within.total_seconds() if within else None
    posted = 0
    drop_leftovers()
    under_way: dict[Future[Sequence[Outcome]], Claim] = {}
    # nothing in these threads touches the database
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as threads:
        while True:
            is_over = ends is not None and time.monotonic() > ends
            if not is_over and (room := AT_ONCE - len(under_way)):
                for letter, claimed in letters(room, at=at):
                    under_way[threads.submit(transport.send, [letter])] = claimed
            if not under_way:
                return posted
            for done in wait(under_way, timeout=LOOKS, return_when=FIRST_COMPLETED).done:
                posted += note(under_way.pop(done), outcome_of(done), at=at)


def drop_leftovers() -> None:
    """What was made for an endpoint at the very moment when it ended is not left as if it were on its way."""
    late = Delivery.objects.unsent().filter(subscription__state=SubscriptionState.ENDED)
    late.update(state=DeliveryState.CANCELLED, lease=None, error=OVER)


class Errand:
    """Posts in a thread of its own, one at a time: a receiver that hangs keeps no task waiting."""

    def __init__(self, work: Callable[[datetime], object]) -> None:
        self.work = work
        self.is_out = threading.Lock()
        self.asked_at: datetime | None = None

    def send(self, at: datetime) -> bool:
        """Whether it went now; where it is out already, it looks for more by itself, or goes once more."""
        self.asked_at = at
        if not self.is_out.acquire(blocking=False):
            return False
        self.asked_at = None
        threading.Thread(target=self.go, args=[at], name="webhooks", daemon=True).start()
        return True

    def go(self, at: datetime) -> None:
        try:
            self.work(at)
        except Exception:
            logger.exception("Webhooks are not posted; the next beat tries again")
        finally:
            connection.close()
            self.is_out.release()
        if self.asked_at is not None:  # after its last look, and before it was back
            self.send(self.asked_at)


def letters(room: int, *, at: datetime) -> Sequence[tuple[Letter, Claim]]:
    """Claim, commit, and write what is to be posted now."""
    claimed = without_strangers(claim(room, at=at), at=at)
    return [(letter_of(one, at=at), Claim(token=claimed.token, deliveries=[one])) for one in claimed.deliveries]


@transaction.atomic
def claim(room: int, *, at: datetime) -> Claim:
    """Take what is due under a lease of its own, the oldest of each matter and at most a few of each endpoint."""
    token = uuid.uuid4()
    # locked: two workers at once would each think an endpoint's places free; skip_locked: the second takes the others
    due = Delivery.objects.due().filter(subscription=OuterRef("pk"))
    live = Subscription.objects.live(at.date()).filter(Q(held_until=None) | Q(held_until__lte=Now()), Exists(due))
    held = live.select_for_update(of=("self",), no_key=True, skip_locked=True).only("failing_since")
    if not (chosen := list(held.order_by("pk"))):
        return Claim(token=token, deliveries=[])
    given: dict[str, Any] = {
        "token": token,
        "subscriptions": [one.pk for one in chosen],
        "places": [OF_A_FAILING_ONE if one.failing_since else OF_ONE_ENDPOINT for one in chosen],
        "initial": DeliveryState.INITIAL,
        "in_progress": DeliveryState.IN_PROGRESS,
        "lease": LEASE,
        "room": room,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, given)
    mine = Delivery.objects.filter(lease=token, subscription__in=[one.pk for one in chosen])
    return Claim(token=token, deliveries=list(mine.select_related("subscription__role__kind", "entry").order_by("pk")))


@transaction.atomic
def without_strangers(claimed: Claim, *, at: datetime) -> Claim:
    """Cancel what waited so long that the endpoint may not know of the matter any more."""
    waited = [one for one in claimed.deliveries if one.interaction_id and one.created_at < at - FRESH]
    gone = [one.pk for one in waited if not may_know(one)]
    if not gone:
        return claimed
    own = Delivery.objects.filter(pk__in=gone, lease=claimed.token)
    own.update(state=DeliveryState.CANCELLED, lease=None, error=GONE)
    return Claim(token=claimed.token, deliveries=[one for one in claimed.deliveries if one.pk not in gone])


def may_know(delivery: Delivery) -> bool:
    assert delivery.subscription is not None  # noqa: S101  a constraint of the database
    known = Interaction.objects.known_to(subscriptions.eyes_of(delivery.subscription))
    if delivery.subject != HubEvent.DELETE:
        known = known.visible_to(subscriptions.eyes_of(delivery.subscription))
    return known.filter(pk=delivery.interaction_id or 0).exists()


def letter_of(delivery: Delivery, *, at: datetime) -> Letter:
    """What the transport posts; its id is the event's, so that a receiver knows it again."""
    return Letter(
        key=delivery.pk,
        sender="",
        recipient=delivery.address,
        subject="",
        text=delivery.text,
        headers=headers_of(delivery, at=at),
    )


def headers_of(delivery: Delivery, *, at: datetime) -> Mapping[str, str]:
    assert delivery.subscription is not None  # noqa: S101  a constraint of the database
    keys = subscriptions.keys_of(delivery.subscription, at=at)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Accept-Encoding": "identity",
        "User-Agent": AGENT,
        **signing.headers_of(id_of(delivery.entry), delivery.text, keys=keys, at=at),
    }


def outcome_of(done: Future[Sequence[Outcome]]) -> Outcome | None:
    """What became of one letter; what nobody foresaw is a failure like others, and logged."""
    try:
        return done.result()[0]
    except Exception:
        logger.exception("A webhook could not be posted")
        return None


@transaction.atomic
def note(claimed: Claim, outcome: Outcome | None, *, at: datetime) -> int:
    """Write down what became of one delivery, and what that says of its endpoint."""
    (delivery,) = claimed.deliveries
    # endpoints before deliveries, as everybody locks them who locks both
    list(Subscription.objects.filter(pk=delivery.subscription_id or 0).select_for_update(no_key=True).only("pk"))
    outcome = outcome or Outcome(key=delivery.pk, error="It could not be posted")
    own = Delivery.objects.filter(pk=delivery.pk, lease=claimed.token)
    if not own.update(answer_code=outcome.code, answer=outcome.answer):
        return 0  # another worker has taken it over
    if outcome.is_gone:
        own.update(state=DeliveryState.FAILED, lease=None, error=outcome.error)
        tries.note_gone(delivery, outcome, at=at)
        health.note_gone(delivery, at=at)
        return 0
    count = deliveries.note(claimed, [outcome], at=at)
    if outcome.error:
        health.note_failure(delivery, outcome, at=at)
    else:
        tries.note_taken(delivery, outcome, at=at)
        health.note_success(delivery, at=at)
    return count
