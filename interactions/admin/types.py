"""Types: whose they are is changed in place; what they ask for and their rules are published as the next version."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from interactions.admin.definitions import FieldRow, ResolutionRow, refuse_doubles
from interactions.admin.rows import RowsField
from interactions.domain import actions, catalogue, drawing, plan_checks
from interactions.domain.approvals import AMOUNT
from interactions.enums import Direction, FieldKind
from interactions.models import InteractionType, Plan, PlanStep, TypeVersion
from interactions.models.interaction_type import validate_fields
from interactions.models.type_version import Unanswered
from partners.admin.base import ReadOnlyAdmin, ReadOnlyInline, RecordedAdmin, actor_of
from partners.admin.generic import AnyModelForm
from partners.enums import ENTERPRISE_ONLY, Permission

PAID = {Permission.APPROVE_CREDIT, Permission.APPROVE_SETTLEMENT}
RULES = [
    *("fields", "plan", "self_service", "has_lines", "resolution_codes"),
    *("when_unanswered", "unanswered_after_days"),
    *("asks_confirmation", "close_after_days", "reopen_within_days", "cancel_consequence", "has_survey"),
]


class InteractionTypeForm(AnyModelForm):
    """What is changed in place, with the content of the newest version; other content makes the next version."""

    directions = forms.MultipleChoiceField(
        label=_("Directions"), choices=Direction.choices, widget=forms.CheckboxSelectMultiple
    )
    fields = RowsField(FieldRow, label=_("Fields"), validators=[validate_fields])  # type: ignore[assignment]  # Django takes it out again
    plan = forms.ModelChoiceField(
        Plan.objects.order_by("name"),
        label=_("Plan"),
        required=False,
        help_text=_("Without one, the owning team works on it as it sees fit."),
    )
    self_service = forms.ChoiceField(
        label=_("Self-service"),
        required=False,
        help_text=_("What answers it at once; what it cannot answer is led by the plan, or by the team."),
    )
    has_lines = forms.BooleanField(
        label=_("Has order lines"), required=False, help_text=_("Things that are delivered each by itself.")
    )
    resolution_codes = RowsField(
        ResolutionRow,
        label=_("Kinds of resolution"),
        validators=[refuse_doubles],
        help_text=_("Asked for when it is resolved; the first is taken where nobody chooses."),
    )
    when_unanswered = forms.ChoiceField(
        label=_("When a partner does not answer"),
        choices=Unanswered.choices,
        initial=Unanswered.REMIND,
        help_text=_("What we asked for and had no answer to. Before it closes, the partner is told when."),
    )
    unanswered_after_days = forms.IntegerField(
        label=_("After so much silence (business days)"),
        min_value=1,
        max_value=250,
        initial=3,
        help_text=_("Counted from when the answer was due, and again after each time."),
    )
    asks_confirmation = forms.BooleanField(
        label=_("Asks the partner to confirm"),
        required=False,
        initial=True,
        help_text=_("Otherwise a solution closes it."),
    )
    close_after_days = forms.IntegerField(
        label=_("Closes by itself after (business days)"),
        min_value=1,
        max_value=250,
        required=False,
        help_text=_("Of silence after a solution; empty: it waits for the partner's word."),
    )
    reopen_within_days = forms.IntegerField(
        label=_("May be reopened for (days)"),
        min_value=0,
        max_value=365,
        initial=14,
        help_text=_("After it was closed."),
    )
    cancel_consequence = forms.CharField(
        label=_("Consequence of cancelling"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Told to a partner that wants to cancel what is worked on already, such as a charge."),
    )
    has_survey = forms.BooleanField(label=_("Asks how it was"), required=False, help_text=_("After it was closed."))
    permission = forms.ChoiceField(
        label=_("Permission"),
        choices=[
            ("", _("None of its own")),
            *((one.value, one.label) for one in Permission if one not in ENTERPRISE_ONLY),
        ],
        required=False,
        help_text=_("What a role must allow to raise such a matter; where it moves money, also to see it."),
    )

    class Meta:
        model = InteractionType
        fields = [
            "code", "name", "description", "vertical", "directions", "team", "skill", "partner_may_raise",
            "login_needed", "minimum_level", "permission", "is_active",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own: dict[str, Any] = self.__dict__["fields"]  # beside it the class has a field of this name
        own["self_service"].choices = [("", _("None: people answer it")), *actions.choices()]
        version = catalogue.newest(self.instance) if self.instance.pk else None
        if version is not None:
            for name in RULES:
                self.initial.setdefault(name, getattr(version, name))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.refuse_self_service(cleaned)
        self.refuse_plan(cleaned)
        self.refuse_unbound(cleaned)
        return cleaned

    def refuse_self_service(self, cleaned: dict[str, Any]) -> None:
        """An action that never finds what it needs would answer nobody."""
        action = actions.find(cleaned.get("self_service") or "")
        if action is None or "fields" not in cleaned:
            return
        asked = {field["name"] for field in cleaned["fields"]}
        if missing := [name for name in action.asks if name not in asked]:
            self.add_error(
                "self_service", gettext("It needs fields with these names: %(names)s.") % {"names": ", ".join(missing)}
            )
        if Direction.INBOUND not in cleaned.get("directions", []):
            self.add_error("self_service", gettext("Only what partners ask can be answered without staff."))

    def refuse_unbound(self, cleaned: dict[str, Any]) -> None:
        """Who approves a payment approves an amount, which is looked for in one field."""
        if cleaned.get("permission") not in PAID or "fields" not in cleaned:
            return
        if not any((field["name"], field["kind"]) == (AMOUNT, FieldKind.AMOUNT) for field in cleaned["fields"]):
            self.add_error(
                "fields",
                gettext("What is paid is approved by its amount: add a field “%(field)s” of that kind.")
                % {"field": AMOUNT},
            )

    def refuse_plan(self, cleaned: dict[str, Any]) -> None:
        """The conditions of a plan ask for fields, which this type must have."""
        plan = cleaned.get("plan")
        if plan is None or "fields" not in cleaned:
            return
        steps = list(PlanStep.objects.filter(plan=plan).order_by("position"))
        for fault in plan_checks.faults(steps, types={cleaned.get("name", "?"): cleaned["fields"]}):
            self.add_error(
                "plan", gettext("Step %(number)d: %(fault)s") % {"number": fault.position, "fault": fault.message}
            )

    def content(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in RULES}


class VersionInline(ReadOnlyInline):
    """What was published before, to be looked at."""

    model = TypeVersion
    fields = ["number", "published_at", "published_by", "plan", "close_after_days", "reopen_within_days"]
    readonly_fields = ["number", "published_at", "published_by", "plan", "close_after_days", "reopen_within_days"]
    ordering = ["-number"]
    show_change_link = True
    verbose_name_plural = _("Versions, the newest first")


@admin.register(InteractionType)
class InteractionTypeAdmin(RecordedAdmin):
    form = InteractionTypeForm
    inlines = [VersionInline]
    list_display = ["name", "code", "vertical", "team", "partner_may_raise", "is_active"]
    list_select_related = ["team"]
    list_filter = ["vertical", "team", "is_active"]
    search_fields = ["name", "code"]
    ordering = ["name"]
    readonly_fields = ["picture"]
    fieldsets = [
        (None, {"fields": ["code", "name", "description", "vertical", "is_active"]}),
        (
            _("Who raises it and who owns it"),
            {
                "fields": [
                    "directions", "partner_may_raise", "login_needed", "minimum_level", "permission", "team", "skill",
                ],
            },
        ),
        (
            _("What it asks for"),
            {
                "fields": ["fields", "has_lines"],
                "description": _("From here on, a change makes a new version; what is open keeps its own."),
            },
        ),
        (_("How it is led"), {"fields": ["self_service", "plan", "picture"]}),
        (_("How it waits"), {"fields": ["when_unanswered", "unanswered_after_days"]}),
        (
            _("How it ends"),
            {
                "fields": [
                    "resolution_codes", "asks_confirmation", "close_after_days", "reopen_within_days",
                    "cancel_consequence", "has_survey",
                ],
            },
        ),
    ]  # fmt: skip

    @admin.display(description=_("Picture of the plan"))
    def picture(self, row: InteractionType) -> SafeString | str:
        version = catalogue.newest(row) if row.pk else None
        return picture_of(version.plan if version else None)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        catalogue.publish(obj, by=actor_of(request).user_id, at=timezone.now(), **form.content())

    def has_delete_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False


def picture_of(plan: Plan | None) -> SafeString | str:
    """The plan as a drawing, with the same in words."""
    if plan is None:
        return gettext("There is no plan.")
    steps = list(PlanStep.objects.filter(plan=plan).select_related("team").order_by("position"))
    picture = drawing.draw(steps)
    if picture is None:
        return gettext("The plan has no steps yet.")
    return render_to_string("admin/plan.html", {"plan": plan, "picture": picture, "steps": steps})


@admin.register(TypeVersion)
class TypeVersionAdmin(ReadOnlyAdmin):
    """A version as it was published; it is reached from its type."""

    list_display = ["type", "number", "published_at", "published_by"]
    list_select_related = ["type", "published_by"]
    list_filter = ["type"]
    fields = ["type", "number", "published_at", "published_by", "asked", *RULES[1:]]
    readonly_fields = ["asked"]

    @admin.display(description=_("fields"))
    def asked(self, row: TypeVersion) -> SafeString:
        return render_to_string("admin/fields.html", {"fields": row.fields})
