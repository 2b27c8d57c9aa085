"""Who in a team is given a piece of work: by the team's rule, among those who are there, can do it and have room."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, QuerySet

from interactions.domain import team_days
from interactions.enums import AssignmentRule, Status, StepStatus
from interactions.models import Interaction, Step, Team, TeamMember
from partners.domain import fence
from partners.models import Absence, User

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
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


@fence.standing_for(fence.ENTERPRISE)  # how busy somebody is, the matters of all partners tell
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
        TeamMember.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user")
        .filter(team=team, user__is_active=True)
        .exclude(user__in=Absence.objects.on(team_days.today(team, at=at)).values("user"))
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
