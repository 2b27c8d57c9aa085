"""What the owner fills in to decide on a partner's wish."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from interactions.console.forms import long_text
from interactions.console.widgets import MomentField
from interactions.domain.changes import Decision
from interactions.enums import ChangeKind
from interactions.models import ChangeRequest


class DecisionForm(forms.Form):
    """Yes or no, with what the partner is told."""

    ACCEPT, REFUSE = "accept", "refuse"

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        widget=forms.RadioSelect,
        choices=[(ACCEPT, gettext_lazy("Accept")), (REFUSE, gettext_lazy("Refuse"))],
        error_messages={"required": gettext_lazy("Accept it or refuse it.")},
    )
    to = MomentField(
        label=gettext_lazy("New date"),
        required=False,
        help_text=gettext_lazy(
            "Promised from now on; empty: what the partner asked for, or the last open hour before."
        ),
    )
    text = long_text(gettext_lazy("Why"), help_text=gettext_lazy("The partner reads it."))
    consequence = long_text(
        gettext_lazy("What follows"),
        rows=2,
        required=False,
        help_text=gettext_lazy("Such as a charge; the partner reads it too."),
    )

    def __init__(self, request: ChangeRequest, filled: QueryDict | None = None, *, usual: str = "") -> None:
        initial = {"consequence": usual, "to": request.wanted_at}
        super().__init__(filled, auto_id=f"decide-{request.pk}-%s", initial=initial)
        if request.kind != ChangeKind.DATE:
            del self.fields["to"]

    def decided(self) -> Decision:
        filled = self.cleaned_data
        is_accepted = filled["decision"] == self.ACCEPT
        return Decision(
            is_accepted=is_accepted, text=filled["text"], consequence=filled["consequence"], date=filled.get("to")
        )


def form_for(request: ChangeRequest, *, usual: str) -> DecisionForm:
    """The form of one wish; what cancelling costs stands in the type."""
    return DecisionForm(request, usual=usual if request.kind == ChangeKind.CANCEL else "")
