"""What a partner fills in to have something changed."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from interactions.domain.changes import Wish
from interactions.enums import ChangeKind
from interactions.portal.forms import MOST_REASON, MOST_TEXT


class WishForm(forms.Form):
    """What is to change, to what, and why; `version` is what the writer had read."""

    kind = forms.ChoiceField(
        label=lazy("What is to change"),
        widget=forms.RadioSelect,
        choices=[(ChangeKind.DATE, lazy("The date")), (ChangeKind.CONTENT, lazy("What was asked for"))],
    )
    wanted_at = forms.DateTimeField(
        label=lazy("The date that you need"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    wanted = forms.CharField(
        label=lazy("What you need instead"),
        max_length=MOST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    reason = forms.CharField(
        label=lazy("Why"), max_length=MOST_REASON, widget=forms.Textarea(attrs={"rows": "3"}), required=True
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or self.cleaned_data
        kind, until = filled.get("kind"), filled.get("wanted_at")
        if kind == ChangeKind.DATE and "wanted_at" not in self.errors and (until is None or until <= timezone.now()):
            self.add_error("wanted_at", _("Say which date you need; it must be one to come."))
        if kind == ChangeKind.CONTENT and not filled.get("wanted") and "wanted" not in self.errors:
            self.add_error("wanted", _("Say what you need instead."))
        return filled

    def wish(self) -> Wish:
        filled = self.cleaned_data
        kind = ChangeKind(filled["kind"])
        wanted_at: datetime | None = filled["wanted_at"] if kind == ChangeKind.DATE else None
        return Wish(kind=kind, reason=filled["reason"], wanted=filled["wanted"], wanted_at=wanted_at)
