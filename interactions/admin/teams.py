import types
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from interactions.models import Skill, Team, TeamMember
from partners.admin import shares
from partners.admin.base import CarefulInline, RecordedAdmin
from partners.admin.generic import AnyModelForm
from partners.enums import EscalationTarget
from partners.models import User

TOLD = (EscalationTarget.OWNER, EscalationTarget.LEADS, EscalationTarget.ABOVE)


class TeamMemberInline(CarefulInline):
    model = TeamMember

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.at_work().order_by("name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class TeamForm(AnyModelForm):
    """A team; whom a late step concerns is asked for in per cent of its time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for target in TOLD:
            self.initial.setdefault(f"escalation_{target}", self.instance.escalation.get(target, []))

    def save(self, commit: bool = True) -> Any:
        self.instance.escalation = shares.filled_in("escalation", self.cleaned_data)
        return super().save(commit)


# the metaclass wants fields as attributes of a class
TeamEscalationForm: Any = types.new_class(
    "TeamEscalationForm", (TeamForm,), exec_body=lambda body: body.update(shares.fields_of("escalation", TOLD))
)


@admin.register(Team)
class TeamAdmin(RecordedAdmin):
    form = TeamEscalationForm
    fieldsets = [
        (None, {"fields": ["name", "code", "calendar", "assignment", "escalates_to"]}),
        (
            _("Who is told when how much of a step's time has passed"),
            {
                "fields": [f"escalation_{target}" for target in TOLD],
                "description": _("In per cent of what it is agreed to take: 75 is a warning, from 100 on it is late."),
            },
        ),
    ]
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
