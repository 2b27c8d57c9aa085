"""Lists of small things edited as rows inside a form: with a few empty rows each time, no script needed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from partners.admin.generic import AnyFormSet

EXTRA = 3
MOST_ROWS = 60
PLACES = ("ORDER", "DELETE")  # what a formset adds to each row itself

Row = dict[str, Any]


class RowForm(forms.Form):
    """One row; how it is stored, and read again. What is rarely needed is folded away: `rare`."""

    rare: tuple[str, ...] = ()

    def stored(self) -> Row:
        return dict(self.cleaned_data)

    def usual_fields(self) -> list[forms.BoundField]:
        """In the order in which they are read: its place, what it is, and whether it goes."""
        fields = {field.name: field for field in self.visible_fields() if field.name not in self.rare}
        places = [fields.pop(name) for name in PLACES if name in fields]
        return [*places[:1], *fields.values(), *places[1:]]

    def rare_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.rare]

    @property
    def is_unfolded(self) -> bool:
        """Something is filled in, or wrong, in what is folded away."""
        return any(field.errors or field.value() for field in self.rare_fields())

    @classmethod
    def initial_of(cls, row: Mapping[str, Any]) -> Row:
        return dict(row)


class Rows(AnyFormSet):
    """The rows that were filled in, in their order."""

    def stored(self) -> list[Row]:
        kept = [form for form in self.ordered_forms if form.has_changed() or form.initial]
        return [form.stored() for form in kept]


def formset_of(form: type[RowForm], extra: int) -> type[AnyFormSet]:
    return forms.formset_factory(
        form, formset=Rows, extra=extra, can_order=True, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS
    )


class RowsWidget(forms.Widget):
    """The table; its value is a list of stored rows, or the formset of what was posted."""

    template_name = "admin/rows.html"

    def __init__(self, form: type[RowForm], extra: int) -> None:
        super().__init__()
        self.form = form
        self.formset = formset_of(form, extra)

    def value_from_datadict(self, data: Any, _files: Any, name: str) -> AnyFormSet | None:
        return self.formset(data, prefix=name) if f"{name}-TOTAL_FORMS" in data else None

    def value_omitted_from_data(self, data: Any, _files: Any, name: str) -> bool:
        return f"{name}-TOTAL_FORMS" not in data

    def format_value(self, value: Any) -> Any:
        return value

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        if not isinstance(value, Rows):
            initial = [{**self.form.initial_of(row), "ORDER": place} for place, row in enumerate(value or [], start=1)]
            value = self.formset(initial=initial, prefix=name)
        return context | {"formset": value}


class RowsField(forms.Field):
    """A list of rows; a mistake is shown in its row."""

    def __init__(self, form: type[RowForm], *, extra: int = EXTRA, **kwargs: Any) -> None:
        super().__init__(widget=RowsWidget(form, extra), required=False, **kwargs)

    def clean(self, value: Rows | None) -> list[Row]:
        if value is None:
            return []
        if not value.is_valid():
            raise ValidationError(
                list(value.non_form_errors()) or [gettext("Please look at the rows that are marked.")]
            )
        rows = value.stored()
        self.run_validators(rows)
        return rows

    def has_changed(self, initial: Any, data: Rows | None) -> bool:
        return data is not None and (not data.is_valid() or data.stored() != (initial or []))
