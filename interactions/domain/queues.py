"""The views of the queue: which interactions each shows, in which order, and how many there are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interactions.domain.desks import Arrangement
from interactions.domain.paging import Order
from interactions.enums import Jeopardy, Status
from interactions.models import ENDED, Interaction
from interactions.models.interaction import InteractionQuerySet
from partners.domain.remembered import Remembered
from partners.enums import PartnerStatus
from partners.payloads import Actor

COUNTED_EVERY = 5  # seconds
MOST_COUNTED = 999  # a count stops here, so that no page waits for an exact large number


@dataclass(frozen=True, kw_only=True)
class Reader:
    """For whom a view is read: who it is, whose work it is too (he stands in), his teams, now, the end of his day."""

    actor: Actor
    people: tuple[int, ...]
    teams: tuple[int, ...]
    at: datetime
    tonight: datetime


@dataclass(frozen=True, kw_only=True)
class View:
    """One view of the queue."""

    code: str
    name: Promise
    icon: str
    narrow: Callable[[InteractionQuerySet, Reader], InteractionQuerySet]
    order: Order = Order.DUE
    is_counted: bool = True
    group: Promise | str = ""


def active(interactions: InteractionQuerySet) -> InteractionQuerySet:
    """What is neither ended nor resolved: it still needs an answer of somebody."""
    return interactions.exclude(status__in=[*ENDED, Status.RESOLVED])


VIEWS: Sequence[View] = [
    View(code="open", name=_("All open"), icon="inbox", narrow=lambda found, _reader: found.open()),
    View(
        code="mine",
        name=_("Mine"),
        icon="user",
        narrow=lambda found, reader: found.open().filter(assignee_id__in=reader.people),
    ),
    View(
        code="unassigned",
        name=_("Unassigned"),
        icon="user-x",
        narrow=lambda found, _reader: found.open().filter(assignee=None),
    ),
    View(
        code="teams",
        name=_("My teams"),
        icon="users",
        narrow=lambda found, reader: found.open().filter(team_id__in=reader.teams),
    ),
    View(
        code="overdue",
        name=_("Overdue"),
        icon="triangle-alert",
        group=_("Promises"),
        narrow=lambda found, reader: found.open().filter(due_at__lt=reader.at),
    ),
    View(
        code="at_risk",
        name=_("At risk"),
        icon="shield-alert",
        group=_("Promises"),
        narrow=lambda found, _reader: found.open().filter(jeopardy=Jeopardy.AT_RISK),
    ),
    View(
        code="today",
        name=_("Due today"),
        icon="timer",
        group=_("Promises"),
        narrow=lambda found, reader: found.open().filter(due_at__gte=reader.at, due_at__lt=reader.tonight),
    ),
    View(
        code="waiting",
        name=_("Waiting for partner"),
        icon="hourglass",
        group=_("Waiting"),
        order=Order.NEWEST,
        narrow=lambda found, _reader: found.filter(status=Status.WAITING),
    ),
    View(
        code="confirm",
        name=_("To be confirmed"),
        icon="circle-check",
        group=_("Waiting"),
        order=Order.NEWEST,
        narrow=lambda found, _reader: found.filter(status=Status.RESOLVED),
    ),
    View(
        code="prospects",
        name=_("From prospects"),
        icon="user-plus",
        group=_("Look up"),
        narrow=lambda found, _reader: found.open().filter(partner__status=PartnerStatus.PROSPECT),
    ),
    View(
        code="closed",
        name=_("Ended"),
        icon="archive",
        group=_("Look up"),
        order=Order.NEWEST,
        is_counted=False,
        narrow=lambda found, _reader: found.ended(),
    ),
    View(
        code="all",
        name=_("Everything"),
        icon="list",
        group=_("Look up"),
        order=Order.NEWEST,
        is_counted=False,
        narrow=lambda found, _reader: found,
    ),
]
BY_CODE = {view.code: view for view in VIEWS}


def reader(actor: Actor, arrangement: Arrangement, *, at: datetime, today: datetime) -> Reader:
    """`today` is the first moment of the day where the representative works."""
    people, teams = arrangement.people, arrangement.teams
    return Reader(actor=actor, people=people, teams=teams, at=at, tonight=today + timedelta(days=1))


def interactions_in(view: View, reader: Reader) -> InteractionQuerySet:
    return view.narrow(Interaction.objects.visible_to(reader.actor), reader)


def counts(reader: Reader) -> Mapping[str, int]:
    """How many each counted view holds, as of the last few seconds; one more than MOST_COUNTED stands for more."""
    return COUNTED.get(lately(reader))


def lately(reader: Reader) -> Reader:
    """The same, as of a moment that all who ask within a few seconds share."""
    since = int(reader.at.timestamp()) // COUNTED_EVERY * COUNTED_EVERY
    return replace(reader, at=datetime.fromtimestamp(since, UTC))


def counted_at(reader: Reader) -> Mapping[str, int]:
    """Somebody who pages through a list does not count everything again with every page."""
    return count({view.code: interactions_in(view, reader) for view in VIEWS if view.is_counted})


COUNTED = Remembered(counted_at)


def count(views: Mapping[str, InteractionQuerySet]) -> Mapping[str, int]:
    """How many each holds, at most one more than MOST_COUNTED."""
    parts = [(code, part) for code, found in views.items() if (part := compiled(found))]
    if not parts:
        return dict.fromkeys(views, 0)
    counting = [f"SELECT {n}, count(*) FROM ({sql}) AS part" for n, (_code, (sql, _)) in enumerate(parts)]  # noqa: S608  written by the ORM
    with connection.cursor() as cursor:  # one statement: nine would be nine ways to the database and back
        cursor.execute(" UNION ALL ".join(counting), [value for _code, (_sql, values) in parts for value in values])
        return dict.fromkeys(views, 0) | {parts[number][0]: count for number, count in cursor.fetchall()}


def told(count: int) -> str:
    """A count as it is shown."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)


def compiled(interactions: InteractionQuerySet) -> tuple[str, tuple[Any, ...]] | None:
    """The statement that finds the first of them, and its values; a count of it stops at one more than MOST_COUNTED.

    None where nothing can be found, as of the teams of somebody who is in none.
    """
    try:
        return interactions.order_by().values("pk")[: MOST_COUNTED + 1].query.sql_with_params()
    except EmptyResultSet:
        return None


def due_within(interactions: InteractionQuerySet, *, begin: datetime | None, end: datetime) -> InteractionQuerySet:
    """Interactions with a promise that ends in a period; without a begin the broken ones as well."""
    due = Q(due_at__lt=end) if begin is None else Q(due_at__gte=begin, due_at__lt=end)
    return interactions.open().filter(due)
