"""Who in a team is given a piece of work: by the team's rule, among those who are there, can do it and have room."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet

from interactions.domain import facts, lifecycle
from interactions.enums import AssignmentRule, Event, Status, StepStatus
from interactions.models import Interaction, Step, Team, TeamMember
from partners.domain import record
from partners.models import Absence, User
from partners.payloads import SYSTEM

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
MOST_AT_ONCE = 200  # pieces of work that one sweep gives out
AT_REST = (Status.WAITING, Status.RESOLVED)  # nobody of us works on it now
HasSkill = TeamMember.skills.through


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A place in a team, how many open pieces of work its person has, and how many skills."""

    place: TeamMember
    load: int
    skills: int

    @property
    def has_room(self) -> bool:
        return self.place.capacity is None or self.load < self.place.capacity

    @property
    def turn(self) -> tuple[datetime, int]:
        """Whose turn it is: who was given work longest ago, or never."""
        return self.place.given_at or NEVER, self.place.pk


ORDERS: dict[str, Callable[[Candidate], tuple[Any, ...]]] = {
    AssignmentRule.LEAST_LOADED: lambda one: (one.load, one.turn),
    AssignmentRule.ROUND_ROBIN: lambda one: (one.turn,),
    AssignmentRule.MOST_SPECIAL: lambda one: (one.skills, one.load, one.turn),
}


def choose(team: Team, *, skill_id: int | None, at: datetime, given: Counter[int] | None = None) -> User | None:
    """Who gets the next piece of work of a team, or None: it stays in the queue. Notes when that was.

    `given` counts by person what was given and is not stored yet. The places of the team stay locked until the
    transaction ends, so that nobody is given more than they have room for.
    """
    order = ORDERS.get(team.assignment)
    if order is None:
        return None
    fit = [one for one in candidates(team, skill_id, given or Counter(), at=at) if one.has_room]
    if not fit:
        return None
    place = min(fit, key=order).place
    place.given_at = at
    place.save(update_fields=["given_at"])
    return place.user


def candidates(team: Team, skill_id: int | None, given: Counter[int], *, at: datetime) -> list[Candidate]:
    """The team's people who are there and have the skill, locked in one order so that two writers never deadlock."""
    places = (
        TeamMember.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(team=team, user__is_active=True)
        .exclude(user__in=Absence.objects.on(at.date()).values("user"))
        .order_by("pk")
    )
    if skill_id is not None:
        places = places.filter(pk__in=HasSkill.objects.filter(skill_id=skill_id).values("teammember"))
    present = list(places)
    steps = counted(Step.objects.filter(status=StepStatus.OPEN), "assignee_id", [place.user_id for place in present])
    owned = Interaction.objects.open().exclude(status__in=AT_REST)
    matters = counted(owned, "assignee_id", [place.user_id for place in present])
    skills = counted(HasSkill.objects.all(), "teammember_id", [place.pk for place in present])
    return [
        Candidate(
            place=place,
            load=steps[place.user_id] + matters[place.user_id] + given[place.user_id],
            skills=skills[place.pk],
        )
        for place in present
    ]


def counted(rows: QuerySet[Any], column: str, ids: Sequence[int]) -> Counter[int]:
    """How many of the rows each of these has."""
    found = rows.filter(**{f"{column}__in": ids}).order_by().values_list(column).annotate(number=Count("pk"))
    return Counter(dict(found))


def sweep(*, at: datetime) -> int:
    """Give out what waits in the queues of teams that give work to their people; how much was given. Safe to repeat.

    There is such work when nobody had room or was there when it came in.
    """
    given = release_gone(at=at)
    for team in Team.objects.exclude(assignment=AssignmentRule.NOBODY).order_by("pk"):
        waiting = Step.objects.filter(team=team, status=StepStatus.OPEN, assignee=None)
        given += sum(give_step(step, team, at=at) for step in waiting.order_by("due_at", "pk")[:MOST_AT_ONCE])
        unowned = Interaction.objects.open().filter(team=team, assignee=None).exclude(status__in=AT_REST)
        given += sum(give(matter.pk, team, at=at) for matter in unowned.order_by("due_at", "pk")[:MOST_AT_ONCE])
    return given


@transaction.atomic
def give_step(step: Step, team: Team, *, at: datetime) -> bool:
    """Give an open step that nobody has to somebody of its team; whether there was somebody."""
    lifecycle.lock(step.interaction_id)
    found = Step.objects.select_related("interaction", "team").filter(
        pk=step.pk, team=team, status=StepStatus.OPEN, assignee=None
    )
    if (step_now := found.first()) is None or (user := choose(team, skill_id=step_now.skill_id, at=at)) is None:
        return False
    step_now.assignee = user
    step_now.save(update_fields=["assignee"])
    record.append(
        facts.about(
            step_now.interaction,
            Event.STEP_ASSIGNED,
            actor=SYSTEM,
            at=at,
            step=step_now.position,
            team=team.code,
            assignee=user.pk,
        )
    )
    return True


@transaction.atomic
def give(interaction_id: int, team: Team, *, at: datetime) -> bool:
    """Give an interaction that nobody has to somebody of its team; whether there was somebody."""
    interaction = lifecycle.lock(interaction_id)
    if interaction.assignee_id is not None or interaction.team_id != team.pk or not interaction.is_open:
        return False
    user = choose(team, skill_id=interaction.type.skill_id, at=at)
    if user is None:
        return False
    interaction.assignee = user
    lifecycle.save(interaction, at=at)
    record.append(facts.about(interaction, Event.ASSIGNED, actor=SYSTEM, at=at, assignee=user.pk))
    return True


def release_gone(*, at: datetime) -> int:
    """Open steps of people who no longer work here go back to their teams' queues; how many."""
    left = Step.objects.filter(status=StepStatus.OPEN, assignee__is_active=False).order_by("pk")[:MOST_AT_ONCE]
    return sum(release(step.pk, at=at) for step in left)


@transaction.atomic
def release(step_id: int, *, at: datetime) -> bool:
    found = Step.objects.select_for_update(of=("self",)).select_related("interaction", "team")
    step = found.filter(pk=step_id, status=StepStatus.OPEN, assignee__is_active=False).first()
    if step is None:
        return False
    step.assignee = None
    step.save(update_fields=["assignee"])
    record.append(
        facts.about(step.interaction, Event.STEP_RETURNED, actor=SYSTEM, at=at, step=step.position, team=step.team.code)
    )
    return True
