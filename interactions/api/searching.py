"""What a list of interactions can be narrowed and sorted by, and where each attribute lies in our tables."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from interactions.domain import search
from interactions.domain.outward import words
from interactions.enums import Direction
from partners.api.errors import query
from partners.api.filters import Attribute, Kind


def among(name: str, read: Callable[[str], Sequence[Any]], known: Mapping[str, Any]) -> Callable[[str], Sequence[Any]]:
    """Words of a closed list: another one is the client's mistake, not an empty answer."""

    def checked(value: str) -> Sequence[Any]:
        found = read(value)
        if not found:
            raise query(name, f"“{value[:60]}” is none of {', '.join(known)}.")
        return found

    return checked


def numbers(value: str) -> list[int]:
    """The key behind a public id or the address of a resource; nothing for what is neither."""
    number = number_in(value.rsplit("/", 1)[-1])
    return [number] if number is not None else []


def number_in(value: str) -> int | None:
    """The key behind a public id in its one spelling, such as BPI-0000042."""
    number = search.number_in(value)
    return number if number is not None and value == f"BPI-{number:07d}" else None


def whole_numbers(value: str) -> list[int]:
    return [int(value)] if value.isascii() and value.isdigit() and len(value) <= 18 else []


def directions_of_type(value: str) -> list[str]:
    """Every interaction is of the one class that there is."""
    return list(Direction) if value == "PartyInteraction" else []


FILTERS: Mapping[str, Attribute] = {
    "id": Attribute(column="id", read=numbers),
    "href": Attribute(column="id", read=numbers),
    "@type": Attribute(column="direction", read=directions_of_type),
    "status": Attribute(column="phase", read=among("status", words.phases_of, words.STATUS_SPELLINGS)),
    "direction": Attribute(column="direction", read=among("direction", words.directions_of, words.DIRECTION_SPELLINGS)),
    "channel.id": Attribute(column="channel", read=among("channel.id", words.channels_of, words.CHANNEL_SPELLINGS)),
    "reason": Attribute(column="subject", kind=Kind.TEXT, takes_regex=True),
    "description": Attribute(column="description", kind=Kind.TEXT),
    "creationDate": Attribute(column="created_at", kind=Kind.MOMENT),
    "statusChangeDate": Attribute(column="status_changed_at", kind=Kind.MOMENT),
    "interactionDate.startDateTime": Attribute(column="started_at", kind=Kind.MOMENT),
    "interactionType": Attribute(column="type__code"),
    "relatedParty.id": Attribute(column="partner_id", read=whole_numbers),
    "relatedParty.name": Attribute(column="partner__name", kind=Kind.TEXT),
    "relatedParty.role": Attribute(column="role__kind__code"),
    "externalIdentifier.id": Attribute(column="external_identifiers__value", kind=Kind.TEXT, is_many=True),
    "externalIdentifier.owner": Attribute(column="external_identifiers__owner", kind=Kind.TEXT, is_many=True),
    "externalIdentifier.externalIdentifierType": Attribute(column="external_identifiers__kind", is_many=True),
    "interactionItem.item.id": Attribute(column="references__value", kind=Kind.TEXT, is_many=True),
    "interactionItem.item.@referredType": Attribute(column="references__kind", is_many=True),
    "interactionRelationship.id": Attribute(column="links__other_id", read=numbers, is_many=True),
    "interactionRelationship.relationshipType": Attribute(column="links__kind", is_many=True),
    "reopenCount": Attribute(column="reopen_count", kind=Kind.NUMBER),
    **{
        f"timing.{name}.businessSeconds": Attribute(column=f"{column}_seconds", kind=Kind.NUMBER)
        for name, column in words.TIMINGS.items()
    },
}

SORTABLE: Mapping[str, str] = {
    "id": "id",
    "creationDate": "created_at",
    "statusChangeDate": "status_changed_at",
    "interactionDate.startDateTime": "started_at",
    "reason": "subject",
    "direction": "direction",
}
