"""What a search is narrowed to: each stands in the address, and as a chip that takes it away again."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from interactions.console import filters, loaders
from interactions.console.filters import Chip
from interactions.domain.matching import EVERYTHING
from interactions.enums import Direction, Status
from interactions.models import ENDED, Interaction
from partners.enums import Channel
from partners.payloads import Actor

OPEN, OVER = "open", "ended"
PERIODS = {"week": (_("Last 7 days"), 7), "month": (_("Last 30 days"), 30), "year": (_("Last 12 months"), 365)}
MOST_OPTIONS = 12  # of one facet
LABELS = {
    "status": _("Status"),
    "partner": _("Partner"),
    "period": _("Period"),
    "channel": _("Channel"),
    "direction": _("Direction"),
}
WORDS: Mapping[str, Mapping[str, Any]] = {  # of partners their names, in the order in which they are offered
    "status": {OPEN: _("Open"), OVER: _("Ended"), **dict(Status.choices)},
    "period": {period: words for period, (words, _days) in PERIODS.items()},
    "channel": dict(Channel.choices),
    "direction": dict(Direction.choices),
}


@dataclass(frozen=True, kw_only=True)
class Option:
    """One value of a facet: its words, how many of the hits have it, and the address that narrows to it."""

    words: str
    count: int
    address: str


@dataclass(frozen=True, kw_only=True)
class Facet:
    label: Any
    options: Sequence[Option]


def chosen(query: QueryDict, *, at: datetime) -> dict[str, Q]:
    """What each facet in the address means; a value that is none counts for nothing."""
    status, partner, period = (query.get(name, "") for name in ("status", "partner", "period"))
    found: dict[str, Q] = {}
    if status in {OPEN, OVER}:
        found["status"] = Q(status__in=ENDED) if status == OVER else ~Q(status__in=ENDED)
    elif status in Status.values:
        found["status"] = Q(status=status)
    if (partner_id := loaders.id_in(partner)) is not None:
        found["partner"] = Q(partner_id=partner_id)
    if period in PERIODS:
        found["period"] = Q(created_at__gte=begin(period, at))
    for name, values in (("channel", Channel.values), ("direction", Direction.values)):
        if query.get(name) in values:
            found[name] = Q(**{name: query[name]})
    return found


def begin(period: str, at: datetime) -> datetime:
    return at - timedelta(days=PERIODS[period][1])


def values_of(hit: Mapping[str, Any], at: datetime) -> dict[str, list[str]]:
    """What one interaction counts for in each facet."""
    return {
        "status": [OVER if hit["status"] in ENDED else OPEN, hit["status"]],
        "partner": [str(hit["partner_id"])],
        "period": [period for period in PERIODS if hit["created_at"] >= begin(period, at)],
        "channel": [hit["channel"]],
        "direction": [hit["direction"]],
    }


def all_of(conditions: Iterable[Q]) -> Q:
    whole = EVERYTHING
    for condition in conditions:
        whole &= condition
    return whole


def chips(query: QueryDict, names: Iterable[str], *, actor: Actor) -> list[Chip]:
    return [
        Chip(
            label=str(LABELS[name]),
            value=worded(name, query.get(name, ""), actor),
            remove=filters.without(query, [name, "after", "before"]),
        )
        for name in names
    ]


def worded(name: str, value: str, actor: Actor) -> str:
    if name == "partner":
        return str(loaders.partner(actor, value) or value)
    return str(WORDS[name][value])


def offered(ids: Sequence[int], query: QueryDict, names: Iterable[str], *, at: datetime) -> list[Facet]:
    """What the hits can be narrowed to further; a facet in which all are alike is not offered."""
    columns = ("status", "partner_id", "partner__name", "created_at", "channel", "direction")
    hits = list(Interaction.objects.filter(pk__in=ids).values(*columns))
    counts: dict[str, Counter[str]] = {name: Counter() for name in LABELS}
    for hit in hits:
        for name, values in values_of(hit, at).items():
            counts[name].update(values)
    partners = {str(hit["partner_id"]): hit["partner__name"] for hit in sorted(hits, key=itemgetter("partner__name"))}
    words = {**WORDS, "partner": partners}
    left = [name for name in LABELS if name not in names and any(one < len(hits) for one in counts[name].values())]
    return [Facet(label=LABELS[name], options=options(name, words[name], counts[name], query)) for name in left]


def options(name: str, words: Mapping[str, Any], counts: Mapping[str, int], query: QueryDict) -> list[Option]:
    base = filters.without(query, [name, "after", "before"])
    return [
        Option(words=str(words[value]), count=counts[value], address=f"{base}&{name}={value}")
        for value in words
        if counts.get(value)
    ][:MOST_OPTIONS]
