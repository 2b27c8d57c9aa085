"""A field of a type or of a step's form, and a kind of resolution, as a row that an administrator fills in."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from interactions.admin.rows import Row, RowForm
from interactions.enums import Comparison, FieldKind, Subject

VALUED = {comparison for comparison in Comparison if comparison not in {Comparison.FILLED, Comparison.EMPTY}}
CURRENCY = re.compile(r"[A-Z]{3}")
LISTED: Mapping[str, str] = {FieldKind.CHOICE: "choices", FieldKind.AMOUNT: "currencies"}


def listed(text: str) -> list[str]:
    """What somebody wrote with commas or line by line between."""
    return [part.strip() for part in re.split(r"[,\n]", text) if part.strip()]


class FieldRow(RowForm):
    """One field, with what its kind needs, and when it is asked for."""

    rare = ("name", "refers_to", "help", "when_field", "comparison", "when_value")

    label = forms.CharField(label=_("Label"), max_length=100)
    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        required=False,
        help_text=_("In letters, digits and _; from the label if you leave it empty."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=FieldKind.choices, initial=FieldKind.TEXT)
    required = forms.BooleanField(label=_("Needed"), required=False)
    options = forms.CharField(
        label=_("Choices or currencies"),
        max_length=2000,
        required=False,
        help_text=_("Between commas: those of a choice; or the currencies of an amount, such as EUR, USD."),
    )
    refers_to = forms.ChoiceField(
        label=_("Refers to"),
        choices=[("", _("Nothing of ours")), *Subject.choices],
        required=False,
        help_text=_("A reference."),
    )
    help = forms.CharField(label=_("Help"), max_length=300, required=False)
    when_field = forms.CharField(
        label=_("Only if"), max_length=60, required=False, help_text=_("The name of a field above it.")
    )
    comparison = forms.ChoiceField(label=_("Compares"), choices=[("", "—"), *Comparison.choices], required=False)
    when_value = forms.CharField(label=_("With"), max_length=200, required=False)

    @classmethod
    def initial_of(cls, row: Mapping[str, Any]) -> Row:
        when = row.get("when") or {}
        options = row.get("choices") or row.get("currencies") or []
        return {
            **{name: row[name] for name in ("label", "name", "kind", "required", "refers_to", "help") if name in row},
            "options": ", ".join(options),
            "when_field": when.get("field", ""),
            "comparison": when.get("comparison", ""),
            "when_value": when.get("value", ""),
        }

    @property
    def is_unfolded(self) -> bool:
        """The name alone is nothing that anybody looks for."""
        return any(field.errors or (field.value() and field.name != "name") for field in self.rare_fields())

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or self.cleaned_data
        name = filled.get("name") or slugify(filled.get("label", "")).replace("-", "_")
        if not name.isidentifier() and not {"label", "name"} & self.errors.keys():
            self.add_error("name", gettext("Give it a name of letters, digits and _, which begins with a letter."))
        filled["name"] = name
        filled["options"] = listed(filled.get("options", ""))
        self.refuse_options(filled)
        if filled.get("refers_to") and filled.get("kind") != FieldKind.REFERENCE:
            self.add_error("refers_to", gettext("Only a reference refers to something."))
        if filled.get("comparison") and not filled.get("when_field"):
            self.add_error("when_field", gettext("Say which field the condition is about."))
        if filled.get("when_field") and filled.get("comparison", "") in {"", *VALUED} and not filled.get("when_value"):
            self.add_error("when_value", gettext("Say what it is compared with."))
        return filled

    def refuse_options(self, filled: dict[str, Any]) -> None:
        kind, options = filled.get("kind"), filled["options"]
        if kind == FieldKind.CHOICE and not options:
            self.add_error("options", gettext("A choice needs its choices."))
        if kind == FieldKind.AMOUNT and not all(CURRENCY.fullmatch(one) for one in options):
            self.add_error("options", gettext("Currencies have three letters, such as EUR."))
        if options and kind not in LISTED:
            self.add_error("options", gettext("Only a choice or an amount has a list."))
        if len(options) != len(set(options)):
            self.add_error("options", gettext("One of them is listed twice."))

    def stored(self) -> Row:
        filled = self.cleaned_data
        row: Row = {"name": filled["name"], "label": filled["label"], "kind": filled["kind"]}
        row["required"] = filled["required"]
        if filled["options"]:
            row[LISTED[filled["kind"]]] = filled["options"]
        row |= {name: filled[name] for name in ("refers_to", "help") if filled[name]}
        if filled["when_field"]:
            comparison = filled["comparison"] or Comparison.IS.value
            row["when"] = {"field": filled["when_field"], "comparison": comparison, "value": filled["when_value"]}
        return row


class ResolutionRow(RowForm):
    """One way in which such a matter ends; the first is taken where nobody chooses."""

    label = forms.CharField(label=_("Label"), max_length=100)
    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        required=False,
        validators=[validate_slug],
        help_text=_("From the label if you leave it empty."),
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"] or slugify(self.cleaned_data.get("label", ""))
        if not code and "label" not in self.errors:
            raise ValidationError(gettext("Give it a code of letters, digits and hyphens."))
        return code

    def stored(self) -> Row:
        return {"code": self.cleaned_data["code"], "label": self.cleaned_data["label"]}


def refuse_doubles(rows: list[Row]) -> None:
    """Raise ValidationError when two kinds of resolution have one code."""
    codes = [row["code"] for row in rows]
    if double := next((code for code in codes if codes.count(code) > 1), None):
        raise ValidationError(gettext("Two kinds of resolution have the code “%(code)s”.") % {"code": double})
