"""Ninety days of the demo world: all stories side by side, in the order of time, with the clocks swept in between."""

import heapq
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle

from config.demo import errands, matters, stories
from config.demo.matters import Matter
from config.demo.pace import Pace
from config.demo.stories import Ending, Story
from config.demo.world import World
from interactions.domain import progress, watch
from interactions.models import InteractionType
from partners.domain import business_time, calendars
from partners.domain.business_time import WorkingCalendar
from partners.domain.defaults import ENTERPRISE_HOURS
from partners.enums import Priority
from partners.models import BusinessCalendar
from partners.payloads import SYSTEM

DAYS = 90
SWEEP_EVERY = timedelta(hours=24)
LATELY = timedelta(days=13)
SEED = 20
URGENT_MINUTES = [215, 170, 95, 40, 12]  # how long ago the matters began that are due in the next hours

LATE_ENDINGS = (  # of the last days, one story after the other, so that however few there are each ending occurs
    *(Ending.CLOSED, Ending.RESOLVED, Ending.WAITING, Ending.IN_PROGRESS, Ending.CLOSED, Ending.REOPENED),
    *(Ending.RESOLVED, Ending.CLOSED, Ending.WAITING, Ending.IN_PROGRESS, Ending.CANCELLED, Ending.CLOSED),
)
OLD_ENDINGS = {Ending.CLOSED: 89, Ending.REOPENED: 6, Ending.CANCELLED: 4, Ending.ANNULLED: 1}


def unfold(world: World, *, count: int, now: datetime) -> None:
    """Let `count` stories happen; what lies after `now` has not happened yet."""
    told = [stories.tell(story) for story in write(world, count=count, now=now)]
    due = [(next(story), number, story) for number, story in enumerate(told)]
    heapq.heapify(due)
    swept_at = now - timedelta(days=DAYS + 1)
    while due and due[0][0] <= now:
        at, number, story = heapq.heappop(due)
        while swept_at + SWEEP_EVERY <= at:
            swept_at += SWEEP_EVERY
            look_after_promises(swept_at)
        following = next(story, None)
        if following is not None:
            heapq.heappush(due, (following, number, story))


def look_after_promises(at: datetime) -> None:
    """What the beat does every few seconds."""
    watch.sweep(at=at)
    while progress.tell_progress(actor=SYSTEM, at=at):
        pass


def write(world: World, *, count: int, now: datetime) -> Iterator[Story]:
    """The stories, the oldest first; the same ones every time."""
    chance = random.Random(SEED)  # noqa: S311  nothing secret is drawn
    calendar = working_hours()
    teams = dict(InteractionType.objects.values_list("code", "team__code"))
    stock = matters.stock()
    beginnings = sorted(beginning(chance, calendar, now) for _ in range(count - len(URGENT_MINUTES)))
    # what asks for something that is known already comes last
    in_turn = cycle(sorted(stock, key=lambda matter: matter.type in errands.ASKS_FOR))
    for number, at in enumerate(beginnings, start=1):
        matter = next(in_turn) if number % 3 else chance.choice(stock)
        yield story(world, matter, number=number, at=at, now=now, calendar=calendar, team=teams[matter.type])
    faults = [matter for matter in stock if matter.type == "fault-report"]
    for number, minutes in enumerate(URGENT_MINUTES, start=count):
        at = now - timedelta(minutes=minutes)
        matter = replace(faults[number % len(faults)], priority=Priority.URGENT)
        made = story(world, matter, number=number, at=at, now=now, calendar=calendar, team="assurance")
        yield replace(made, ending=Ending.IN_PROGRESS)


def story(
    world: World, matter: Matter, *, number: int, at: datetime, now: datetime, calendar: WorkingCalendar, team: str
) -> Story:
    chance = random.Random(SEED * 1_000_000 + number)  # noqa: S311  nothing secret is drawn
    company, role = chance.choice(world.of_kinds(matter.kinds))
    is_urgent = matter.priority == Priority.URGENT
    return Story(
        number=number,
        matter=matter,
        company=company,
        role=role,
        person=chance.choice(company.people),
        ours=chance.choice(world.teams[team]),
        teams=world.teams,
        channel=chance.choice(matter.channels),
        begins_at=at,
        ending=ending(chance, number, at=at, now=now),
        particulars=matters.particulars(
            chance, number=number, at=at, currency=company.currency, agreement=company.agreement
        ),
        chance=chance,
        pace=Pace(calendar=calendar, factor=chance.choice([0.4, 0.6, 0.8, 1, 1, 2.4]), is_urgent=is_urgent),
    )


def ending(chance: random.Random, number: int, *, at: datetime, now: datetime) -> Ending:
    if now - at < timedelta(hours=20) and chance.random() < 0.3:
        return Ending.UNTOUCHED
    if now - at < LATELY:
        return LATE_ENDINGS[number % len(LATE_ENDINGS)]
    return chance.choices(list(OLD_ENDINGS), weights=list(OLD_ENDINGS.values()))[0]


def beginning(chance: random.Random, calendar: WorkingCalendar, now: datetime) -> datetime:
    """Some moment of the last ninety days, more of them lately, most of them in office hours."""
    ago: timedelta = timedelta(days=DAYS) * chance.random() ** 1.15
    at = (now - ago).astimezone(UTC)
    if chance.random() < 0.15:
        return at
    opens = business_time.next_opening(at, calendar)
    if opens > at:
        at = min(opens + timedelta(minutes=chance.randint(0, 560)), now - timedelta(minutes=3))
    return at


def working_hours() -> WorkingCalendar:
    calendar = BusinessCalendar.objects.get(code=ENTERPRISE_HOURS)
    return calendars.working(calendars.current(calendar.pk).pk)
