"""What came in from outside, remembered: the same thing a second time has no second effect."""

import hashlib
from dataclasses import replace
from datetime import datetime

from interactions.channels import text as texts
from interactions.models import InboundMessage, Interaction, Item
from interactions.payloads import Intake
from partners.domain import fence

MOST_SUBJECT = 500
MOST_ADDRESS = 254
MOST_NAME = 150
MOST_ID = 255
MOST_SCOPE = 120
MOST_RECIPIENTS = 50


def storable(intake: Intake) -> Intake:
    """The same intake with ids, names and addresses as they can be stored, whatever a channel let through."""
    return replace(
        intake,
        external_id=bounded_id(intake.external_id, most=MOST_ID),
        scope=bounded_id(intake.scope, most=MOST_SCOPE),
        type_code=texts.flatten(intake.type_code, most=MOST_NAME),
        sender=texts.flatten(intake.sender, most=MOST_ADDRESS),
        sender_name=texts.flatten(intake.sender_name, most=MOST_NAME),
        recipients=[texts.flatten(address, most=MOST_ADDRESS).lower() for address in intake.recipients][
            :MOST_RECIPIENTS
        ],
    )


def bounded_id(text: str, *, most: int) -> str:
    """An id within a column; one too long ends in its digest, so that two with the same beginning stay two."""
    cleaned = texts.clean(text, most=len(text)).strip()
    if len(cleaned) <= most:
        return cleaned
    digest = hashlib.sha256(cleaned.encode()).hexdigest()
    return f"{cleaned[: most - len(digest) - 1]}~{digest}"


def remember(intake: Intake, *, at: datetime) -> tuple[InboundMessage | None, bool]:
    """The ledger's row for an external id, and whether it is new; a concurrent second waits for the first."""
    if not intake.external_id:
        return None, True
    with fence.standing_for(fence.ENTERPRISE):  # the ledger is ours; whose ids these are, `scope` says
        return InboundMessage.objects.select_related("interaction__type", "item").get_or_create(
            channel=intake.channel,
            scope=intake.scope,
            external_id=intake.external_id,
            defaults={
                "sender": intake.sender,
                "subject": texts.flatten(intake.subject, most=MOST_SUBJECT),
                "received_at": at,
            },
        )


def settle(message: InboundMessage, interaction: Interaction | None, item: Item | None) -> None:
    """Note what became of a message."""
    message.interaction, message.item = interaction, item
    with fence.standing_for(fence.ENTERPRISE):
        message.save(update_fields=["interaction", "item"])
