"""What a representative fills in to join a matter with others, or to pass it on as another."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interactions.console.forms import long_text
from interactions.domain import search
from interactions.domain.deriving import Offspring
from interactions.enums import Direction
from interactions.models import Interaction, InteractionType
from partners.domain.translations import translated


class OtherField(forms.CharField):
    """Another interaction by its number; whether it fits, the domain says."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=30, help_text=gettext_lazy("Its number, such as BPI-0000042."), **more)

    def clean(self, value: Any) -> int:
        number = search.number_in(super().clean(value))
        if number is None:
            raise forms.ValidationError(_("Give the number of an interaction, such as BPI-0000042."))
        return number


class BelongingForm(forms.Form):
    """One of several forms of a page, which differ by their ids."""

    def __init__(self, interaction: Interaction, filled: QueryDict | None = None, *, name: str) -> None:
        super().__init__(filled, auto_id=f"{name}-%s")
        self.interaction = interaction


class MergeForm(BelongingForm):
    other = OtherField(label=gettext_lazy("Goes on in"))
    reason = long_text(gettext_lazy("Reason"), rows=2)


class ReasonForm(BelongingForm):
    reason = long_text(gettext_lazy("Reason"), rows=2)


class PartOfForm(BelongingForm):
    other = OtherField(label=gettext_lazy("Part of"))


class OffspringForm(BelongingForm):
    """The matter to begin; without a subject it has the one of the matter it comes from."""

    type = forms.ChoiceField(label=gettext_lazy("Type"))
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=500, required=False)

    def __init__(self, interaction: Interaction, filled: QueryDict | None = None, *, name: str) -> None:
        super().__init__(interaction, filled, name=name)
        self.fields["subject"].initial = interaction.subject
        self.fields["type"].choices = [("", _("Choose")), *types_by_vertical(interaction)]  # type: ignore[attr-defined]

    def offspring(self) -> Offspring:
        filled = self.cleaned_data
        return Offspring(type_code=filled["type"], subject=filled["subject"], text=filled.get("text", ""))


class PartForm(OffspringForm):
    text = long_text(gettext_lazy("What is to be done"), help_text=gettext_lazy("The partner reads it."))


class PassOnForm(OffspringForm):
    reason = long_text(gettext_lazy("Reason"), rows=2, help_text=gettext_lazy("The partner reads it."))


def types_by_vertical(interaction: Interaction) -> list[tuple[str, Any]]:
    """The types of its direction."""
    types = InteractionType.objects.active().allowing(Direction(interaction.direction))
    grouped: dict[str, list[tuple[str, str]]] = {}
    for type_ in sorted(types, key=lambda type_: (type_.vertical, translated(type_.name).casefold())):
        grouped.setdefault(str(type_.get_vertical_display()), []).append((type_.code, translated(type_.name)))
    return list(grouped.items())
