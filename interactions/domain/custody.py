"""In whose hands a step is: taken, given, given back, escalated or handed over; never in two people's at once."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from interactions.domain import lifecycle, staffing, team_days
from interactions.domain.orchestration import locked_open
from interactions.domain.settling import step_fact
from interactions.enums import Event
from interactions.errors import AlreadyTaken, NotAccepted
from interactions.models import Interaction, Step, Team, TeamMember
from partners.domain import record
from partners.domain.translations import translated
from partners.models import Absence, User
from partners.payloads import Actor

PASSED_ON = {Event.STEP_HANDED_OVER, Event.STEP_RETURNED, Event.STEP_ESCALATED}  # what bounces shows by these


@transaction.atomic
def take(step: Step, user: User, *, actor: Actor, at: datetime, version: int | None = None) -> Step:
    """Somebody of the team begins to work on an open step. What one has, nobody else takes: see `give`.

    Raises StepNotOpen, AlreadyTaken, ChangedMeanwhile, and NotAccepted for somebody outside the team.
    """
    step = held(step, version)
    if step.assignee is not None and step.assignee_id != user.pk:
        raise AlreadyTaken(translated(step.name), step.assignee.name)
    require_place(step.team, user)
    step.assignee = user
    return stored(step, Event.STEP_TAKEN, actor=actor, at=at, assignee=user.pk)


@transaction.atomic
def give(
    step: Step, user: User, *, of: User | None, actor: Actor, at: datetime, reason: str = "", version: int | None = None
) -> Step:
    """Give an open step to somebody of its team; `of` is who had it when that was decided, None for nobody.

    Raises StepNotOpen, AlreadyTaken when it is no longer in the hands of `of`, ChangedMeanwhile, and NotAccepted.
    """
    step = held(step, version)
    if step.assignee is not None and step.assignee != of:
        raise AlreadyTaken(translated(step.name), step.assignee.name)
    require_place(step.team, user)
    step.assignee = user
    return stored(step, Event.STEP_ASSIGNED, actor=actor, at=at, reason=reason, assignee=user.pk)


@transaction.atomic
def give_back(step: Step, *, reason: str, actor: Actor, at: datetime, version: int | None = None) -> Step:
    """Put a step back into its team's queue, with the reason. Raises StepNotOpen, ChangedMeanwhile, NotAccepted."""
    if not reason.strip():
        raise NotAccepted("reason", _("Say why you give it back; whoever takes it reads that first."))
    step = held(step, version)
    step.assignee = None
    return stored(step, Event.STEP_RETURNED, actor=actor, at=at, reason=reason)


@transaction.atomic
def escalate(step: Step, *, reason: str, actor: Actor, at: datetime, version: int | None = None) -> Step:
    """Give a step to who leads the team, or the team that it escalates to. Raises as `give_back` does."""
    if not reason.strip():
        raise NotAccepted("reason", _("Say what you need of whoever leads the team."))
    step = held(step, version)
    lead = lead_of(step.team.escalates_to or step.team, but=step.assignee_id, at=at)
    if lead is None:
        raise NotAccepted("reason", _("Nobody leads the team %(team)s now.") % {"team": translated(step.team.name)})
    came_from, step.assignee = step.assignee_id, lead
    return stored(step, Event.STEP_ESCALATED, actor=actor, at=at, reason=reason, assignee=lead.pk, came_from=came_from)


@transaction.atomic
def hand_over(step: Step, team: Team, *, reason: str, actor: Actor, at: datetime, version: int | None = None) -> Step:
    """Give an open step to another team, with the reason. Raises as `give_back` does."""
    if not reason.strip():
        raise NotAccepted("reason", _("Say why the step goes to another team."))
    step = held(step, version)
    came_from = step.team_id
    step.team = team
    step.assignee = staffing.choose(team, skill_id=step.skill_id, at=at)
    now_with = step.assignee_id
    return stored(
        step, Event.STEP_HANDED_OVER, actor=actor, at=at, reason=reason, came_from=came_from, assignee=now_with
    )


def held(step: Step, version: int | None) -> Step:
    """The open step with its interaction, both held; raises StepNotOpen, and ChangedMeanwhile for another version."""
    lifecycle.lock(step.interaction_id, version=version)
    return locked_open(step)


def stored(step: Step, event: Event, *, actor: Actor, at: datetime, reason: str = "", **known: int | None) -> Step:
    step.save(update_fields=["team", "assignee"])
    if event in PASSED_ON:
        Interaction.objects.filter(pk=step.interaction_id).update(hand_over_count=F("hand_over_count") + 1)
    record.append(step_fact(step, event, actor=actor, at=at, texts={"reason": reason}, **known))
    return step


def require_place(team: Team, user: User) -> None:
    if not (user.is_active and team.places.filter(user=user).exists()):
        known = {"name": user.name, "team": translated(team.name)}
        raise NotAccepted("assignee", _("%(name)s is not in the team %(team)s.") % known)


def lead_of(team: Team, *, but: int | None, at: datetime) -> User | None:
    """Who leads a team and is there, somebody other than `but`; a lead who is away has a substitute."""
    places = TeamMember.objects.filter(team=team, is_lead=True, user__is_active=True).exclude(user_id=but or 0)
    leads = [place.user for place in places.select_related("user").order_by("pk")]
    absent = Absence.objects.on(team_days.today(team, at=at)).select_related("substitute")
    away = {absence.user_id: absence for absence in absent}
    present = (lead for lead in leads if lead.pk not in away)
    substitutes = (away[lead.pk].substitute for lead in leads if lead.pk in away)
    return next(present, None) or next((one for one in substitutes if one is not None and one.pk != but), None)
