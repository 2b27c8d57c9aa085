"""Rows of the app interactions that are configuration; interactions themselves are made by the verbs, see world.py."""

from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from interactions.domain import catalogue
from interactions.enums import Direction
from interactions.models import InteractionType, Plan, PlanStep, Team, TeamMember, TypeVersion
from partners.enums import Vertical
from tests.factories.partners import CalendarFactory, RepresentativeFactory


class TeamFactory(DjangoModelFactory[Team]):
    """The team that is there already when its code is; `members=[…]` and `lead=…` give it people."""

    class Meta:
        model = Team
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"team-{n}")
    name = factory.LazyAttribute(lambda team: team.code.replace("-", " ").capitalize())
    calendar = factory.SubFactory(CalendarFactory)

    @factory.post_generation
    def members(self, create: bool, given: list[object] | None, **_: object) -> None:
        for user in given or [] if create else []:
            TeamMemberFactory(team=self, user=user)

    @factory.post_generation
    def lead(self, create: bool, given: object | None, **_: object) -> None:
        if create and given:
            TeamMemberFactory(team=self, user=given, is_lead=True)


class TeamMemberFactory(DjangoModelFactory[TeamMember]):
    class Meta:
        model = TeamMember

    team = factory.SubFactory(TeamFactory)
    user = factory.SubFactory(RepresentativeFactory)


class PlanFactory(DjangoModelFactory[Plan]):
    """A plan; `steps=[("Check", team), ("Credit", team)]` gives it steps."""

    class Meta:
        model = Plan
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"plan-{n}")
    name = factory.LazyAttribute(lambda plan: plan.code.replace("-", " ").capitalize())

    @factory.post_generation
    def steps(self, create: bool, given: list[tuple[str, Team]] | None, **_: object) -> None:
        for position, (name, team) in enumerate(given or [] if create else [], start=1):
            after = [position - 1] if position > 1 else []
            PlanStepFactory(plan=self, position=position, name=name, team=team, after=after)


class PlanStepFactory(DjangoModelFactory[PlanStep]):
    class Meta:
        model = PlanStep

    plan = factory.SubFactory(PlanFactory)
    position = factory.Sequence(lambda n: n + 1)
    name = "Check"
    partner_wording = factory.LazyAttribute(lambda step: f"{step.name} by our team")
    team = factory.SubFactory(TeamFactory)


class InteractionTypeFactory(DjangoModelFactory[InteractionType]):
    """The type that is there already when its code is; a new one is without plan and fields, for both directions.

    `version__fields=`, `version__plan=` and so on make its first version.
    """

    class Meta:
        model = InteractionType
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    code = "general-query"
    name = factory.LazyAttribute(lambda type_: type_.code.replace("-", " ").capitalize())
    vertical = Vertical.ASSURANCE
    directions = [Direction.INBOUND, Direction.OUTBOUND]
    team = factory.SubFactory(TeamFactory, code="front-desk")

    @factory.post_generation
    def version(self, create: bool, _given: None, **content: Any) -> None:
        if create and not TypeVersion.objects.filter(type=self).exists():
            catalogue.publish(self, at=timezone.now(), **content)
