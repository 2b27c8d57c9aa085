"""The things that a partner orders, a row for each."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from interactions.payloads import NewLine

ROWS = 5


class LineForm(forms.Form):
    """One thing; an empty row asks for nothing."""

    what = forms.CharField(label=lazy("What"), max_length=200, required=False)
    quantity = forms.DecimalField(
        label=lazy("Quantity"), initial=1, max_digits=12, decimal_places=3, min_value=0, required=False
    )
    unit = forms.CharField(label=lazy("Unit"), max_length=20, required=False)
    requested_date = forms.DateField(
        label=lazy("Wanted on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(
        self, number: int, filled: Mapping[str, Any] | None = None, initial: Mapping[str, Any] | None = None
    ) -> None:
        prefix = f"line-{number}"
        begun = {name.removeprefix(f"{prefix}-"): value for name, value in (initial or {}).items()}
        super().__init__(filled, prefix=prefix, initial=begun, empty_permitted=True, use_required_attribute=False)

    def has_changed(self) -> bool:
        """Whether anything is asked for; a quantity that was emptied asks for nothing."""
        return bool(set(self.changed_data) - {"quantity"}) or bool(self["quantity"].data and self.changed_data)

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or self.cleaned_data
        if self.has_changed() and not self.errors:
            if not filled.get("what"):
                self.add_error("what", _("Say what you order."))
            if not filled.get("quantity"):
                self.add_error("quantity", _("Say how many or how much."))
        return filled


class Lines:
    """All rows of an order."""

    def __init__(self, filled: Mapping[str, Any] | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        self.rows = [LineForm(number, filled, initial) for number in range(1, ROWS + 1)]

    def is_valid(self) -> bool:
        return all([row.is_valid() for row in self.rows])  # noqa: C419  every row says what is wrong with it

    def ordered(self) -> list[NewLine]:
        return [NewLine(**row.cleaned_data) for row in self.rows if row.has_changed()]
