"""What a representative fills in for the lines of an order, a row for each."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interactions.console.forms import MOST_REASON
from interactions.console.widgets import DayInput
from interactions.domain.order_lines import CHANGES, LineChange
from interactions.enums import LineState
from interactions.errors import NotAccepted
from interactions.models import OrderLine
from interactions.payloads import NewLine

EMPTY_ROWS = 3


class LineForm(forms.Form):
    """One line: only what can become of it can be chosen."""

    state = forms.TypedChoiceField(label=gettext_lazy("State"), coerce=LineState)
    expected_date = forms.DateField(label=gettext_lazy("Expected on"), widget=DayInput, required=False)
    done_date = forms.DateField(label=gettext_lazy("Done on"), widget=DayInput, required=False)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=MOST_REASON, required=False)

    def __init__(self, line: OrderLine, filled: QueryDict | None = None) -> None:
        begun = {"state": line.state, "expected_date": line.expected_date, "done_date": line.done_date}
        super().__init__(filled, prefix=f"line-{line.number}", initial=begun)
        self.line = line
        state = LineState(line.state)
        self.fields["state"].choices = [(one.value, one.label) for one in LineState if one in {state, *CHANGES[state]}]  # type: ignore[attr-defined]

    def change(self) -> LineChange:
        return LineChange(number=self.line.number, **self.cleaned_data)


class ChangedLines:
    """The rows of all lines."""

    def __init__(self, lines: Sequence[OrderLine], filled: QueryDict | None = None) -> None:
        self.rows = [LineForm(line, filled) for line in lines]
        self.problem = ""

    def is_valid(self) -> bool:
        return all([row.is_valid() for row in self.rows])  # noqa: C419  every row says what is wrong with it

    def changes(self) -> list[LineChange]:
        return [row.change() for row in self.rows]

    def refuse(self, error: Exception) -> None:
        """Put a refusal at the line and field it is about; its attribute is such as `reason-3`."""
        attribute = error.attribute if isinstance(error, NotAccepted) else ""
        field, _dash, number = attribute.rpartition("-")
        row = next((row for row in self.rows if str(row.line.number) == number and field in row.fields), None)
        if row is None:
            self.problem = str(error)
        else:
            row.add_error(field, str(error))


class NewLineForm(forms.Form):
    """One more thing; a row without it asks for nothing."""

    what = forms.CharField(label=gettext_lazy("What"), max_length=200, required=False)
    quantity = forms.DecimalField(label=gettext_lazy("Quantity"), initial=1, max_digits=12, decimal_places=3)
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=20, required=False)
    reference = forms.CharField(label=gettext_lazy("Id elsewhere"), max_length=100, required=False)
    requested_date = forms.DateField(label=gettext_lazy("Wanted on"), widget=DayInput, required=False)

    def __init__(self, number: int, filled: QueryDict | None = None) -> None:
        super().__init__(filled, prefix=f"new-{number}", empty_permitted=True, use_required_attribute=False)

    def has_changed(self) -> bool:
        """Whether anything is asked for; a quantity that was emptied asks for nothing."""
        return bool(set(self.changed_data) - {"quantity"}) or bool(self["quantity"].data and self.changed_data)

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or self.cleaned_data
        if self.has_changed() and not filled.get("what") and "what" not in self.errors:
            self.add_error("what", _("Say what is ordered."))
        return filled


class NewLines:
    """A few empty rows, of which some are filled in."""

    def __init__(self, filled: QueryDict | None = None) -> None:
        self.rows = [NewLineForm(number, filled) for number in range(1, EMPTY_ROWS + 1)]
        self.problem = ""

    def is_valid(self) -> bool:
        is_valid = all([row.is_valid() for row in self.rows])  # noqa: C419  every row says what is wrong with it
        if is_valid and not any(row.has_changed() for row in self.rows):
            self.rows[0].add_error("what", _("Say what is ordered."))
            return False
        return is_valid

    def lines(self) -> list[NewLine]:
        return [NewLine(**row.cleaned_data) for row in self.rows if row.has_changed()]

    def refuse(self, error: Exception) -> None:
        self.problem = str(error)
