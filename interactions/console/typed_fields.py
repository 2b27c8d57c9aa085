"""A field of an interaction type as a field of a form."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from interactions.domain.fields import MOST_VALUE
from interactions.enums import FieldKind


def field_of(field: Mapping[str, Any]) -> forms.Field:
    """The control for one of a type's fields; the values are strings, as `fields.check` keeps them."""
    common: dict[str, Any] = {
        "label": field["label"],
        "required": bool(field.get("required")),
        "help_text": field.get("help", ""),
    }
    match field["kind"]:
        case FieldKind.LONG_TEXT:
            return forms.CharField(max_length=MOST_VALUE, widget=forms.Textarea(attrs={"rows": 3}), **common)
        case FieldKind.CHOICE:
            return forms.ChoiceField(choices=[("", _("Choose")), *((one, one) for one in field["choices"])], **common)
        case FieldKind.DATE:
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **common)
        case FieldKind.AMOUNT:
            return forms.DecimalField(
                max_digits=21, decimal_places=6, widget=forms.NumberInput(attrs={"step": "0.01"}), **common
            )
        case _:
            return forms.CharField(max_length=MOST_VALUE, **common)
