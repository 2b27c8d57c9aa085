"""An interaction as TMF683 version 4 shows it: plain dictionaries."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models.functions import Left

from interactions.domain.outward import words
from interactions.domain.outward.parts import Parts, Row, moment
from interactions.enums import LineState, Side, Status
from interactions.models import Interaction
from interactions.models.interaction import InteractionQuerySet
from partners.enums import Channel

Json = dict[str, Any]

SHOWN_COLUMNS = [
    *("subject", "direction", "channel", "status", "status_changed_at", "started_at", "created_at", "values"),
    *("resolution", "waiting_for", "version", "partner__name", "type__code", "role__kind__code", "reopen_count"),
    *(f"{column}_{unit}" for column in words.TIMINGS.values() for unit in ("seconds", "elapsed")),
]
LONGEST_IN_LIST = 10_000  # characters of one text; a single resource comes whole


def readable(rows: InteractionQuerySet, *, most_text: int) -> InteractionQuerySet:
    """Rows with what every representation shows and nothing else."""
    seen = rows.select_related("partner", "type", "role__kind")
    return seen.annotate(told=Left("description", most_text)).only(*SHOWN_COLUMNS)


def represented(interaction: Interaction, parts: Parts, wanted: Collection[str]) -> Json:
    """The attributes wanted, in the order of the specification."""
    return {name: show(interaction, parts) for name, show in SHOWN.items() if name in wanted}


def href_of(interaction_id: int) -> str:
    return f"{settings.BASE_URL}{words.BASE}/{number_of(interaction_id)}"


def number_of(interaction_id: int) -> str:
    return f"BPI-{interaction_id:07d}"


def period(start: datetime | str, end: datetime | str | None) -> Json:
    return {"startDateTime": moment(start), "endDateTime": moment(end or start), "@type": "TimePeriod"}


def channel(word: str) -> list[Json]:
    href = f"{settings.BASE_URL}{words.CHANNELS}/{word}"
    return [{"id": word, "href": href, "name": words.CHANNEL_NAMES[Channel(word)], "@type": "RelatedChannel"}]


def happened(interaction: Interaction, parts: Parts) -> Json:
    return period(interaction.started_at, parts.items[0]["ended_at"] if parts.items else None)


def description(interaction: Interaction, _parts: Parts) -> str:
    """Cut by the database where only a beginning was asked for."""
    return str(interaction.__dict__.get("told") or interaction.__dict__.get("description", ""))


def parties(interaction: Interaction, parts: Parts) -> list[Json]:
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
    return [company, *(person(row, interaction) for row in parts.participants)]


def person(row: Row, interaction: Interaction) -> Json:
    known, told = row["user"], {"role": row["role"], "@type": "RelatedParty", "@referredType": "Individual"}
    if known is not None:
        href = f"{settings.BASE_URL}{words.PARTY}/individual/{known}"
        return {"id": str(known), "href": href, "name": row["name"]} | told
    href = f"{href_of(interaction.pk)}#contact-{row['id']}"
    return {"id": f"contact-{row['id']}", "href": href, "name": row["name"]} | told


def attachment(row: Row) -> Json:
    url = f"{settings.BASE_URL}{words.ATTACHMENTS}/{row['id']}"
    return {
        "id": str(row["id"]),
        "href": url,
        "url": url,
        "name": row["name"],
        "mimeType": row["type"],
        "size": {"amount": row["size"], "units": "byte"},
        "@type": "Attachment",
    }


def attachments(_interaction: Interaction, parts: Parts) -> list[Json]:
    return [attachment(row) for row in parts.attachments]


def note(item: Row) -> Json:
    author = item["author"] if item["side"] == Side.PARTNER else settings.ENTERPRISE_NAME
    told = {"id": str(item["sequence"]), "author": author, "date": moment(item["at"])}
    return told | {"text": item["text"], "@type": "Note"}


def notes(_interaction: Interaction, parts: Parts) -> list[Json]:
    """What was said after the first message, which is the description."""
    return [note(item) for item in parts.items if item["sequence"] > 1]


def conversation(interaction: Interaction, parts: Parts) -> list[Json]:
    """Each message with its channel and files, then what the interaction is about in other systems."""
    found = []
    for item in parts.items:
        told: Json = {
            "id": str(item["sequence"]),
            "creationDate": moment(item["at"]),
            "itemDate": period(item["at"], item["ended_at"]),
            "reason": item["kind"],
            "channel": channel(item["channel"]),
            "note": [note(item)],
            "attachment": [attachment(row) for row in parts.attachments if row["item"] == item["id"]],
            "@type": "InteractionItem",
        }
        if item["sequence"] == 1 and interaction.resolution:
            told["resolution"] = interaction.resolution
        found.append(told)
    return found + [about(reference) for reference in parts.references]


def about(reference: Row) -> Json:
    entity = {
        "id": reference["value"],
        "href": reference["href"],
        "name": reference["name"],
        "role": reference["role"] or "about",
        "@type": "EntityRef",
        "@referredType": reference["kind"],
    }
    return {"id": f"reference-{reference['id']}", "item": entity, "@type": "InteractionItem"}


def relationships(_interaction: Interaction, parts: Parts) -> list[Json]:
    return [
        {
            "id": number_of(link["other"]),
            "href": href_of(link["other"]),
            "relationshipType": link["kind"],
            "@type": "InteractionRelationship",
        }
        for link in parts.links
    ]


def identifiers(_interaction: Interaction, parts: Parts) -> list[Json]:
    kind = "ExternalIdentifier"
    return [
        {"id": one["value"], "owner": one["owner"], "externalIdentifierType": one["kind"], "@type": kind}
        for one in parts.identifiers
    ]


def order_item(row: Row) -> Json:
    """One line of an order, in the words of TMF622."""
    told = {
        "id": str(row["number"]),
        "name": row["what"],
        "quantity": float(row["quantity"]),
        "units": row["unit"],
        "externalId": row["reference"],
        "state": words.LINE_STATES[LineState(row["state"])],
        "requestedCompletionDate": row["requested"],
        "expectedCompletionDate": row["expected"],
        "completionDate": row["done"],
        "stateReason": row["reason"],
        "@type": "OrderItem",
    }
    return {name: value for name, value in told.items() if value not in {None, ""}}


def timing(interaction: Interaction, _parts: Parts) -> Json:
    """How long it took, and how long each side had it, as the moves so far add up; the turn that runs is not in it."""
    told: Json = {"@type": "InteractionTiming"}
    for name, column in words.TIMINGS.items():
        counted = getattr(interaction, f"{column}_seconds")
        if counted is not None:
            told[name] = {"businessSeconds": counted, "seconds": getattr(interaction, f"{column}_elapsed")}
    return told


SHOWN: Mapping[str, Callable[[Interaction, Parts], Any]] = {
    "id": lambda interaction, _parts: number_of(interaction.pk),
    "href": lambda interaction, _parts: href_of(interaction.pk),
    "@type": lambda _interaction, _parts: "PartyInteraction",
    "creationDate": lambda interaction, _parts: moment(interaction.created_at),
    "description": description,
    "direction": lambda interaction, _parts: interaction.direction,
    "reason": lambda interaction, _parts: interaction.subject,
    "status": lambda interaction, _parts: words.STATUS[Status(interaction.status)],
    "statusChangeDate": lambda interaction, _parts: moment(interaction.status_changed_at),
    "interactionDate": happened,
    "interactionType": lambda interaction, _parts: interaction.type.code,
    "channel": lambda interaction, _parts: channel(interaction.channel),
    "relatedParty": parties,
    "interactionItem": conversation,
    "note": notes,
    "attachment": attachments,
    "interactionRelationship": relationships,
    "externalIdentifier": identifiers,
    "characteristic": lambda interaction, _parts: [
        {"name": name, "value": value} for name, value in interaction.values.items()
    ],
    "orderItem": lambda _interaction, parts: [order_item(row) for row in parts.lines],
    "resolution": lambda interaction, _parts: interaction.resolution,
    "waitingFor": lambda interaction, _parts: interaction.waiting_for,
    "timing": timing,
    "reopenCount": lambda interaction, _parts: interaction.reopen_count,
}
ATTRIBUTES = frozenset(SHOWN)
KNOWN = ATTRIBUTES | {"@baseType", "@schemaLocation"}
