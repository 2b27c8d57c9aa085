"""What belongs to interactions in other tables, for any number of them in one statement."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from interactions.enums import Side, Status, Visibility
from interactions.models import Item

Row = dict[str, Any]


@dataclass(kw_only=True)
class Parts:
    """The rows of one interaction, as far as they were asked for; each in the order it was stored."""

    items: list[Row] = field(default_factory=list)
    attachments: list[Row] = field(default_factory=list)
    references: list[Row] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)
    identifiers: list[Row] = field(default_factory=list)
    participants: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)


# each yields (part, interaction, its own number, content); hand-written, since six queries made a list twice as slow
SELECTS: Mapping[str, str] = {
    "items": """
        SELECT 'items', interaction_id, sequence::bigint, jsonb_build_object(
            'id', id, 'sequence', sequence, 'kind', kind, 'channel', channel, 'side', side, 'author', author_label,
            'at', at, 'ended_at', ended_at, 'text', left(text, %(most)s))
        FROM interactions_item WHERE interaction_id = ANY(%(keys)s)""",
    "attachments": """
        SELECT 'attachments', interaction_id, id, jsonb_build_object(
            'id', id, 'item', item_id, 'name', name, 'type', content_type, 'size', size)
        FROM interactions_attachment WHERE interaction_id = ANY(%(keys)s) AND NOT is_original""",
    "references": """
        SELECT 'references', interaction_id, id, jsonb_build_object(
            'id', id, 'kind', kind, 'value', value, 'name', name, 'role', role, 'href', href)
        FROM interactions_reference WHERE interaction_id = ANY(%(keys)s)""",
    "links": """
        SELECT 'links', own.id, link.id, jsonb_build_object('kind', link.kind, 'other', link.other_id)
        FROM interactions_link AS link
        JOIN interactions_interaction AS own ON own.id = link.interaction_id
        JOIN interactions_interaction AS other ON other.id = link.other_id
        WHERE own.id = ANY(%(keys)s) AND link.ended_at IS NULL AND other.partner_id = own.partner_id
            AND other.status <> %(annulled)s AND other.visibility = %(company)s""",
    "identifiers": """
        SELECT 'identifiers', interaction_id, id, jsonb_build_object('value', value, 'owner', owner, 'kind', kind)
        FROM interactions_externalidentifier WHERE interaction_id = ANY(%(keys)s)""",
    "participants": """
        SELECT 'participants', part.interaction_id, part.id, jsonb_build_object(
            'id', part.id, 'user', part.user_id, 'role', part.role, 'name',
            coalesce(person.name, nullif(part.name, ''), part.address))
        FROM interactions_participant AS part LEFT JOIN partners_user AS person ON person.id = part.user_id
        WHERE part.interaction_id = ANY(%(keys)s) AND part.side = %(partner)s""",
    "lines": """
        SELECT 'lines', interaction_id, number::bigint, jsonb_build_object(
            'number', number, 'what', what, 'quantity', quantity::text, 'unit', unit, 'reference', reference,
            'state', state, 'requested', requested_date, 'expected', expected_date, 'done', done_date,
            'reason', reason)
        FROM interactions_orderline WHERE interaction_id = ANY(%(keys)s)""",
}
NEEDED: Mapping[str, frozenset[str]] = {
    "items": frozenset({"interactionItem", "note", "interactionDate"}),
    "attachments": frozenset({"interactionItem", "attachment"}),
    "references": frozenset({"interactionItem"}),
    "links": frozenset({"interactionRelationship"}),
    "identifiers": frozenset({"externalIdentifier"}),
    "participants": frozenset({"relatedParty"}),
    "lines": frozenset({"orderItem"}),
}


def of_each(keys: Sequence[int], wanted: Collection[str], *, most_text: int) -> Mapping[int, Parts]:
    """What the wanted attributes need; texts no longer than `most_text`."""
    found: dict[int, Parts] = defaultdict(Parts)
    selects = [SELECTS[name] for name, attributes in NEEDED.items() if not attributes.isdisjoint(wanted)]
    if not keys or not selects:
        return found
    given: dict[str, Any] = {
        "keys": list(keys),
        "most": most_text,
        "annulled": Status.ANNULLED,
        "company": Visibility.COMPANY,
        "partner": Side.PARTNER,
    }
    with connection.cursor() as cursor:
        cursor.execute("\nUNION ALL".join(selects) + "\nORDER BY 1, 2, 3", given)
        for part, interaction, _number, content in cursor.fetchall():
            getattr(found[interaction], part).append(json.loads(content))
    return found


def of_first(item: Item) -> Parts:
    """The parts of an interaction that has nothing yet but its first item."""
    row = {
        "id": item.pk,
        "sequence": item.sequence,
        "kind": item.kind,
        "channel": item.channel,
        "side": item.side,
        "author": item.author_label,
        "at": item.at,
        "ended_at": item.ended_at,
        "text": item.text,
    }
    return Parts(items=[row])


def moment(at: datetime | str) -> str:
    """A time in the one spelling of the API; the database's own leaves trailing zeros out."""
    found = datetime.fromisoformat(at) if isinstance(at, str) else at
    return found.isoformat().replace("+00:00", "Z")
