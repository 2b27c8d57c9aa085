"""What each day came to, counted from the interactions and their promises; safe to count again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Sum
from django.db.models.functions import TruncDate

from interactions.enums import Status
from interactions.models import Clock, Interaction
from reporting.models import Day

ONE_AT_A_TIME = 0x42504D02  # the advisory lock of counting
TIMES = ("enterprise_seconds", "partner_seconds", "third_party_seconds", "paused_seconds")
KEYS = ("date", "channel", "direction", "vertical")
Counts = dict[tuple[Any, ...], dict[str, int]]


@transaction.atomic
def rebuild(first: date, last: date, *, at: datetime) -> int:
    """Count the days from `first` to `last` (UTC, both included) anew; returns the number of rows written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    counts: Counts = defaultdict(dict)
    for rows in (received(first, last), responded(first, last), resolved(first, last), closed(first, last)):
        merge(counts, rows)
    for rows in (kept(first, last), broken(first, last)):
        merge(counts, rows)
    Day.objects.filter(date__range=(first, last)).delete()
    days = [Day(**dict(zip(KEYS, key, strict=True)), **figures, built_at=at) for key, figures in counts.items()]
    return len(Day.objects.bulk_create(days))


def recount(*, at: datetime, days: int = 3) -> int:
    """Count the last days anew, and all of history when nothing was ever counted."""
    today = at.astimezone(UTC).date()
    first = today - timedelta(days=days - 1)
    if not Day.objects.exists():
        oldest = Interaction.objects.order_by("created_at").values_list("created_at", flat=True).first()
        first = min(first, oldest.astimezone(UTC).date()) if oldest else first
    return rebuild(first, today, at=at)


def merge(counts: Counts, rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        key = tuple(row.pop(name) for name in KEYS)
        counts[key].update({name: seconds(value) for name, value in row.items()})


def seconds(value: int | timedelta | None) -> int:
    """Counts stay; durations become whole seconds, never negative."""
    if isinstance(value, timedelta):
        return max(0, int(value.total_seconds()))
    return value or 0


def within(column: str, first: date, last: date) -> dict[str, datetime]:
    """The filter that keeps moments of these days; a range of moments, so that indexes on them serve."""
    start = datetime.combine(first, time(), UTC)
    return {f"{column}__gte": start, f"{column}__lt": datetime.combine(last + timedelta(days=1), time(), UTC)}


def counted(column: str, first: date, last: date) -> Any:
    """Interactions by the day of one of their moments; annulled ones do not count."""
    return (
        Interaction.objects.exclude(status=Status.ANNULLED)
        .filter(**within(column, first, last))
        .annotate(date=TruncDate(column, tzinfo=UTC), vertical=F("type__vertical"))
        .values(*KEYS)
    )


def span(until: str) -> Any:
    return ExpressionWrapper(F(until) - F("created_at"), output_field=DurationField())


def received(first: date, last: date) -> Iterator[dict[str, Any]]:
    return iter(counted("created_at", first, last).annotate(received=Count("id")))


def responded(first: date, last: date) -> Iterator[dict[str, Any]]:
    rows = counted("first_response_at", first, last)
    return iter(rows.annotate(responded=Count("id"), response_seconds=Sum(span("first_response_at"))))


def resolved(first: date, last: date) -> Iterator[dict[str, Any]]:
    rows = counted("resolved_at", first, last)
    return iter(rows.annotate(resolved=Count("id"), resolution_seconds=Sum(span("resolved_at"))))


def closed(first: date, last: date) -> Iterator[dict[str, Any]]:
    """What ended, with the business time that each side had it, as the verbs kept it."""
    rows = counted("ended_at", first, last)
    sums = {f"{name}_sum": Sum(name) for name in TIMES}  # by another name: the interactions have columns of these
    reopened = Count("id", filter=Q(reopen_count__gt=0))
    for row in rows.annotate(closed=Count("id"), reopened=reopened, **sums):
        yield {name.removesuffix("_sum"): value for name, value in row.items()}


def promises(column: str, first: date, last: date) -> Any:
    return (
        Clock.objects.promised()
        .exclude(interaction__status=Status.ANNULLED)
        .filter(**within(column, first, last))
        .annotate(
            date=TruncDate(column, tzinfo=UTC),
            channel=F("interaction__channel"),
            direction=F("interaction__direction"),
            vertical=F("interaction__type__vertical"),
        )
        .values(*KEYS)
    )


def kept(first: date, last: date) -> Iterator[dict[str, Any]]:
    """Promises that ended in time, on the day they ended."""
    return iter(promises("stopped_at", first, last).filter(breached_at=None).annotate(promises_kept=Count("id")))


def broken(first: date, last: date) -> Iterator[dict[str, Any]]:
    """Promises that were not kept, on the day their time was up."""
    return iter(promises("breached_at", first, last).annotate(promises_broken=Count("id")))
