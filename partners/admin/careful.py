"""Two people in one page of the admin: what only one of them changed is kept, and what both changed is asked about."""

import json
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from partners.admin.generic import AnyModelForm

BEFORE = "before"


class Hidden(forms.CharField):
    """Goes along with the form, and is nothing that somebody changes."""

    widget = forms.HiddenInput

    def has_changed(self, _initial: Any, _data: Any) -> bool:
        return False


class CarefulForm(AnyModelForm):
    """Says what it was filled with, so that a save touches only what its writer changed.

    A clash stands at its field: yours in it, theirs and what was before in words; sent once more, yours holds.
    """

    before = Hidden(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theirs = {
            name: told(field, self.get_initial_for_field(field, name))
            for name, field in self.fields.items()
            if name != BEFORE and not is_kept_back(field)
        }
        self.initial[BEFORE] = json.dumps(self.theirs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        before, clashes = said_before(cleaned.pop(BEFORE, "")), False
        for name, theirs in self.theirs.items():
            was = before.get(name, theirs)
            if was == theirs or name not in cleaned:
                continue
            yours = told(self.fields[name], cleaned[name])
            if yours == was:
                self.keep(name, cleaned)
            elif yours != theirs:
                clashes = True
                self.add_error(name, clash(self.fields[name], theirs, was))
        if clashes:
            shown: Any = self.data
            self.data = shown = shown.copy()
            shown[self.add_prefix(BEFORE)] = self.initial[BEFORE]
        return cleaned

    def keep(self, name: str, cleaned: dict[str, Any]) -> None:
        """Leave what somebody else has stored."""
        field, stored = self.fields[name], self.get_initial_for_field(self.fields[name], name)
        is_row = isinstance(field, forms.ModelChoiceField)
        cleaned[name] = field.clean(field.prepare_value(stored)) if is_row else stored
        if name in self.changed_data:
            self.changed_data.remove(name)


def is_kept_back(field: forms.Field) -> bool:
    """What a page never shows, or nobody changes there, is not told in it either."""
    return field.disabled or isinstance(field, forms.FileField) or isinstance(field.widget, forms.PasswordInput)


def told(field: forms.Field, value: Any) -> str:
    """A value as a text, the same for what is stored and for what was filled in."""
    shown = field.prepare_value(value)
    return json.dumps("" if shown is None else shown, cls=DjangoJSONEncoder, default=str, sort_keys=True)


def said_before(text: str) -> dict[str, str]:
    try:
        before = json.loads(text or "{}")
    except ValueError:
        return {}
    return before if isinstance(before, dict) else {}


def clash(field: forms.Field, theirs: str, was: str) -> str:
    return _(
        "Somebody else changed this meanwhile. Theirs: %(theirs)s. Before: %(before)s. Save again to keep yours."
    ) % {
        "theirs": in_words(field, theirs),
        "before": in_words(field, was),
    }


def in_words(field: forms.Field, text: str) -> str:
    value = json.loads(text)
    choices = {str(code): str(label) for code, label in getattr(field, "choices", [])}
    values = value if isinstance(value, list) else [value]
    return ", ".join(choices.get(str(one), str(one)) for one in values) or _("nothing")
