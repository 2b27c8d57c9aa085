"""What a subscription asks for: `eventType=…`, what attributes must be, and `fields`, joined by `&`.

What attributes must be is said as in a list of the API, but for regular expressions: one could hold up all events.
"""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote

from django.utils.translation import gettext as _

from interactions.domain.outward import representation, words
from notifications.enums import HubEvent
from notifications.errors import QueryNotAccepted
from partners.domain import criteria
from partners.domain.criteria import Criterion, is_day, moment_in, number_in
from partners.errors import CriterionNotAccepted

Json = Mapping[str, Any]
Test = Callable[[str], bool]

MOST_QUERY = 1000
PREFIXES = ("event.partyInteraction.", "partyInteraction.")  # as some clients of the standard write it
ALWAYS = frozenset({"id", "href", "@type"})
COMPARED = (
    *("id", "direction", "status", "channel.id", "interactionType", "relatedParty.id", "relatedParty.role"),
    *("externalIdentifier.id", "externalIdentifier.owner", "externalIdentifier.externalIdentifierType"),
    *("interactionItem.item.id", "interactionItem.item.@referredType"),
)
MOMENTS = ("creationDate", "statusChangeDate", "interactionDate.startDateTime")
NUMBERS = ("reopenCount", *(f"timing.{name}.businessSeconds" for name in words.TIMINGS))
ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
SPELLINGS: Mapping[str, Mapping[str, str]] = {
    "status": words.STATUS_SPELLINGS,
    "direction": {spelling: direction.value for spelling, direction in words.DIRECTION_SPELLINGS.items()},
    "channel.id": {spelling: channel.value for spelling, channel in words.CHANNEL_SPELLINGS.items()},
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One attribute, and what one of its values must be: any of the tests will do."""

    path: Sequence[str]
    tests: Sequence[Test]

    def is_met(self, resource: Json) -> bool:
        return any(test(value) for value in values_at(resource, self.path) for test in self.tests)


@dataclass(frozen=True, kw_only=True)
class Query:
    """Empty parts ask for everything. Of each of `wanted` one must be met."""

    events: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    wanted: Sequence[Sequence[Wanted]] = ()

    def takes(self, event: str) -> bool:
        return not self.events or event in self.events

    def fits(self, resource: Json) -> bool:
        """Whether the resource is as each of the criteria asks."""
        return all(any(one.is_met(resource) for one in alternatives) for alternatives in self.wanted)

    def wanted_of(self, attributes: Iterable[str]) -> frozenset[str]:
        """Of attributes those that were asked for, with those that always come."""
        named = frozenset(attributes)
        return ALWAYS | (named & self.fields if self.fields else named)


def read(text: str) -> Query:
    """Raises QueryNotAccepted, which names what is wrong."""
    if len(text) > MOST_QUERY:
        raise QueryNotAccepted(_("A query has at most %(most)d characters.") % {"most": MOST_QUERY})
    asked = pairs_in(text)
    try:
        events = [part for value in asked.pop("eventType", []) for part in parts_of("eventType", [value])]
        fields = [first_level(part) for value in asked.pop("fields", []) for part in parts_of("fields", [value])]
        wanted = [
            [wanted_by(criterion) for criterion in criteria.alternatives(name, values)]
            for name, values in asked.items()
        ]
    except CriterionNotAccepted as refusal:
        raise QueryNotAccepted(str(refusal)) from refusal
    return Query(
        events=frozenset(among("eventType", events, HubEvent.values)),
        fields=frozenset(among("fields", fields, [*representation.KNOWN, "none"])),
        wanted=wanted,
    )


def wanted_by(criterion: Criterion) -> Wanted:
    """Raises QueryNotAccepted and CriterionNotAccepted."""
    name = without_prefix(criterion.name)
    if name not in {*COMPARED, *MOMENTS, *NUMBERS}:
        known = ", ".join(["eventType", "fields", *COMPARED, *MOMENTS, *NUMBERS])
        raise QueryNotAccepted(_("“%(name)s” is none of %(known)s.") % {"name": name[:60], "known": known})
    told = parts_of(name, criterion.values)
    if criterion.operator not in ORDERS or (name in COMPARED and criterion.operator != "eq"):
        refused = {"name": name, "operator": criterion.operator}
        raise QueryNotAccepted(_("“%(operator)s” does not go with “%(name)s” in a query of events.") % refused)
    if name in COMPARED:
        return Wanted(path=name.split("."), tests=[frozenset(spelled(name, part) for part in told).__contains__])
    test = of_moment if name in MOMENTS else of_number
    return Wanted(path=name.split("."), tests=[test(name, criterion.operator, part) for part in told])


def of_moment(name: str, comparison: str, told: str) -> Test:
    moment = moment_in(name, told)
    if comparison == "eq" and is_day(told):
        return lambda value: moment <= datetime.fromisoformat(value) < moment + timedelta(days=1)
    return lambda value: ORDERS[comparison](datetime.fromisoformat(value), moment)


def of_number(name: str, comparison: str, told: str) -> Test:
    number = number_in(name, told)
    return lambda value: ORDERS[comparison](int(value), number)


def parts_of(name: str, values: Sequence[str]) -> Sequence[str]:
    told = [part for part in criteria.split(name, values, ",;") if part]
    if not told:
        raise QueryNotAccepted(_("“%(name)s” needs a value.") % {"name": name})
    return told


def of_events(events: Sequence[str]) -> str:
    """The query that asks for these events; all of them are asked for by none."""
    chosen = [event for event in HubEvent.values if event in set(events)]
    return f"eventType={quote(','.join(chosen), safe=',')}" if chosen and len(chosen) < len(HubEvent) else ""


def pairs_in(text: str) -> dict[str, list[str]]:
    """The values by name, without the prefixes that lead to it."""
    try:
        pairs = parse_qsl(text.removeprefix("?"), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        raise QueryNotAccepted(_("Write a query as eventType=…&fields=….")) from None
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(without_prefix(name), []).append(value)
    return found


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
