from typing import Any

from django.contrib import admin

from interactions.models import Plan, PlanStep, Skill, Team, TeamMember
from partners.admin.base import RecordedAdmin
from partners.admin.generic import AnyTabularInline
from partners.models import User


class TeamMemberInline(AnyTabularInline):
    model = TeamMember
    extra = 0

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_representative=True, is_active=True).order_by("name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Team)
class TeamAdmin(RecordedAdmin):
    inlines = [TeamMemberInline]
    list_display = ["name", "code", "calendar", "assignment", "escalates_to"]
    list_select_related = ["calendar", "escalates_to"]
    search_fields = ["name", "code"]
    ordering = ["name"]


@admin.register(Skill)
class SkillAdmin(RecordedAdmin):
    list_display = ["name", "code"]
    search_fields = ["name", "code"]
    ordering = ["name"]


class PlanStepInline(AnyTabularInline):
    model = PlanStep
    extra = 0
    fields = ["position", "after", "name", "partner_wording", "team", "skill", "within", "instructions"]
    ordering = ["position"]


@admin.register(Plan)
class PlanAdmin(RecordedAdmin):
    """A change of a plan is for what begins after it; laid-out steps stay as they are."""

    inlines = [PlanStepInline]
    list_display = ["name", "code"]
    search_fields = ["name", "code"]
    ordering = ["name"]
