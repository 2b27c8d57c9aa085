"""Types: whose they are is changed in place; what they ask for and their rules are published as the next version."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from interactions.domain import catalogue
from interactions.enums import Direction, FieldKind
from interactions.models import InteractionType, Plan, TypeVersion
from interactions.models.interaction_type import validate_fields
from partners.admin.base import ReadOnlyInline, RecordedAdmin, actor_of
from partners.admin.generic import AnyModelForm
from partners.enums import Permission

FIELDS_HELP = (
    'A list such as [{{"name": "bill", "label": "Invoice number", "kind": "reference", "required": true}}]. '
    "Kinds: {kinds}; a choice also needs its choices, and help is shown below the field."
)
VERSIONED = ["fields", "plan", "reopen_within_days"]


class InteractionTypeForm(AnyModelForm):
    """What is changed in place, with the content of the newest version; other content makes the next version."""

    directions = forms.MultipleChoiceField(choices=Direction.choices, widget=forms.CheckboxSelectMultiple)
    fields = forms.JSONField(  # type: ignore[assignment]  # shadows the form's own, which Django reads from base_fields
        required=False,
        validators=[validate_fields],
        widget=forms.Textarea(attrs={"rows": 14, "cols": 90}),
        help_text=FIELDS_HELP.format(kinds=", ".join(FieldKind.values)),
    )
    plan = forms.ModelChoiceField(Plan.objects.order_by("name"), required=False)
    reopen_within_days = forms.IntegerField(label="May be reopened for (days)", min_value=0, max_value=365, initial=14)
    permission = forms.ChoiceField(
        choices=[("", "None of its own"), *Permission.choices],
        required=False,
        help_text="What a role must allow to raise such a matter; where it moves money, also to see it.",
    )

    class Meta:
        model = InteractionType
        fields = [
            "code", "name", "description", "vertical", "directions", "team", "skill", "partner_may_raise",
            "login_needed", "minimum_level", "permission", "is_active",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = catalogue.newest(self.instance) if self.instance.pk else None
        if version is not None:
            for name in VERSIONED:
                self.initial.setdefault(name, getattr(version, name))

    def clean_fields(self) -> list[Any]:
        return self.cleaned_data["fields"] or []

    def content(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in VERSIONED}


class VersionInline(ReadOnlyInline):
    model = TypeVersion
    fields = ["number", "published_at", "published_by", *VERSIONED]
    readonly_fields = ["number", "published_at", "published_by", *VERSIONED]
    ordering = ["-number"]
    verbose_name_plural = "Versions, the newest first"


@admin.register(InteractionType)
class InteractionTypeAdmin(RecordedAdmin):
    form = InteractionTypeForm
    inlines = [VersionInline]
    list_display = ["name", "code", "vertical", "team", "partner_may_raise", "is_active"]
    list_select_related = ["team"]
    list_filter = ["vertical", "team", "is_active"]
    search_fields = ["name", "code"]
    ordering = ["name"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        catalogue.publish(obj, by=actor_of(request).user_id, at=timezone.now(), **form.content())

    def has_delete_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False
