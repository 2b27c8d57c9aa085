from typing import Any

from django.contrib import admin

from partners.admin.base import RecordedAdmin
from partners.admin.generic import AnyModelForm
from partners.domain import absences
from partners.errors import SubstituteUnfit
from partners.models import Absence


class AbsenceForm(AnyModelForm):
    def clean(self) -> dict[str, Any] | None:
        filled = super().clean() or {}
        user, substitute, first = filled.get("user"), filled.get("substitute"), filled.get("first_date")
        if user and substitute and first and not absences.can_stand_in(substitute, user, on=first):
            self.add_error("substitute", str(SubstituteUnfit(substitute.name, user.name)))
        return filled


@admin.register(Absence)
class AbsenceAdmin(RecordedAdmin):
    form = AbsenceForm
    list_display = ["user", "substitute", "first_date", "last_date"]
    list_select_related = ["user", "substitute"]
    autocomplete_fields = ["user", "substitute"]
    search_fields = ["user__name", "user__email", "substitute__name"]
    ordering = ["-first_date", "pk"]
