import pytest
from django.core.management import call_command
from django.utils import timezone

from interactions.domain import actions, catalogue, plan_checks
from interactions.domain.intake import FALLBACK_TYPE
from interactions.enums import Direction, StepKind
from interactions.models import InteractionType, Plan, PlanStep, Team
from partners.domain import calendars
from partners.enums import Vertical
from partners.models import BusinessCalendar, PolicyVersion, RoleKind, ServicePolicy, StaffRole

pytestmark = pytest.mark.django_db
MODELS = [RoleKind, StaffRole, BusinessCalendar, ServicePolicy, PolicyVersion, Team, Plan, PlanStep, InteractionType]


def counted() -> list[int]:
    return [model._default_manager.count() for model in MODELS]


def test_an_installation_starts_with_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_defaults")

    assert RoleKind.objects.count() == 10
    assert set(Team.objects.values_list("code", flat=True)) >= {"front-desk", "billing", "assurance", "fulfilment"}
    assert InteractionType.objects.get(code=FALLBACK_TYPE).directions == ["inbound", "outbound"]
    assert PolicyVersion.objects.filter(partner=None, role_kind=None, interaction_type="", priority=None).count() == 1


def test_every_default_can_be_edited_in_a_form_as_it_is() -> None:
    call_command("load_defaults", verbosity=0)

    for model in MODELS:
        for row in model._default_manager.all():
            row.full_clean()
    for calendar in BusinessCalendar.objects.all():
        calendars.build(calendars.current(calendar.pk))


def test_the_second_time_adds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_defaults", verbosity=0)
    before = counted()

    call_command("load_defaults")

    assert counted() == before
    assert capsys.readouterr().out == "Nothing to add.\n"


def test_what_somebody_edited_stays() -> None:
    call_command("load_defaults", verbosity=0)
    RoleKind.objects.filter(code="mvno").update(name="Virtual operator", minimum_level=2)
    catalogue.publish(InteractionType.objects.get(code="order"), fields=[], plan=None, at=timezone.now())
    PlanStep.objects.filter(plan__code="porting").delete()

    call_command("load_defaults", verbosity=0)

    assert RoleKind.objects.get(code="mvno").name == "Virtual operator"
    assert catalogue.current(InteractionType.objects.get(code="order")).plan is None
    assert not PlanStep.objects.filter(plan__code="porting").exists()


def test_what_is_missing_comes_back() -> None:
    call_command("load_defaults", verbosity=0)
    InteractionType.objects.filter(code="service-query").delete()

    call_command("load_defaults", verbosity=0)

    assert InteractionType.objects.filter(code="service-query").exists()


def test_every_default_type_leads_to_its_end() -> None:
    call_command("load_defaults", verbosity=0)

    for type_ in InteractionType.objects.all():
        version = catalogue.current(type_)
        steps = list(PlanStep.objects.filter(plan=version.plan_id or 0).order_by("position"))
        assert plan_checks.faults(steps, types={type_.name: version.fields}) == []
        asked = {field["name"] for field in version.fields}
        assert set(actions.known()[version.self_service].asks if version.self_service else ()) <= asked


def test_there_are_types_for_every_vertical_in_both_directions() -> None:
    call_command("load_defaults", verbosity=0)

    types = InteractionType.objects.active()
    there = {(one.vertical, direction) for one in types for direction in one.directions}
    assert there == {(vertical, direction) for vertical in Vertical for direction in Direction}
    assert types.count() >= 18
    assert {step.kind for step in PlanStep.objects.all()} == set(StepKind)
