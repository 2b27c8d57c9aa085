"""Clocks that run or are paused count on from where they are; whose turn it is counts from the last move.

Done in portions that are kept one by one: an installation of a million does not hold its rows for minutes, and what
was interrupted is begun again.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import migrations
from django.db.models import F, Max, Min

from partners.domain import business_time

AT_ONCE = 20_000

# No index leads from an interaction to its clocks between the migration before and the one after this: the clocks of a
# portion are read once and joined, never looked up for each interaction.
TIMES = """
UPDATE interactions_interaction interaction SET
    calendar_id = known.calendar_id,
    ball_since = CASE WHEN status IN ('closed', 'cancelled', 'annulled') THEN NULL ELSE status_changed_at END,
    response_elapsed = CASE WHEN first_response_at IS NOT NULL
        THEN greatest(extract(epoch FROM first_response_at - created_at), 0) END,
    resolution_elapsed = CASE WHEN resolved_at IS NOT NULL
        THEN greatest(extract(epoch FROM resolved_at - created_at), 0) END
FROM (
    SELECT numbered.id, coalesce(promised.calendar_id, worked.calendar_id) AS calendar_id
    FROM interactions_interaction numbered
    LEFT JOIN (
        SELECT DISTINCT ON (interaction_id) interaction_id, calendar_id FROM interactions_clock
        WHERE interaction_id BETWEEN %(first)s AND %(last)s ORDER BY interaction_id, id
    ) promised ON promised.interaction_id = numbered.id
    LEFT JOIN (
        SELECT DISTINCT ON (team.id) team.id AS team_id, version.id AS calendar_id
        FROM interactions_team team JOIN partners_calendarversion version ON version.calendar_id = team.calendar_id
        ORDER BY team.id, version.number DESC
    ) worked ON worked.team_id = numbered.team_id
    WHERE numbered.id BETWEEN %(first)s AND %(last)s
) known
WHERE known.id = interaction.id
"""

COUNTED = """
UPDATE interactions_clock clock SET since = clock.started_at, counted = given.counted
FROM unnest(%(ids)s::bigint[], %(counted)s::interval[]) AS given (id, counted) WHERE clock.id = given.id
"""


def count_on(apps: Any, editor: Any) -> None:
    database = editor.connection.alias
    clocks = apps.get_model("interactions", "Clock").objects.using(database)
    calendar_of = calendars(apps, database)
    for first, last in portions(clocks):
        some = clocks.filter(pk__range=(first, last))
        some.filter(warned_at__isnull=False).update(told_share=75)
        some.filter(breached_at__isnull=False).update(told_share=100)
        some.filter(stopped_at=None, due_at=None).update(counted=F("within") - F("left"), since=F("paused_at"))
        running = some.filter(stopped_at=None, due_at__isnull=False)
        count_running(running, calendar_of, editor)
        running.filter(warned_at=None, breached_at=None).update(next_at=F("warn_at"), next_share=75)
        running.filter(warned_at__isnull=False, breached_at=None).update(next_at=F("due_at"), next_share=100)


def count_running(running: Any, calendar_of: Callable[[int], business_time.WorkingCalendar], editor: Any) -> None:
    found = running.values_list("pk", "started_at", "due_at", "within", "calendar_id")
    # what an earlier pause credited is negative here: so much more time than promised lies before the deadline
    counted = {
        key: within - business_time.elapsed(started_at, due_at, calendar_of(calendar))
        for key, started_at, due_at, within, calendar in found
    }
    with editor.connection.cursor() as cursor:
        cursor.execute(COUNTED, {"ids": list(counted), "counted": list(counted.values())})


def take_times(apps: Any, editor: Any) -> None:
    interactions = apps.get_model("interactions", "Interaction").objects.using(editor.connection.alias)
    for first, last in portions(interactions):
        with editor.connection.cursor() as cursor:
            cursor.execute(TIMES, {"first": first, "last": last})


def portions(rows: Any) -> Iterator[tuple[int, int]]:
    """The first and last key of each portion of a table."""
    found = rows.aggregate(first=Min("pk"), last=Max("pk"))
    for first in range(found["first"] or 0, (found["last"] or -1) + 1, AT_ONCE):
        yield first, first + AT_ONCE - 1


def calendars(apps: Any, database: str) -> Callable[[int], business_time.WorkingCalendar]:
    known = {
        version.pk: business_time.from_json(
            time_zone=version.time_zone,
            weekly_hours=version.weekly_hours,
            country=version.country,
            region=version.region,
            closed_dates=version.closed_dates,
            open_dates=version.open_dates,
        )
        for version in apps.get_model("partners", "CalendarVersion").objects.using(database)
    }
    return known.__getitem__


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("interactions", "0014_every_segment_is_kept")]

    operations = [
        migrations.RunPython(count_on, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(take_times, migrations.RunPython.noop, elidable=True),
    ]
