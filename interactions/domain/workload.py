"""Whose work something is now, and why: to do, waiting or done, with the reason in words."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interactions.enums import Direction, Side, Status, StepStatus
from interactions.models import ChangeRequest, Interaction, Step, TeamMember
from interactions.models.interaction import DONE, InteractionQuerySet
from interactions.models.step import StepQuerySet
from partners.domain import absences
from partners.models import User
from partners.payloads import Actor

Row = TypeVar("Row", bound=Model)

SHOWN = 40  # of each list of my work; the rest is in the queue

SHOWN_OF_EACH = [
    *(
        "version",
        "status",
        "priority",
        "subject",
        "direction",
        "channel",
        "ball",
        "due_at",
        "jeopardy",
        "started_at",
        "waiting_for",
    ),
    *("waiting_until", "first_response_at", "enterprise_told_at", "partner_told_at"),
    *("partner__name", "assignee__name"),
]


class Group(StrEnum):
    """Whether somebody of us has to act."""

    TO_DO = "to_do"
    WAITING = "waiting"
    DONE = "done"


class Reason(Enum):
    """Why something is to do, waits or is done; the order is the order of my work."""

    def __init__(self, code: str, group: Group, words: Promise) -> None:
        self.code = code
        self.group = group
        self.words = words

    FIRST_RESPONSE = "first-response", Group.TO_DO, _("Needs first response")
    DECIDE = "decide", Group.TO_DO, _("Decide on a wish of the partner")
    CLOSE_THE_LOOP = "close-the-loop", Group.TO_DO, _("Close the loop")
    NEXT_RESPONSE = "next-response", Group.TO_DO, _("Needs next response")
    ANSWER_LATE = "answer-late", Group.TO_DO, _("The answer is late: follow up")
    IN_WORK = "in-work", Group.TO_DO, _("In work")
    TEAMS = "teams", Group.WAITING, _("Teams are investigating")
    PARTNER = "partner", Group.WAITING, _("Waiting for the partner")
    THIRD_PARTY = "third-party", Group.WAITING, _("Waiting for a third party")
    CONFIRMATION = "confirmation", Group.WAITING, _("Waiting for confirmation")
    ENDED = "ended", Group.DONE, _("Done")


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """Interactions that need the same thing."""

    reason: Reason
    interactions: Sequence[Interaction]


class First(list[Row]):
    """The first SHOWN of some rows, and whether there are more."""

    def __init__(self, found: QuerySet[Row]) -> None:
        rows = list(found[: SHOWN + 1])
        super().__init__(rows[:SHOWN])
        self.is_cut = len(rows) > SHOWN

    @property
    def told(self) -> str:
        return counted(len(self), self)


def counted(count: int, *parts: First[Any]) -> str:
    """How many there are in all of them, as it is shown: 40+ where one was cut."""
    return f"{count}+" if any(part.is_cut for part in parts) else str(count)


@dataclass(frozen=True, kw_only=True)
class Work:
    """Everything that a representative has to do with today."""

    mine: First[Interaction]
    to_do: Sequence[Bundle]
    waiting: Sequence[Bundle]
    done: First[Interaction]
    my_steps: First[Step]
    team_steps: First[Step]
    unassigned: First[Interaction]


def rows(interactions: InteractionQuerySet, *more: str) -> InteractionQuerySet:
    """What a list shows of each, and of the steps what `reason` needs to know; long texts stay where they are.

    `more` are further columns, of related rows too.
    """
    related = {name.partition("__")[0] for name in more if "__" in name}
    steps = Step.objects.filter(interaction=OuterRef("pk"))
    return (
        interactions.select_related("partner", "assignee", *related)
        .only(*SHOWN_OF_EACH, *more)
        .annotate(
            has_steps=Exists(steps),
            has_steps_left=Exists(steps.unfinished()),
            has_wish=Exists(ChangeRequest.objects.open().filter(interaction=OuterRef("pk"))),
        )
    )


def reason(interaction: Interaction, *, at: datetime) -> Reason:
    """Why it is to do, waits or is done; the interaction comes from `rows`."""
    if not interaction.is_open:
        return Reason.ENDED
    if interaction.status == Status.RESOLVED:
        return Reason.CONFIRMATION
    if getattr(interaction, "has_wish", False):
        return Reason.DECIDE
    if interaction.status == Status.WAITING:
        if interaction.waiting_until is not None and interaction.waiting_until < at:
            return Reason.ANSWER_LATE
        return Reason.THIRD_PARTY if interaction.ball == Side.THIRD_PARTY else Reason.PARTNER
    return reason_at_work(interaction)


def reason_at_work(interaction: Interaction) -> Reason:
    """What an interaction needs that is ours to work on; telling what came of its steps is the first response too."""
    if getattr(interaction, "has_steps", False) and not getattr(interaction, "has_steps_left", False):
        return Reason.CLOSE_THE_LOOP
    if interaction.direction == Direction.INBOUND and interaction.first_response_at is None:
        return Reason.FIRST_RESPONSE
    if partner_spoke_last(interaction):
        return Reason.NEXT_RESPONSE
    return Reason.TEAMS if getattr(interaction, "has_steps_left", False) else Reason.IN_WORK


def partner_spoke_last(interaction: Interaction) -> bool:
    """We heard something of the partner after the partner heard something of us."""
    if interaction.enterprise_told_at is None:
        return False
    return interaction.partner_told_at is None or interaction.enterprise_told_at > interaction.partner_told_at


def bundled(interactions: Iterable[Interaction], group: Group, *, at: datetime) -> list[Bundle]:
    """The interactions of one group, by reason; within a reason they keep their order."""
    by_reason: dict[Reason, list[Interaction]] = {}
    for interaction in interactions:
        by_reason.setdefault(reason(interaction, at=at), []).append(interaction)
    return [
        Bundle(reason=each, interactions=by_reason[each])
        for each in Reason
        if each.group == group and each in by_reason
    ]


def work_of(actor: Actor, *, people: Collection[int], teams: Collection[int], at: datetime, today: datetime) -> Work:
    """What a representative has to do with: whose work it is, the teams, the first moment of the day there."""
    seen = rows(Interaction.objects.visible_to(actor))
    mine = First(seen.open().filter(assignee_id__in=people).order_by("due_at", "id"))
    done = seen.filter(assignee_id=actor.user_id, status__in=DONE, status_changed_at__gte=today)
    done = done.filter(Q(status=Status.RESOLVED) | Q(ended_at__gte=today))
    unassigned = seen.filter(pk__in=of_nobody(teams)) if teams else seen.none()
    return Work(
        mine=mine,
        to_do=bundled(mine, Group.TO_DO, at=at),
        waiting=bundled(mine, Group.WAITING, at=at),
        done=First(done.order_by("-status_changed_at")),
        my_steps=First(open_steps().filter(assignee_id__in=people)),
        team_steps=First(open_steps().filter(assignee=None, team_id__in=teams)),
        unassigned=First(unassigned.order_by("due_at", "id")),
    )


def of_nobody(teams: Iterable[int]) -> QuerySet[Any]:
    """The first of each team that nobody has: an index holds them team by team, however many have piled up."""
    waiting = Interaction.objects.exclude(status__in=DONE).filter(assignee=None).order_by("due_at", "id").values("id")
    first, *others = [waiting.filter(team_id=team)[: SHOWN + 1] for team in teams]
    return first.union(*others, all=True) if others else first


def people_of(user_id: int, *, on: date) -> tuple[int, ...]:
    """Whose work a user does on a day: the own, and that of absent people for whom the user stands in."""
    return (user_id, *(user.pk for user in absences.stood_in_for(user_id, on=on)))


def people_led_by(actor: Actor) -> QuerySet[User]:
    """The actor, and everybody in the teams that the actor leads."""
    led = TeamMember.objects.filter(user_id=actor.user_id or 0, is_lead=True).values("team")
    return User.objects.filter(Q(pk=actor.user_id or 0) | Q(team_places__team__in=led), is_active=True).distinct()


def open_steps() -> StepQuerySet:
    """Steps that a team works on now, the nearest deadline first."""
    return (
        Step.objects.filter(status=StepStatus.OPEN)
        .select_related("interaction__partner", "team", "assignee", "clock")
        .order_by("due_at", "id")
    )
