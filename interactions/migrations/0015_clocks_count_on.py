"""Clocks that run or are paused count on from where they are; whose turn it is counts from the last move."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import migrations
from django.db.models import F

from partners.domain import business_time

TIMES = """
UPDATE interactions_interaction interaction SET
    calendar_id = coalesce(
        (SELECT calendar_id FROM interactions_clock clock WHERE clock.interaction_id = interaction.id ORDER BY id LIMIT 1),
        (SELECT version.id FROM interactions_team team JOIN partners_calendarversion version
            ON version.calendar_id = team.calendar_id
          WHERE team.id = interaction.team_id ORDER BY version.number DESC LIMIT 1)
    ),
    ball_since = CASE WHEN status IN ('closed', 'cancelled', 'annulled') THEN NULL ELSE status_changed_at END,
    response_elapsed = greatest(extract(epoch FROM first_response_at - created_at), 0),
    resolution_elapsed = greatest(extract(epoch FROM resolved_at - created_at), 0)
"""


def count_on(apps: Any, editor: Any) -> None:
    database = editor.connection.alias
    clocks = apps.get_model("interactions", "Clock").objects.using(database)
    clocks.filter(warned_at__isnull=False).update(told_share=75)
    clocks.filter(breached_at__isnull=False).update(told_share=100)
    clocks.filter(stopped_at=None, due_at=None).update(counted=F("within") - F("left"), since=F("paused_at"))
    running = clocks.filter(stopped_at=None, due_at__isnull=False)
    calendar_of = calendars(apps, database)
    for clock in running.iterator(chunk_size=2000):
        # what an earlier pause credited is negative here: so much more time than promised lies before the deadline
        open_time = business_time.elapsed(clock.started_at, clock.due_at, calendar_of(clock.calendar_id))
        clocks.filter(pk=clock.pk).update(since=clock.started_at, counted=clock.within - open_time)
    running.filter(warned_at=None, breached_at=None).update(next_at=F("warn_at"), next_share=75)
    running.filter(warned_at__isnull=False, breached_at=None).update(next_at=F("due_at"), next_share=100)
    clocks.filter(stopped_at__isnull=False).update(counted=timedelta(0))


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
    dependencies = [("interactions", "0014_every_segment_is_kept")]

    operations = [
        migrations.RunPython(count_on, migrations.RunPython.noop),
        migrations.RunSQL(TIMES, migrations.RunSQL.noop),
    ]
