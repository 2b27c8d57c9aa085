"""Who of the own company may know of a matter, as a form asks it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from interactions.domain import sharing
from interactions.enums import Visibility
from interactions.models import Interaction

Colleagues = Iterable[tuple[int, str]]


class SharedForm(forms.Form):
    """Who may know of it; both fields are left out where somebody has no colleagues."""

    visibility = forms.TypedChoiceField(
        label=lazy("Who sees it"),
        choices=Visibility.choices,
        coerce=Visibility,
        widget=forms.RadioSelect,
        initial=Visibility.COMPANY,
        help_text=lazy("Administrators of your company see it in any case, and whoever works on it for us."),
    )
    readers = forms.TypedMultipleChoiceField(
        label=lazy("Colleagues"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )

    def offer(self, colleagues: Colleagues) -> None:
        """Whom it may be shared with."""
        choices = list(colleagues)
        self.fields["readers"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["visibility"], self.fields["readers"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_named = cleaned.get("visibility") == Visibility.NAMED
        if is_named and not cleaned.get("readers") and "readers" not in self.errors:
            self.add_error("readers", _("Choose at least one colleague."))
        return cleaned

    @property
    def shared(self) -> dict[str, Any]:
        """What was chosen, as the verbs take it."""
        visibility = self.cleaned_data.get("visibility", Visibility.COMPANY)
        readers = self.cleaned_data.get("readers", []) if visibility == Visibility.NAMED else []
        return {"visibility": visibility, "readers": readers}


class SharingForm(SharedForm):
    """The same of a matter that is there."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, data: Any = None, *, interaction: Interaction, colleagues: Colleagues) -> None:
        readers = sorted(sharing.readers_of(interaction))
        initial = {"visibility": interaction.visibility, "readers": readers, "version": interaction.version}
        super().__init__(data, initial=initial)
        self.offer(colleagues)
