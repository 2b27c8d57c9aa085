"""What a subscription asks for: `eventType=…`, values that attributes must have, and `fields`, joined by `&`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote

from django.utils.translation import gettext as _

from interactions.domain.outward import representation, words
from notifications.enums import HubEvent
from notifications.errors import QueryNotAccepted

Json = Mapping[str, Any]

MOST_QUERY = 1000
MOST_VALUES = 50
PREFIXES = ("event.partyInteraction.", "partyInteraction.")  # as some clients of the standard write it
ALWAYS = frozenset({"id", "href", "@type"})
COMPARED = (
    *("id", "direction", "status", "channel.id", "interactionType", "relatedParty.id", "relatedParty.role"),
    *("externalIdentifier.id", "externalIdentifier.owner", "externalIdentifier.externalIdentifierType"),
    *("interactionItem.item.id", "interactionItem.item.@referredType"),
)
SPELLINGS: Mapping[str, Mapping[str, str]] = {
    "status": words.STATUS_SPELLINGS,
    "direction": {spelling: direction.value for spelling, direction in words.DIRECTION_SPELLINGS.items()},
    "channel.id": {spelling: channel.value for spelling, channel in words.CHANNEL_SPELLINGS.items()},
}


@dataclass(frozen=True, kw_only=True)
class Query:
    """Empty parts ask for everything."""

    events: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def takes(self, event: str) -> bool:
        return not self.events or event in self.events

    def fits(self, resource: Json) -> bool:
        """Whether the resource has one of the wanted values in each attribute that was named."""
        return all(not wanted.isdisjoint(values_at(resource, path.split("."))) for path, wanted in self.values.items())

    def wanted_of(self, attributes: Iterable[str]) -> frozenset[str]:
        """Of attributes those that were asked for, with those that always come."""
        named = frozenset(attributes)
        return ALWAYS | (named & self.fields if self.fields else named)


def read(text: str) -> Query:
    """Raises QueryNotAccepted, which names what is wrong."""
    if len(text) > MOST_QUERY:
        raise QueryNotAccepted(_("A query has at most %(most)d characters.") % {"most": MOST_QUERY})
    events: set[str] = set()
    fields: set[str] = set()
    values: dict[str, frozenset[str]] = {}
    for name, value in pairs_in(text):
        told = [part.strip() for part in value.replace(";", ",").split(",") if part.strip()]
        if not told or len(told) > MOST_VALUES:
            raise QueryNotAccepted(_("“%(name)s” needs 1 to %(most)d values.") % {"name": name, "most": MOST_VALUES})
        if name == "eventType":
            events |= set(among(name, told, HubEvent.values))
        elif name == "fields":
            fields |= set(among(name, [first_level(part) for part in told], [*representation.KNOWN, "none"]))
        elif name in COMPARED:
            values[name] = values.get(name, frozenset()) | {spelled(name, part) for part in told}
        else:
            known = ", ".join(["eventType", "fields", *COMPARED])
            raise QueryNotAccepted(_("“%(name)s” is none of %(known)s.") % {"name": name, "known": known})
    return Query(events=frozenset(events), fields=frozenset(fields), values=values)


def of_events(events: Sequence[str]) -> str:
    """The query that asks for these events; all of them are asked for by none."""
    chosen = [event for event in HubEvent.values if event in set(events)]
    return f"eventType={quote(','.join(chosen), safe=',')}" if chosen and len(chosen) < len(HubEvent) else ""


def pairs_in(text: str) -> list[tuple[str, str]]:
    """The names without the prefixes that lead to them; a lone word is no criterion."""
    try:
        found = parse_qsl(text.removeprefix("?"), keep_blank_values=True, strict_parsing=bool(text), max_num_fields=50)
    except ValueError:
        raise QueryNotAccepted(_("Write a query as eventType=…&fields=….")) from None
    return [(without_prefix(name)[:60], value) for name, value in found]


def without_prefix(name: str) -> str:
    for prefix in PREFIXES:
        name = name.removeprefix(prefix)
    return name


def first_level(name: str) -> str:
    return without_prefix(name).split(".", 1)[0]


def among(name: str, told: Sequence[str], known: Sequence[str]) -> Sequence[str]:
    for part in told:
        if part not in known:
            raise QueryNotAccepted(_("There is no %(name)s “%(value)s”.") % {"name": name, "value": part[:60]})
    return told


def spelled(name: str, value: str) -> str:
    """The one spelling that resources have."""
    spellings = SPELLINGS.get(name)
    if spellings is None:
        return value
    if value not in spellings:
        raise QueryNotAccepted(_("There is no %(name)s “%(value)s”.") % {"name": name, "value": value[:60]})
    return spellings[value]


def values_at(found: Any, path: Sequence[str]) -> frozenset[str]:
    """The texts at the end of a path; an array on the way stands for each of its members."""
    if isinstance(found, list):
        return frozenset[str]().union(*(values_at(one, path) for one in found))
    if not path:
        return frozenset({str(found)}) if isinstance(found, str | int) else frozenset()
    return values_at(found[path[0]], path[1:]) if isinstance(found, dict) and path[0] in found else frozenset()
