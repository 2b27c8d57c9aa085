from django import forms
from django.contrib import admin

from interactions.enums import Direction, FieldKind
from interactions.models import InteractionType
from partners.admin.base import RecordedAdmin
from partners.admin.generic import AnyModelForm
from partners.enums import Permission

FIELDS_HELP = (
    'A list such as [{{"name": "bill", "label": "Invoice number", "kind": "reference", "required": true}}]. '
    "Kinds: {kinds}; a choice also needs its choices, and help is shown below the field."
)


class InteractionTypeForm(AnyModelForm):
    directions = forms.MultipleChoiceField(choices=Direction.choices, widget=forms.CheckboxSelectMultiple)

    permission = forms.ChoiceField(
        choices=[("", "None of its own"), *Permission.choices],
        required=False,
        help_text="What a role must allow, beside raising matters at all, to raise such a matter or work on it.",
    )

    class Meta:
        model = InteractionType
        fields = [
            "code", "name", "description", "vertical", "directions", "fields", "plan", "team", "partner_may_raise",
            "login_needed", "minimum_level", "permission", "reopen_within_days", "is_active",
        ]  # fmt: skip
        help_texts = {"fields": FIELDS_HELP.format(kinds=", ".join(FieldKind.values))}
        widgets = {"fields": forms.Textarea(attrs={"rows": 14, "cols": 90})}


@admin.register(InteractionType)
class InteractionTypeAdmin(RecordedAdmin):
    form = InteractionTypeForm
    list_display = ["name", "code", "vertical", "team", "plan", "partner_may_raise", "is_active"]
    list_select_related = ["team", "plan"]
    list_filter = ["vertical", "team", "is_active"]
    search_fields = ["name", "code"]
    ordering = ["name"]
