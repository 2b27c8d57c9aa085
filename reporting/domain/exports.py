"""The same figures as a page shows, as rows for a file."""

from collections.abc import Iterator
from datetime import timedelta

from reporting.payloads import Figures, Report

HEAD = (
    "dimension",
    "value",
    "received",
    "first_answered",
    "average_first_response_seconds",
    "resolved",
    "average_resolution_seconds",
    "ended",
    "average_with_us_business_seconds",
    "average_with_partner_business_seconds",
    "average_with_third_party_business_seconds",
    "average_paused_business_seconds",
    "reopened",
    "promises_kept",
    "promises_broken",
)
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def rows(report: Report) -> Iterator[tuple[str, ...]]:
    """The heading, the total, then every value of every dimension."""
    yield HEAD
    yield row("total", f"{report.first} to {report.last}", report.total)
    groups = {
        "channel": report.by_channel,
        "direction": report.by_direction,
        "vertical": report.by_vertical,
    }
    for dimension, values in groups.items():
        for group in values:
            yield row(dimension, group.label, group.figures)
    for day, figures in report.by_day:
        yield row("day", day.isoformat(), figures)


def row(dimension: str, value: str, figures: Figures) -> tuple[str, ...]:
    return (
        dimension,
        neutral(value),
        str(figures.received),
        str(figures.responded),
        whole_seconds(figures.average_response),
        str(figures.resolved),
        whole_seconds(figures.average_resolution),
        str(figures.closed),
        whole_seconds(figures.average_with_us),
        whole_seconds(figures.average_with_partner),
        whole_seconds(figures.average_with_third_party),
        whole_seconds(figures.average_paused),
        str(figures.reopened),
        str(figures.promises_kept),
        str(figures.promises_broken),
    )


def whole_seconds(duration: timedelta | None) -> str:
    return "" if duration is None else str(int(duration.total_seconds()))


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
