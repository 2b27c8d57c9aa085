"""What the record of a matter tells of deliveries: of a webhook every try that came to nothing, and its end."""

from datetime import datetime
from typing import Any

from interactions.domain import facts
from interactions.enums import Event
from notifications.models import Delivery
from notifications.payloads import Outcome
from partners.domain import record
from partners.payloads import SYSTEM, Actor, Fact


def note_failed(delivery: Delivery, outcome: Outcome, *, most: int, at: datetime) -> None:
    """A try that will be followed by another; the first is where a timeline shows all of them."""
    event = Event.NOTICE_NOT_TAKEN if delivery.attempts == 1 else Event.NOTICE_RETRIED
    append(delivery, outcome, event, at=at, most=most)


def note_taken(delivery: Delivery, outcome: Outcome, *, at: datetime) -> None:
    """What is taken at once is no news, and stands in the log of deliveries; what failed before is."""
    if delivery.error:
        append(delivery, outcome, Event.NOTICE_TAKEN, at=at)


def note_gone(delivery: Delivery, outcome: Outcome, *, at: datetime) -> None:
    append(delivery, outcome, Event.NOTICE_FAILED, at=at)


def append(delivery: Delivery, outcome: Outcome, event: Event, *, at: datetime, **known: Any) -> None:
    """Quiet, so that nothing that is told of a delivery is delivered in turn."""
    if delivery.subscription_id is None or delivery.interaction_id is None:
        return
    known |= of_try(delivery, outcome)
    record.append(told(delivery, event, actor=SYSTEM, at=at, error=outcome.error, **known))


def of_try(delivery: Delivery, outcome: Outcome) -> dict[str, Any]:
    return {"try": delivery.attempts, "answer": outcome.code} if delivery.subscription_id else {}


def told(
    delivery: Delivery,
    event: Event,
    *,
    actor: Actor,
    at: datetime,
    error: str = "",
    quiet: bool = True,
    **known: Any,
) -> Fact:
    """A fact about a delivery; the address is personal text."""
    texts = {"address": delivery.address, "error": error}
    known["delivery"] = delivery.pk
    if delivery.subscription_id is not None:
        known["subscription"] = delivery.subscription_id
    if delivery.interaction is None:
        role = delivery.subscription.role if delivery.subscription else None
        return Fact(
            stream=role.partner.stream if role else record.INSTALLATION,
            event=event,
            actor=actor,
            at=at,
            partner_id=role.partner_id if role else None,
            facts=known,
            texts=texts,
        )
    return facts.about(delivery.interaction, event, actor=actor, at=at, texts=texts, quiet=quiet, **known)
