"""What every installation starts with: teams, plans over them, and types of interaction. It edits them as it likes."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from interactions.domain import catalogue
from interactions.domain.default_plans import PLANS
from interactions.domain.default_plans.stages import Stage
from interactions.domain.default_types import TYPES
from interactions.models import InteractionType, Plan, PlanStep, Team
from partners.domain.defaults import ASSURANCE_SHIFT, ENTERPRISE_HOURS
from partners.models import BusinessCalendar

# code, name, calendar
TEAMS = [
    ("front-desk", _("Front desk"), ENTERPRISE_HOURS),
    ("billing", _("Billing"), ENTERPRISE_HOURS),
    ("assurance", _("Assurance"), ASSURANCE_SHIFT),
    ("fulfilment", _("Fulfilment"), ENTERPRISE_HOURS),
]


@transaction.atomic
def load() -> dict[str, int]:
    """Add what is missing; what is there stays as somebody made it. The calendars must be there already."""
    return {"teams": load_teams(), "plans": load_plans(), "interaction types": load_types()}


def load_teams() -> int:
    by_code = {calendar.code: calendar for calendar in BusinessCalendar.objects.all()}
    made = [
        Team.objects.get_or_create(code=code, defaults={"name": name, "calendar": by_code[calendar]})
        for code, name, calendar in TEAMS
    ]
    return sum(is_new for _team, is_new in made)


def load_plans() -> int:
    """A plan that is there keeps its steps, even if somebody took them all away."""
    teams = {team.code: team for team in Team.objects.all()}
    added = 0
    for code, (name, stages) in PLANS.items():
        plan, is_new = Plan.objects.get_or_create(code=code, defaults={"name": name})
        if is_new:
            PlanStep.objects.bulk_create(
                plan_step(plan, position, stage, teams[stage.team]) for position, stage in enumerate(stages, start=1)
            )
        added += is_new
    return added


def plan_step(plan: Plan, position: int, stage: Stage, team: Team) -> PlanStep:
    before = [position - 1] if position > 1 else []
    condition_field, comparison, condition_value = stage.when
    return PlanStep(
        plan=plan,
        position=position,
        after=before if stage.after is None else stage.after,
        name=stage.name,
        partner_wording=stage.wording,
        team=team,
        within=timedelta(hours=stage.hours),
        instructions=stage.instructions,
        kind=stage.kind,
        condition_field=condition_field,
        comparison=comparison if condition_field else "",
        condition_value=condition_value,
        form=stage.form,
        action=stage.action,
        waits_for=stage.waits_for or "",
    )


def load_types() -> int:
    """A type that is there keeps its versions."""
    teams = {team.code: team for team in Team.objects.all()}
    plans = {plan.code: plan for plan in Plan.objects.all()}
    added = 0
    for kind in TYPES:
        type_, is_new = InteractionType.objects.get_or_create(
            code=kind.code,
            defaults={
                "name": kind.name,
                "description": kind.description,
                "vertical": kind.vertical,
                "directions": kind.directions,
                "team": teams[kind.team],
                "partner_may_raise": kind.partner_may_raise,
                "login_needed": kind.login_needed,
                "minimum_level": kind.minimum_level,
                "permission": kind.permission or "",
            },
        )
        if is_new:
            plan = plans.get(kind.plan)
            content = {name: getattr(kind, name) for name in catalogue.VERSIONED if name != "plan_id"}
            catalogue.publish(type_, plan=plan, at=timezone.now(), **content)
        added += is_new
    return added
