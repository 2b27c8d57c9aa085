"""A team at a glance: where its matters stand, and how much each of its people has to carry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from interactions.domain import staffing, team_days, workload
from interactions.enums import Jeopardy, Status, StepStatus
from interactions.models import Interaction, Step, Team, TeamMember
from interactions.models.interaction import InteractionQuerySet
from partners.models import Absence, User
from partners.payloads import Actor

CARDS = 20  # of one column
IN_JEOPARDY = 40
BY_STATUS, BY_MEMBER = "status", "member"
STATUSES = (Status.RECEIVED, Status.IN_PROGRESS, Status.WAITING, Status.RESOLVED)

LATE = Count("pk", filter=Q(jeopardy=Jeopardy.LATE))
AT_RISK = Count("pk", filter=Q(jeopardy=Jeopardy.AT_RISK))


@dataclass(kw_only=True)
class Column:
    """One column of a board: how many there are, how many of them late or at risk, and the most urgent."""

    code: str
    name: str
    count: int = 0
    late: int = 0
    at_risk: int = 0
    cards: list[Interaction] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Load:
    """One person of a team: what they carry against what they have room for, and whether they are there."""

    place: TeamMember
    matters: int
    resting: int
    steps: int
    late: int
    at_risk: int
    absence: Absence | None

    @property
    def total(self) -> int:
        """What counts against the capacity: what waits for others does not."""
        return self.matters + self.steps

    @property
    def is_over(self) -> bool:
        return self.place.capacity is not None and self.total > self.place.capacity


@dataclass(frozen=True, kw_only=True)
class TeamLoad:
    """A team with its people, and what nobody of it has yet."""

    team: Team
    loads: Sequence[Load]
    unassigned: int
    unassigned_late: int


def board(team: Team, by: str, *, actor: Actor) -> list[Column]:
    """The open matters of a team in columns, by where they stand or by who has them."""
    matters = Interaction.objects.visible_to(actor).open().filter(team=team)
    key = "assignee_id" if by == BY_MEMBER else "status"
    columns = {column.code: column for column in (members_of(team) if by == BY_MEMBER else statuses())}
    for row in matters.order_by().values(key).annotate(count=Count("pk"), late=LATE, at_risk=AT_RISK):
        column = columns.setdefault(code_of(row[key]), Column(code=code_of(row[key]), name=""))
        column.count, column.late, column.at_risk = row["count"], row["late"], row["at_risk"]
    for interaction in most_urgent(matters, key):
        column = columns[code_of(getattr(interaction, key))]
        column.cards.append(interaction)
        if not column.name and interaction.assignee is not None:  # somebody who is in the team no more
            column.name = interaction.assignee.name
    return list(columns.values())


def code_of(value: object) -> str:
    return "" if value is None else str(value)


def statuses() -> list[Column]:
    return [Column(code=str(status), name=str(status.label)) for status in STATUSES]


def members_of(team: Team) -> list[Column]:
    """Nobody first: that is what has to be given out."""
    users = User.objects.filter(team_places__team=team, is_active=True).order_by("name")
    return [Column(code="", name=""), *(Column(code=str(user.pk), name=user.name) for user in users)]


def most_urgent(matters: InteractionQuerySet, key: str) -> list[Interaction]:
    """The first cards of every column, in one query."""
    place = Window(RowNumber(), partition_by=F(key), order_by=[F("due_at").asc(nulls_last=True), "id"])
    return list(workload.rows(matters).annotate(place=place).filter(place__lte=CARDS).order_by("place", "id"))


def loads(teams: Sequence[Team], *, at: datetime) -> list[TeamLoad]:
    """Every person of these teams; someone in two teams carries the same in both."""
    places = list(TeamMember.objects.filter(team__in=teams, user__is_active=True).select_related("user", "team"))
    users = [place.user_id for place in places]
    carried: dict[int, Mapping[str, Any]] = {row["assignee_id"]: row for row in carried_by(users)}
    steps = staffing.counted(Step.objects.filter(status=StepStatus.OPEN), "assignee_id", users)
    away = absences(users, {team_days.today(team, at=at) for team in teams})
    free: dict[int, Mapping[str, Any]] = {row["team_id"]: row for row in unassigned(teams)}
    nothing = {"active": 0, "resting": 0, "late": 0, "at_risk": 0}
    return [
        TeamLoad(
            team=team,
            loads=[
                Load(
                    place=place,
                    matters=carried.get(place.user_id, nothing)["active"],
                    resting=carried.get(place.user_id, nothing)["resting"],
                    steps=steps[place.user_id],
                    late=carried.get(place.user_id, nothing)["late"],
                    at_risk=carried.get(place.user_id, nothing)["at_risk"],
                    absence=away.get(place.user_id),
                )
                for place in sorted(places, key=lambda place: place.user.name)
                if place.team_id == team.pk
            ],
            unassigned=free.get(team.pk, {"count": 0})["count"],
            unassigned_late=free.get(team.pk, {"late": 0})["late"],
        )
        for team in teams
    ]


def carried_by(users: Sequence[int]) -> Sequence[Mapping[str, Any]]:
    matters = Interaction.objects.open().filter(assignee__in=users).order_by().values("assignee_id")
    at_rest = Q(status__in=staffing.AT_REST)
    active, resting = Count("pk", filter=~at_rest), Count("pk", filter=at_rest)
    return list(matters.annotate(active=active, resting=resting, late=LATE, at_risk=AT_RISK))


def unassigned(teams: Sequence[Team]) -> Sequence[Mapping[str, Any]]:
    matters = Interaction.objects.open().exclude(status=Status.RESOLVED).filter(assignee=None, team__in=teams)
    return list(matters.order_by().values("team_id").annotate(count=Count("pk"), late=LATE))


def absences(users: Sequence[int], days: set[date]) -> dict[int, Absence]:
    """Who is away today, where the teams work."""
    found: dict[int, Absence] = {}
    for day in days:
        on_day = Absence.objects.on(day).filter(user__in=users).select_related("substitute")
        found |= {absence.user_id: absence for absence in on_day}
    return found


def in_jeopardy(teams: Sequence[Team], *, actor: Actor) -> list[Interaction]:
    """What these teams are late with or may become late with, the most urgent first."""
    matters = workload.rows(Interaction.objects.visible_to(actor), "team__name")
    risky = matters.open().filter(team__in=teams).exclude(jeopardy=Jeopardy.ON_TRACK)
    return list(risky.order_by("due_at", "id")[:IN_JEOPARDY])
