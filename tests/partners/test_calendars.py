"""Calendars and their versions."""

from functools import partial

import pytest

from partners.domain import calendars
from partners.domain.business_time import CalendarInvalid
from partners.models import BusinessCalendar, CalendarVersion
from tests.factories.partners import CalendarFactory, OfficeCalendarFactory
from tests.factories.world import a_policy
from tests.interactions.stages import at_once

HOURS = [[["08:00", "12:00"]]] * 7


def a_version(**fields: object) -> CalendarVersion:
    return CalendarVersion(**{"time_zone": "UTC", "weekly_hours": HOURS, **fields})


@pytest.mark.django_db
def test_a_change_of_hours_is_a_new_version_and_the_old_one_stays() -> None:
    calendar = OfficeCalendarFactory.create()
    first = calendars.current(calendar.pk)

    second = calendars.revise(calendar, a_version())

    assert (first.number, second.number) == (1, 2)
    assert calendars.current(calendar.pk) == second
    assert calendars.working(first.pk).zone == "Europe/Berlin"
    assert calendars.working(second.pk).zone == "UTC"


@pytest.mark.django_db
def test_hours_that_make_no_calendar_are_not_stored() -> None:
    calendar = CalendarFactory.create()

    with pytest.raises(CalendarInvalid):
        calendars.revise(calendar, a_version(weekly_hours=[[]] * 7))

    assert calendar.versions.count() == 1


@pytest.mark.django_db
def test_a_calendar_without_hours_has_no_current_version() -> None:
    calendar = BusinessCalendar.objects.create(code="empty", name="Empty")

    with pytest.raises(CalendarVersion.DoesNotExist):
        calendars.current(calendar.pk)
    assert calendars.revise(calendar, a_version()).number == 1


@pytest.mark.django_db
def test_a_policy_counts_on_the_newest_version() -> None:
    policy = a_policy(calendar=OfficeCalendarFactory.create())
    assert calendars.promised_on(policy) == calendars.current(policy.calendar_id).pk

    revised = calendars.revise(policy.calendar, a_version())

    assert calendars.promised_on(policy) == revised.pk


@pytest.mark.usefixtures("committed_db")
def test_two_changes_at_once_are_two_versions() -> None:
    calendar = CalendarFactory.create()

    at_once(*[partial(calendars.revise, calendar, a_version()) for _ in range(4)])

    assert sorted(calendar.versions.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
