"""A posted TMF683 resource becomes a submission; attributes that we do not know are ignored."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from interactions.api import reading
from interactions.api.reading import Json
from interactions.api.searching import number_in
from interactions.domain import conversation, ledger, submissions
from interactions.domain.outward import words
from interactions.domain.submissions import Relation, Submission
from interactions.enums import LinkKind
from interactions.models import ExternalIdentifier, Reference
from interactions.payloads import File, Intake, NewLine
from partners.api.errors import invalid, missing
from partners.payloads import Actor

MOST_TEXT = conversation.MOST_TEXT
OWN_REFERRED_TYPES = {"PartyRole", "PartnerRole", "BusinessPartner"}


def read(content: Json, *, actor: Actor, at: datetime) -> Submission:
    """Raises a Problem that names the first attribute that is wrong."""
    reason = reading.text(content, "reason", most=ledger.MOST_SUBJECT, needed=True)
    direction = words.DIRECTION_SPELLINGS[reading.word(content, "direction", words.DIRECTION_SPELLINGS, needed=True)]
    channels = [
        reading.text(row, "id", most=100, path=path, needed=True)
        for path, row in reading.objects(content, "channel", needed=True)
    ]
    status = words.STATUS_SPELLINGS.get(reading.word(content, "status", words.STATUS_SPELLINGS), "open")
    check_parties(content, actor)
    started_at, ended_at = period(content, at=at)
    files, references = attached(content)
    notes, resolution = [*noted(content)], ""
    for path, row in reading.objects(content, "interactionItem"):
        notes += noted(row, path)
        more, about = attached(row, path)
        files, references = [*files, *more], [*references, *about, *entity(row, path)]
        resolution = reading.text(row, "resolution", most=MOST_TEXT, path=path) or resolution
    if status == "completed" and not resolution:
        raise invalid("interactionItem.resolution", "A completed interaction says in an item how it was resolved.")
    intake = Intake(
        channel=words.channel_of(channels[0]),
        direction=direction,
        subject=reason,
        text=reading.text(content, "description", most=MOST_TEXT) or reason,
        happened_at=started_at,
        ended_at=ended_at,
        type_code=reading.text(content, "interactionType", most=60),
        values=characteristics(content),
        lines=[order_line(path, row) for path, row in reading.objects(content, "orderItem")],
        files=files,
        is_closed_at_once=status == "completed",
        resolution=resolution,
    )
    if notes and status == "completed":
        raise invalid("note", "A completed interaction takes no further notes; put them into the description.")
    return Submission(
        intake=intake,
        further=[submissions.further(note, intake) for note in notes],
        relations=[relation(path, row) for path, row in reading.objects(content, "interactionRelationship")],
        references=references,
        identifiers=[identifier(path, row) for path, row in reading.objects(content, "externalIdentifier")],
    )


def check_parties(content: Json, actor: Actor) -> None:
    """A machine speaks for its own partner: a related party that it names is that partner, by its id or its role's."""
    for path, row in reading.objects(content, "relatedParty"):
        told = reading.text(row, "id", most=100, path=path, needed=True)
        kind = reading.text(row, "@referredType", most=100, path=path)
        own = actor.role_id if kind in OWN_REFERRED_TYPES else actor.partner_id
        if told != str(own):
            message = f"You speak for yourself alone: leave this out, or name your own id, which is {own}."
            raise invalid(f"{path}id", message)


def period(content: Json, *, at: datetime) -> tuple[datetime, datetime | None]:
    """When it took place; now when nothing is told."""
    path, row = reading.inner(content, "interactionDate")
    start = reading.moment(row, "startDateTime", now=at, path=path)
    end = reading.moment(row, "endDateTime", now=at, path=path)
    if start and end and end < start:
        raise invalid(f"{path}endDateTime", "This is before the start.")
    return start or end or at, end if start and end and end > start else None


def noted(content: Json, path: str = "") -> list[str]:
    """Notes of a partner are part of the conversation."""
    return [
        reading.text(row, "text", most=MOST_TEXT, path=where, needed=True)
        for where, row in reading.objects(content, "note", path=path)
    ]


def attached(content: Json, path: str = "") -> tuple[Sequence[File], Sequence[Reference]]:
    """Files that came along, and references to those that lie elsewhere; nothing is ever fetched."""
    files, references = [], []
    for where, row in reading.objects(content, "attachment", path=path):
        if row.get("content") is not None:
            files.append(reading.file(row, where))
            continue
        address = reading.text(row, "url", most=500, path=where) or reading.text(row, "href", most=500, path=where)
        name = reading.text(row, "name", most=200, path=where)
        known = reading.text(row, "id", most=100, path=where) or name[:100]
        if not (address or known):
            raise invalid(f"{where}content", "An attachment has a content, a url or an id.")
        references.append(Reference(kind="Attachment", value=known, name=name, href=address, role="attachment"))
    return files, references


def entity(row: Json, path: str) -> list[Reference]:
    """What an item is about in another system."""
    where, item = reading.inner(row, "item", path=path)
    if not item:
        return []
    kind = reading.text(item, "@referredType", most=60, path=where) or reading.text(item, "@type", most=60, path=where)
    return [
        Reference(
            kind=kind or "Entity",
            value=reading.text(item, "id", most=100, path=where, needed=True),
            name=reading.text(item, "name", most=200, path=where),
            role=reading.text(item, "role", most=60, path=where),
            href=reading.text(item, "href", most=500, path=where),
        )
    ]


def relation(path: str, row: Json) -> Relation:
    told = reading.text(row, "id", most=100, path=path, needed=True)
    kinds = {kind.value: kind for kind in LinkKind if kind != LinkKind.MERGED_INTO}  # two are made one by us alone
    kind = reading.word(row, "relationshipType", kinds, path=path) or LinkKind.FOLLOW_UP
    number = number_in(told)
    if number is None:
        raise invalid(f"{path}id", "There is no such interaction.")
    return Relation(other_id=number, kind=kinds[kind], attribute=f"{path}id")


def identifier(path: str, row: Json) -> ExternalIdentifier:
    return ExternalIdentifier(
        owner=reading.text(row, "owner", most=100, path=path),
        kind=reading.text(row, "externalIdentifierType", most=60, path=path),
        value=reading.text(row, "id", most=255, path=path, needed=True),
    )


def order_line(path: str, row: Json) -> NewLine:
    """One thing that is ordered; what it is may be said by a name or by the product's."""
    where, product = reading.inner(row, "product", path=path)
    named = reading.text(row, "name", most=200, path=path) or reading.text(product, "name", most=200, path=where)
    if not named:
        raise missing(f"{path}name")
    return NewLine(
        what=named,
        quantity=reading.number(row, "quantity", path=path),
        unit=reading.text(row, "units", most=20, path=path),
        reference=reading.text(row, "externalId", most=100, path=path) or reading.text(row, "id", most=100, path=path),
        requested_date=reading.day(row, "requestedCompletionDate", path=path),
    )


def characteristics(content: Json) -> dict[str, Any]:
    """The fields of the interaction's type."""
    found = {}
    for path, row in reading.objects(content, "characteristic"):
        value = row.get("value")
        if isinstance(value, dict | list):
            raise invalid(f"{path}value", "This must be a single value.")
        found[reading.text(row, "name", most=60, path=path, needed=True)] = value
    return found
