"""Calendars as the arithmetic of business time reads them; a version never changes, so each is built once."""

from functools import lru_cache

from django.db import transaction

from partners.domain import business_time
from partners.domain.business_time import WorkingCalendar
from partners.domain.remembered import Remembered
from partners.models import BusinessCalendar, CalendarVersion, PolicyVersion


@lru_cache(maxsize=1024)
def working(version_id: int) -> WorkingCalendar:
    """The hours of one version."""
    return build(CalendarVersion.objects.get(pk=version_id))


def build(version: CalendarVersion) -> WorkingCalendar:
    """Raises business_time.CalendarInvalid when the hours make no calendar."""
    return business_time.from_json(
        time_zone=version.time_zone,
        weekly_hours=version.weekly_hours,
        country=version.country,
        region=version.region,
        closed_dates=version.closed_dates,
        open_dates=version.open_dates,
    )


def current(calendar_id: int) -> CalendarVersion:
    """The version that counts for a promise made now; raises CalendarVersion.DoesNotExist without any hours."""
    return CalendarVersion.objects.filter(calendar_id=calendar_id).order_by("-number")[:1].get()


NEWEST: Remembered[int, int] = Remembered(lambda calendar_id: current(calendar_id).pk)


def promised_on(policy: PolicyVersion) -> int:
    """The id of the version that a policy counts on now; read with the policy where that was asked for."""
    version: int | None = getattr(policy, "calendar_version", None)
    return version if version is not None else NEWEST.get(policy.calendar_id)


@transaction.atomic
def revise(calendar: BusinessCalendar, version: CalendarVersion) -> CalendarVersion:
    """Add new hours to a calendar as its next version; what was promised on an older one stays."""
    BusinessCalendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
    build(version)
    newest = calendar.versions.order_by("-number").first()
    version.calendar = calendar
    version.number = newest.number + 1 if newest else 1
    version.save(force_insert=True)
    return version
