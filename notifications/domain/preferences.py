"""How somebody wishes to hear: what they chose, and the moments that follow from it in their own time zone."""

import zoneinfo
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from django.db import transaction

from notifications.enums import Medium, Pace, Topic
from notifications.models import Preference, Rhythm
from partners.models import User

DAILY_HOUR = 8


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What somebody chose; by itself what everybody has who chose nothing: all at once, at any hour."""

    paces: Mapping[Topic, Pace] = field(default_factory=dict)
    daily_hour: int = DAILY_HOUR
    quiet_from: time | None = None
    quiet_until: time | None = None

    @property
    def is_plain(self) -> bool:
        """Nothing is ever held back or left out."""
        return not self.paces and self.quiet_from is None

    def pace_of(self, topics: Iterable[Topic]) -> Pace:
        """What is about several topics leaves as the most urgent of them."""
        chosen = {self.paces.get(topic, Pace.AT_ONCE) for topic in topics}
        return next((pace for pace in Pace if pace in chosen), Pace.AT_ONCE)

    def next_daily(self, at: datetime, zone: str) -> datetime:
        """When the next daily mail leaves."""
        return next_at(time(self.daily_hour), at, zone)

    def after_quiet(self, at: datetime, zone: str) -> datetime:
        """The moment itself, or the end of the quiet hours that it lies in."""
        if self.quiet_from is None or self.quiet_until is None:
            return at
        clock = at.astimezone(zoneinfo.ZoneInfo(zone)).time()
        is_over_midnight = self.quiet_from > self.quiet_until
        begun, ended = clock >= self.quiet_from, clock >= self.quiet_until
        is_quiet = (begun or not ended) if is_over_midnight else (begun and not ended)
        return next_at(self.quiet_until, at, zone) if is_quiet else at


PLAIN = Wishes()


def next_at(clock: time, at: datetime, zone: str) -> datetime:
    """The first moment after `at` when clocks in the zone show this time; one that a day skips is when they go on."""
    here = zoneinfo.ZoneInfo(zone)
    today = at.astimezone(here).date()
    # compared in UTC: a moment that a zone skips equals no other there
    moments = (datetime.combine(today + timedelta(days=days), clock, here).astimezone(UTC) for days in range(3))
    return next(moment for moment in moments if moment > at)


def of_people(user_ids: Collection[int]) -> Mapping[int, Wishes]:
    """What people chose, in two queries; who chose nothing is left out."""
    paces: dict[int, dict[Topic, Pace]] = {}
    for row in Preference.objects.filter(user__in=user_ids, medium=Medium.EMAIL):
        paces.setdefault(row.user_id, {})[Topic(row.topic)] = Pace(row.pace)
    rhythms = {row.user_id: row for row in Rhythm.objects.filter(user__in=user_ids)}
    return {user_id: wishes(paces.get(user_id, {}), rhythms.get(user_id)) for user_id in paces.keys() | rhythms.keys()}


def of(user: User) -> Wishes:
    return of_people([user.pk]).get(user.pk, PLAIN)


def wishes(paces: Mapping[Topic, Pace], rhythm: Rhythm | None) -> Wishes:
    if rhythm is None:
        return Wishes(paces=paces)
    hours = {"quiet_from": rhythm.quiet_from, "quiet_until": rhythm.quiet_until}
    return Wishes(paces=paces, daily_hour=rhythm.daily_hour, **hours)


@transaction.atomic
def choose(user: User, chosen: Wishes) -> None:
    """Keep what somebody wishes from now on; what waits to leave already leaves as it was planned."""
    hours = {"quiet_from": chosen.quiet_from, "quiet_until": chosen.quiet_until}
    # first, because it holds the row: of two windows one comes after the other
    Rhythm.objects.update_or_create(user=user, defaults={"daily_hour": chosen.daily_hour, **hours})
    Preference.objects.filter(user=user).delete()
    different = {topic: pace for topic, pace in chosen.paces.items() if pace != Pace.AT_ONCE}
    Preference.objects.bulk_create(
        Preference(user=user, topic=topic, medium=Medium.EMAIL, pace=pace) for topic, pace in different.items()
    )
