"""What the domain refuses, in the words of the API."""

from collections.abc import Iterator
from contextlib import contextmanager

from interactions.errors import (
    AlreadyHeld,
    ChangedMeanwhile,
    MoveNotAllowed,
    NotAccepted,
    ReasonMissing,
    ReopenTooLate,
    StepsOpen,
    Unreadable,
)
from partners.api.errors import Problem, invalid

ATTRIBUTES = {
    "subject": "reason",
    "text": "description",
    "type": "interactionType",
    "resolution": "interactionItem.resolution",
    "partner": "relatedParty",
    "external_id": "id",
}
OUR_OWN = {"reason", "direction", "attachment", "relatedParty", "channel"}


@contextmanager
def translated() -> Iterator[None]:
    """Turns what went wrong inside into a Problem."""
    try:
        yield
    except NotAccepted as refusal:
        raise invalid(outward(refusal.attribute), refusal.reason) from refusal
    except Unreadable as refusal:
        raise Problem("24" if refusal.attribute else "22", refusal.reason, attribute=refusal.attribute) from refusal
    except AlreadyHeld as refusal:
        raise Problem("62", str(refusal), attribute="externalIdentifier", status=409) from refusal
    except ReasonMissing as refusal:
        raise invalid("status", str(refusal)) from refusal
    except ChangedMeanwhile as refusal:
        raise Problem("62", str(refusal), status=412) from refusal
    except (MoveNotAllowed, StepsOpen, ReopenTooLate) as refusal:
        raise Problem("62", str(refusal), attribute="status", status=409) from refusal


def outward(attribute: str) -> str:
    """The attribute as the API calls it; a field of an interaction type is a characteristic."""
    if attribute in ATTRIBUTES:
        return ATTRIBUTES[attribute]
    if attribute in OUR_OWN or "." in attribute or "[" in attribute:
        return attribute
    return f"characteristic[name={attribute}]"
