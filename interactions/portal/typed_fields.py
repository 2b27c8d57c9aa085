"""The fields of a type in a form of the portal; whether a value fits is asked of the domain."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import formats
from django.utils.translation import gettext as _

from interactions.domain import fields
from interactions.domain.fields import Field
from interactions.domain.files import name_of
from interactions.enums import FieldKind
from interactions.errors import NotAccepted
from interactions.payloads import File
from partners.domain.translations import translated

OWN = "field_"  # before the name of such a field
WIDGETS: Mapping[str, type[forms.Widget]] = {FieldKind.LONG_TEXT: forms.Textarea, FieldKind.CHOICE: forms.Select}
ATTRIBUTES: Mapping[str, dict[str, str]] = {
    FieldKind.DATE: {"type": "date"},
    FieldKind.AMOUNT: {"inputmode": "decimal", "autocomplete": "off"},
    FieldKind.REFERENCE: {"autocomplete": "off", "spellcheck": "false"},
    FieldKind.LONG_TEXT: {"rows": "4"},
}


class TypedForm(forms.Form):
    """A form with such fields; one that depends on another is asked for only where that one is answered so."""

    asked: Sequence[Field] = ()

    def ask(self, asked: Sequence[Field]) -> None:
        """Add the fields, in their order."""
        self.asked = asked
        self.stored: dict[str, str] = {}
        for field in asked:
            self.fields[OWN + field["name"]] = control_of(field, asked)

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or self.cleaned_data
        for field in self.asked:
            name = OWN + field["name"]
            if not fields.is_asked(field, self.stored):
                self.errors.pop(name, None)
            elif name in filled:
                self.take(field, name, filled[name])
        return filled

    def take(self, field: Field, name: str, value: Any) -> None:
        try:
            text = name_of(received_one(value)) if isinstance(value, UploadedFile) else fields.entered(field, value)
            stored = fields.check_one(field, text, complete=True)
        except NotAccepted as refusal:
            self.add_error(name, refusal.reason)
        else:
            self.stored |= {field["name"]: stored} if stored else {}

    def own_files(self) -> list["UploadedFile[Any]"]:
        """The files that were sent in fields of their own."""
        sent = [self.cleaned_data.get(OWN + field["name"]) for field in self.asked if field["name"] in self.stored]
        return [file for file in sent if isinstance(file, UploadedFile)]


def control_of(field: Field, asked: Sequence[Field]) -> forms.Field:
    """The control for one field; what is asked for on a condition is never needed before that is known."""
    kind = field["kind"]
    hint = translated(field.get("help", "")) or example_of(field)
    about: dict[str, Any] = {
        "label": fields.label_of(field),
        "required": bool(field.get("required")) and not field.get("when"),
        "help_text": " ".join(filter(None, [hint, fields.only_if(field, asked)])),
    }
    attributes = ATTRIBUTES.get(kind, {}) | condition_of(field)
    if kind == FieldKind.FILE:
        return forms.FileField(widget=forms.FileInput(attrs=attributes), **about)
    widget = WIDGETS.get(kind, forms.TextInput)(attrs=attributes)
    if kind == FieldKind.CHOICE:
        choices = [("", _("Choose")), *fields.choices_of(field)]
        return forms.ChoiceField(choices=choices, widget=widget, **about)
    return forms.CharField(max_length=fields.MOST_VALUE, widget=widget, **about)


def example_of(field: Field) -> str:
    if field["kind"] != FieldKind.AMOUNT:
        return ""
    currencies = field.get("currencies") or []
    amount = formats.number_format(Decimal("1250.00"))
    return _("Such as %(example)s.") % {"example": " ".join([amount, *currencies[:1]])}


def condition_of(field: Field) -> dict[str, str]:
    """What a script needs to show the field only where it is asked for."""
    when = field.get("when")
    if not when:
        return {}
    return {
        "data-when": OWN + when["field"],
        "data-comparison": when["comparison"],
        "data-value": when.get("value", ""),
    }


def received_one(file: "UploadedFile[Any]") -> File:
    """The file as the domain takes it."""
    file.seek(0)
    return File(name=file.name or "", content=file.read(), content_type=file.content_type or "application/octet-stream")
