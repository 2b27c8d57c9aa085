"""Plans: their steps, checked before they are saved, with the message at the step, and drawn."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from interactions.admin.definitions import FieldRow
from interactions.admin.rows import RowsField
from interactions.admin.types import picture_of
from interactions.domain import actions, catalogue, plan_checks
from interactions.enums import Side
from interactions.models import InteractionType, Plan, PlanStep
from interactions.models.interaction_type import validate_fields
from partners.admin.base import RecordedAdmin
from partners.admin.generic import AnyInlineFormSet, AnyModelForm, AnyStackedInline

OUTSIDE = [("", "—"), (Side.PARTNER.value, Side.PARTNER.label), (Side.THIRD_PARTY.value, Side.THIRD_PARTY.label)]


class PlanStepForm(AnyModelForm):
    form = RowsField(
        FieldRow,
        extra=1,
        label=_("Asked at finishing"),
        validators=[validate_fields],
        help_text=_("Whoever finishes the step fills these in; later steps may depend on them."),
    )
    action = forms.ChoiceField(label=_("Action"), required=False, help_text=_("Of an automatic step."))
    waits_for = forms.ChoiceField(
        label=_("Waits for"), choices=OUTSIDE, required=False, help_text=_("Of a waiting step.")
    )

    class Meta:
        model = PlanStep
        fields = [
            "position", "name", "partner_wording", "kind", "team", "skill", "within", "after", "condition_field",
            "comparison", "condition_value", "action", "waits_for", "instructions", "form",
        ]  # fmt: skip
        widgets = {
            "instructions": forms.Textarea(attrs={"rows": 2}),
            "after": forms.TextInput(attrs={"size": 10, "placeholder": "1, 2"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = [("", "—"), *actions.choices()]  # type: ignore[attr-defined]

    def _get_validation_exclusions(self) -> set[str]:
        # two steps may change places; that no two have one is checked over all of them
        return super()._get_validation_exclusions() | {"position"}  # type: ignore[misc, no-any-return]


class PlanSteps(AnyInlineFormSet):
    """All steps together must lead to an end."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        forms_kept = [form for form in kept if not form.cleaned_data.get("DELETE")]
        if not forms_kept:
            raise forms.ValidationError(gettext("A plan has at least one step."))
        by_position = {form.instance.position: form for form in forms_kept}
        for fault in plan_checks.faults([form.instance for form in forms_kept], types=types_of(self.instance)):
            form = by_position[fault.position]
            form.add_error(fault.field, fault.message)


def types_of(plan: Plan) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The fields of each type that is led by a plan now."""
    found = {}
    for type_ in InteractionType.objects.filter(versions__plan=plan.pk).distinct() if plan.pk else []:
        version = catalogue.current(type_)
        if version.plan_id == plan.pk:
            found[type_.name] = version.fields
    return found


class PlanStepInline(AnyStackedInline):
    model = PlanStep
    form = PlanStepForm
    formset = PlanSteps
    extra = 0
    ordering = ["position"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("position", "name", "partner_wording"),
                    ("kind", "team", "skill", "within"),
                    ("after", "condition_field", "comparison", "condition_value"),
                    ("waits_for", "action"),
                    "instructions",
                    "form",
                ]
            },
        )
    ]

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:  # noqa: ARG002  Django's own
        return 1 if obj is not None else 3  # an empty step to fill in, without any script


@admin.register(Plan)
class PlanAdmin(RecordedAdmin):
    """A change of a plan is for what begins after it; laid-out steps stay as they are."""

    inlines = [PlanStepInline]
    list_display = ["name", "code", "used_by"]
    search_fields = ["name", "code"]
    ordering = ["name"]
    fields = ["code", "name", "picture", "used_by"]
    readonly_fields = ["picture", "used_by"]

    @admin.display(description=_("picture"))
    def picture(self, row: Plan) -> SafeString | str:
        return picture_of(row if row.pk else None)

    @admin.display(description=_("leads"))
    def used_by(self, row: Plan) -> str:
        return ", ".join(sorted(types_of(row))) or gettext("no type yet")
