"""The figures of a period, read from the counted days: the same in every page and file."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, QuerySet, Sum

from interactions.enums import Direction
from partners.enums import Channel, Vertical
from reporting.models import Day
from reporting.payloads import Figures, Group, Report

NAMES = [field.name for field in fields(Figures)]
LABELS: Mapping[str, Mapping[str, Any]] = {
    "channel": dict(Channel.choices),
    "direction": dict(Direction.choices),
    "vertical": dict(Vertical.choices),
}


def report(first: date, last: date) -> Report:
    """The figures from `first` to `last`, both included."""
    days = Day.objects.filter(date__range=(first, last))
    return Report(
        first=first,
        last=last,
        counted_at=Day.objects.aggregate(at=Max("built_at"))["at"],
        total=figures(days.aggregate(**sums())),
        by_day=by_day(days, first, last),
        by_channel=by("channel", days),
        by_direction=by("direction", days),
        by_vertical=by("vertical", days),
    )


def sums() -> dict[str, Sum]:
    return {f"{name}_sum": Sum(name) for name in NAMES}


def figures(row: Mapping[str, Any]) -> Figures:
    return Figures(**{name: row[f"{name}_sum"] or 0 for name in NAMES})


def by_day(days: QuerySet[Day], first: date, last: date) -> Sequence[tuple[date, Figures]]:
    """One entry a day, empty days included."""
    found = {row["date"]: figures(row) for row in days.values("date").annotate(**sums())}
    every = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [(day, found.get(day, Figures())) for day in every]


def by(dimension: str, days: QuerySet[Day]) -> Sequence[Group]:
    """The figures of each value of a dimension, the most received first."""
    rows = days.values(dimension).annotate(**sums())
    groups = [
        Group(key=row[dimension], label=str(LABELS[dimension][row[dimension]]), figures=figures(row)) for row in rows
    ]
    return sorted(groups, key=lambda group: (-group.figures.received, group.label))
