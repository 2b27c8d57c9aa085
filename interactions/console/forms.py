"""What a representative fills in on the page of an interaction; the domain has the last word."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from interactions.console.typed_fields import OWN, TypedForm
from interactions.console.widgets import DayInput, MomentField
from interactions.domain import approvals, lifecycle
from interactions.domain.lifecycle import MOST_WAITING_FOR, Words
from interactions.domain.plans import APPROVED, REFUSED
from interactions.enums import Move, Side, StepKind
from interactions.models import Step, Team
from interactions.models.interaction import Needed
from partners.domain.translations import translated
from partners.enums import Priority
from partners.forms.fields import ConfiguredField
from partners.models import User

MOST_TEXT = 200_000
MOST_REASON = 10_000

Codes = Sequence[Mapping[str, str]]

WAITING_SIDES = [(Side.PARTNER, _("The partner")), (Side.THIRD_PARTY, _("A third party"))]


def long_text(label: Any, *, rows: int = 3, most: int = MOST_REASON, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **more)


def choices_of(codes: Codes) -> list[tuple[str, Any]]:
    """The kinds of resolution of a type; one is chosen, not taken for granted."""
    return [("", _("Choose")), *((code["code"], translated(code["label"])) for code in codes)]


class MoveForm(forms.Form):
    """The words that one move needs; the other fields are left out."""

    reason = long_text(_("Reason"))
    resolution_code = forms.ChoiceField(label=_("How it was resolved"))
    resolution = long_text(_("Resolution"), help_text=_("The partner reads it."))
    waiting_for = forms.CharField(
        label=_("What is needed"), max_length=MOST_WAITING_FOR, help_text=_("The partner reads it; the clocks pause.")
    )
    waiting_kind = forms.ChoiceField(label=_("Kind"), choices=Needed.choices, initial=Needed.QUESTION, required=False)
    waiting_until = MomentField(label=_("By when"), required=False)
    waiting_side = forms.ChoiceField(label=_("Who has to act"), choices=WAITING_SIDES, initial=Side.PARTNER)

    def __init__(self, move: Move, filled: QueryDict | None = None, *, codes: Codes = ()) -> None:
        super().__init__(filled, auto_id=f"{move}-%s")
        needed = lifecycle.MOVES[move].needs
        wanted = (
            {"waiting_for", "waiting_kind", "waiting_until", "waiting_side"} if needed == "waiting_for" else {needed}
        )
        if needed == "resolution" and codes:
            wanted |= {"resolution_code"}
            self.fields["resolution_code"].choices = choices_of(codes)  # type: ignore[attr-defined]
        for name in set(self.fields) - wanted:
            del self.fields[name]

    def words(self) -> Words:
        return Words(**{name: value for name, value in self.cleaned_data.items() if value})


class AssignForm(forms.Form):
    """One representative, or nobody: back to the team's queue."""

    assignee = forms.ModelChoiceField(
        label=_("Assignee"),
        queryset=User.objects.at_work().order_by("name"),
        required=False,
        empty_label=_("Nobody: back to the team's queue"),
    )


class HandOverForm(forms.Form):
    """Another team, and why."""

    team = ConfiguredField(label=_("Team"), queryset=Team.objects.order_by("name"), empty_label=_("Choose a team"))
    reason = long_text(_("Reason"), help_text=_("The team reads it first."))


class PriorityForm(forms.Form):
    priority = forms.TypedChoiceField(label=_("Priority"), choices=Priority.choices, coerce=int)


class DateForm(forms.Form):
    """Another date for what was promised, and why."""

    to = MomentField(label=_("New date"))
    reason = long_text(_("Reason"), help_text=_("Both sides are told the new date and the reason."))


class FinishForm(TypedForm):
    """What came of a step: the decision on an approval, the answers to what the step asks, and a word about it.

    `binding` is what was on the page of what a decision is about, where it moves money.
    """

    decision = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[(APPROVED, _("Approve")), (REFUSED, _("Refuse"))],
        error_messages={"required": _("Approve it or refuse it.")},
    )
    outcome = long_text(_("Outcome"), help_text=_("What was found or done, for whoever comes next."))
    binding = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, step: Step, filled: QueryDict | None = None) -> None:
        super().__init__(filled, auto_id=f"finish-{step.position}-%s")
        self.ask(step.form)
        self.terms = approvals.terms_of_step(step)
        if self.terms is None:
            del self.fields["binding"]
        else:
            self.initial["binding"] = self.terms.binding
        if step.kind == StepKind.APPROVAL:
            self.fields["outcome"].label, self.fields["outcome"].help_text = _("Reason"), _("Why you decide so.")
        else:
            del self.fields["decision"]
        if step.kind == StepKind.WAIT:
            self.fields["outcome"].label, self.fields["outcome"].help_text = _("What came"), ""
        self.order_fields(["decision", *(OWN + field["name"] for field in step.form), "outcome"])


class PassOnForm(forms.Form):
    """Who goes on with a step, and why."""

    COLLEAGUE, QUEUE, LEAD, TEAM = "colleague", "queue", "lead", "team"

    to = forms.ChoiceField(
        label=_("Who goes on with it"),
        widget=forms.RadioSelect,
        choices=[
            (COLLEAGUE, _("A colleague of the team")),
            (QUEUE, _("Anybody: back to the team's queue")),
            (LEAD, _("Whoever leads the team")),
            (TEAM, _("Another team")),
        ],
    )
    colleague = forms.ModelChoiceField(
        label=_("Colleague"), queryset=User.objects.none(), required=False, empty_label=_("Choose a colleague")
    )
    team = ConfiguredField(
        label=_("Team"), queryset=Team.objects.order_by("name"), required=False, empty_label=_("Choose a team")
    )
    reason = long_text(_("Reason"), required=False, help_text=_("Whoever goes on with it reads this first."))
    holder_id = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, step: Step, filled: QueryDict | None = None) -> None:
        super().__init__(filled, initial={"holder_id": step.assignee_id, "to": self.COLLEAGUE})
        members = User.objects.filter(team_places__team=step.team_id, is_active=True).exclude(pk=step.assignee_id or 0)
        self.fields["colleague"].queryset = members.order_by("name")  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.exclude(pk=step.team_id).order_by("name")  # type: ignore[attr-defined]

    @property
    def holder(self) -> User | None:
        """Who had the step when the page was opened."""
        return User.objects.filter(pk=self.cleaned_data.get("holder_id") or 0).first()

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or {}
        wanted = filled.get("to")
        for name, words in ((self.COLLEAGUE, _("Choose the colleague.")), (self.TEAM, _("Choose the team."))):
            if wanted == name and not filled.get(name) and name not in self.errors:
                self.add_error(name, words)
        return filled


class AbsenceForm(forms.Form):
    """Who is away, when, and who stands in."""

    user = forms.ModelChoiceField(label=_("Who is away"), queryset=User.objects.none())
    first_date = forms.DateField(label=_("First day"), widget=DayInput)
    last_date = forms.DateField(label=_("Last day"), widget=DayInput)
    substitute = forms.ModelChoiceField(
        label=_("Substitute"),
        queryset=User.objects.at_work().order_by("name"),
        required=False,
        empty_label=_("Nobody"),
    )

    def __init__(self, people: QuerySet[User], filled: QueryDict | None = None, **more: Any) -> None:
        super().__init__(filled, **more)
        self.fields["user"].queryset = people.order_by("name")  # type: ignore[attr-defined]


class TakeForm(forms.Form):
    """Nothing to fill in."""
