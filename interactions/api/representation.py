"""An interaction as TMF683 version 4 shows it: plain dictionaries, a fixed number of queries for any number of rows."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Left

from interactions.api import words
from interactions.enums import Side, Status
from interactions.models import Attachment, ExternalIdentifier, Interaction, Item, Link, Participant, Reference
from partners.enums import Channel

Json = dict[str, Any]

LONGEST_IN_LIST = 10_000  # characters of one text; a single resource comes whole


@dataclass(kw_only=True)
class Parts:
    """The rows that belong to one interaction, as far as they were asked for."""

    items: list[Item] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    identifiers: list[ExternalIdentifier] = field(default_factory=list)
    participants: list[Participant] = field(default_factory=list)


def parts_of(interactions: Sequence[Interaction], wanted: Collection[str], *, most_text: int) -> Mapping[int, Parts]:
    """What the wanted attributes need of other tables: one query each."""
    keys = [interaction.pk for interaction in interactions]
    found: dict[int, Parts] = defaultdict(Parts)
    if not keys:
        return found
    if not NEED_ITEMS.isdisjoint(wanted):
        gather(items_of(keys, most_text), found, "items")
    if not NEED_ATTACHMENTS.isdisjoint(wanted):
        attachments = Attachment.objects.filter(interaction_id__in=keys, is_original=False)
        gather(attachments.order_by("id"), found, "attachments")
    if "interactionItem" in wanted:
        gather(Reference.objects.filter(interaction_id__in=keys).order_by("id"), found, "references")
    if "interactionRelationship" in wanted:
        links = Link.objects.filter(interaction_id__in=keys, other__partner_id=F("interaction__partner_id"))
        gather(links.exclude(other__status=Status.ANNULLED).order_by("id"), found, "links")
    if "externalIdentifier" in wanted:
        gather(ExternalIdentifier.objects.filter(interaction_id__in=keys).order_by("id"), found, "identifiers")
    if "relatedParty" in wanted:
        people = Participant.objects.filter(interaction_id__in=keys, side=Side.PARTNER).select_related("user")
        gather(people.order_by("id"), found, "participants")
    return found


NEED_ITEMS = frozenset({"interactionItem", "note", "interactionDate"})
NEED_ATTACHMENTS = frozenset({"interactionItem", "attachment"})


def items_of(keys: Sequence[int], most_text: int) -> Iterable[Item]:
    """The conversation in its order, with texts no longer than `most_text` (as `said`)."""
    items = Item.objects.filter(interaction_id__in=keys).annotate(said=Left("text", most_text))
    return items.defer("text", "quoted_text", "search").order_by("interaction_id", "sequence")


def gather(rows: Iterable[Any], found: Mapping[int, Parts], name: str) -> None:
    for row in rows:
        getattr(found[row.interaction_id], name).append(row)


def represented(interaction: Interaction, parts: Parts, wanted: Collection[str], *, most_text: int) -> Json:
    """The attributes wanted, in the order of the specification."""
    return {name: show(interaction, parts, most_text) for name, show in SHOWN.items() if name in wanted}


def href_of(interaction_id: int) -> str:
    return f"{settings.BASE_URL}{words.BASE}/{number_of(interaction_id)}"


def number_of(interaction_id: int) -> str:
    return f"BPI-{interaction_id:07d}"


def moment(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def period(start: datetime, end: datetime | None) -> Json:
    return {"startDateTime": moment(start), "endDateTime": moment(end or start), "@type": "TimePeriod"}


def channel(word: str) -> list[Json]:
    known = Channel(word)
    href = f"{settings.BASE_URL}{words.CHANNELS}/{known.value}"
    return [{"id": known.value, "href": href, "name": str(known.label), "@type": "RelatedChannel"}]


def happened(interaction: Interaction, parts: Parts, _most: int) -> Json:
    return period(interaction.started_at, parts.items[0].ended_at if parts.items else None)


def description(interaction: Interaction, _parts: Parts, most: int) -> str:
    return interaction.description[:most]


def parties(interaction: Interaction, parts: Parts, _most: int) -> list[Json]:
    """The partner, and its own people; never who works on it on our side."""
    partner, role = interaction.partner, interaction.role
    company = {
        "id": str(partner.pk),
        "href": f"{settings.BASE_URL}{words.PARTY}/organization/{partner.pk}",
        "name": partner.name,
        "role": role.kind.code if role else "businessPartner",
        "@type": "RelatedParty",
        "@referredType": "Organization",
    }
    return [company, *(person(participant) for participant in parts.participants)]


def person(participant: Participant) -> Json:
    told = {"role": participant.role, "@type": "RelatedParty", "@referredType": "Individual"}
    if participant.user is not None:
        href = f"{settings.BASE_URL}{words.PARTY}/individual/{participant.user_id}"
        return {"id": str(participant.user_id), "href": href, "name": participant.user.name} | told
    href = f"{href_of(participant.interaction_id)}#contact-{participant.pk}"
    name = participant.name or participant.address
    return {"id": f"contact-{participant.pk}", "href": href, "name": name} | told


def attachment(row: Attachment) -> Json:
    url = f"{settings.BASE_URL}{words.ATTACHMENTS}/{row.pk}"
    return {
        "id": str(row.pk),
        "href": url,
        "url": url,
        "name": row.name,
        "mimeType": row.content_type,
        "size": {"amount": row.size, "units": "byte"},
        "@type": "Attachment",
    }


def attachments(_interaction: Interaction, parts: Parts, _most: int) -> list[Json]:
    return [attachment(row) for row in parts.attachments]


def note(item: Item) -> Json:
    own = item.side == Side.PARTNER
    author = item.author_label if own else settings.ENTERPRISE_NAME
    text = item.__dict__.get("said", item.__dict__.get("text", ""))
    return {"id": str(item.sequence), "author": author, "date": moment(item.at), "text": text, "@type": "Note"}


def notes(_interaction: Interaction, parts: Parts, _most: int) -> list[Json]:
    """What was said after the first message, which is the description."""
    return [note(item) for item in parts.items if item.sequence > 1]


def conversation(interaction: Interaction, parts: Parts, _most: int) -> list[Json]:
    """Each message with its channel and files, then what the interaction is about in other systems."""
    found = []
    for item in parts.items:
        told: Json = {
            "id": str(item.sequence),
            "creationDate": moment(item.at),
            "itemDate": period(item.at, item.ended_at),
            "reason": item.kind,
            "channel": channel(item.channel),
            "note": [note(item)],
            "attachment": [attachment(row) for row in parts.attachments if row.item_id == item.pk],
            "@type": "InteractionItem",
        }
        if item.sequence == 1 and interaction.resolution:
            told["resolution"] = interaction.resolution
        found.append(told)
    return found + [about(reference) for reference in parts.references]


def about(reference: Reference) -> Json:
    entity = {
        "id": reference.value,
        "href": reference.href,
        "name": reference.name,
        "role": reference.role or "about",
        "@type": "EntityRef",
        "@referredType": reference.kind,
    }
    return {"id": f"reference-{reference.pk}", "item": entity, "@type": "InteractionItem"}


def relationships(_interaction: Interaction, parts: Parts, _most: int) -> list[Json]:
    return [
        {
            "id": number_of(link.other_id),
            "href": href_of(link.other_id),
            "relationshipType": link.kind,
            "@type": "InteractionRelationship",
        }
        for link in parts.links
    ]


def identifiers(_interaction: Interaction, parts: Parts, _most: int) -> list[Json]:
    return [
        {"id": one.value, "owner": one.owner, "externalIdentifierType": one.kind, "@type": "ExternalIdentifier"}
        for one in parts.identifiers
    ]


SHOWN: Mapping[str, Callable[[Interaction, Parts, int], Any]] = {
    "id": lambda interaction, _parts, _most: number_of(interaction.pk),
    "href": lambda interaction, _parts, _most: href_of(interaction.pk),
    "@type": lambda _interaction, _parts, _most: "PartyInteraction",
    "creationDate": lambda interaction, _parts, _most: moment(interaction.created_at),
    "description": description,
    "direction": lambda interaction, _parts, _most: interaction.direction,
    "reason": lambda interaction, _parts, _most: interaction.subject,
    "status": lambda interaction, _parts, _most: words.STATUS[Status(interaction.status)],
    "statusChangeDate": lambda interaction, _parts, _most: moment(interaction.status_changed_at),
    "interactionDate": happened,
    "interactionType": lambda interaction, _parts, _most: interaction.type.code,
    "channel": lambda interaction, _parts, _most: channel(interaction.channel),
    "relatedParty": parties,
    "interactionItem": conversation,
    "note": notes,
    "attachment": attachments,
    "interactionRelationship": relationships,
    "externalIdentifier": identifiers,
    "characteristic": lambda interaction, _parts, _most: [
        {"name": name, "value": value} for name, value in interaction.values.items()
    ],
    "resolution": lambda interaction, _parts, _most: interaction.resolution,
    "waitingFor": lambda interaction, _parts, _most: interaction.waiting_for,
}
ATTRIBUTES = frozenset(SHOWN)
KNOWN = ATTRIBUTES | {"@baseType", "@schemaLocation"}
