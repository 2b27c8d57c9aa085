"""What waits for a second person: the list of it, and the page on which that person approves or refuses."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from interactions.console import loaders, problems
from interactions.console.problems import REFUSALS
from interactions.domain import approvals as verbs
from interactions.domain import bank_details, orchestration
from interactions.domain.plans import APPROVED, REFUSED
from interactions.errors import TermsChanged
from interactions.models import Approval, ApprovalKind, Step
from interactions.models.approval import ApprovalQuerySet
from partners.domain import absences, access, keyset
from partners.middleware import ActorRequest
from partners.payloads import Actor

ROWS = 50
MOST_REASON = verbs.MOST_REASON


class DecisionForm(forms.Form):
    """Yes or no, and why; `seen` is what was on the page."""

    decision = forms.ChoiceField(
        label=lazy("Decision"),
        widget=forms.RadioSelect,
        choices=[(APPROVED, lazy("Approve")), (REFUSED, lazy("Refuse"))],
        error_messages={"required": lazy("Approve it or refuse it.")},
    )
    reason = forms.CharField(
        label=lazy("Reason"),
        max_length=MOST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("It stays on the record. A refusal needs one."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decision") == REFUSED and not cleaned.get("reason"):
            self.add_error("reason", lazy("Say why it is refused."))
        return cleaned


@require_safe
def approvals(request: ActorRequest) -> HttpResponse:
    """What waits, the oldest first; of these, what this person may decide is marked."""
    actor = loaders.representative(request)
    looks = access.only_looks(actor)
    kinds = [kind for kind, permission in verbs.NEEDS.items() if looks or access.may(actor, permission)]
    page = keyset.page(
        waiting(actor).filter(kind__in=kinds),
        ("id",),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=ROWS,
    )
    rows = [(approval, may_decide(approval, actor)) for approval in page.rows]
    context = {"page": page, "rows": rows, "may_any": bool(kinds)}
    return render(request, "console/interactions/approvals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def approval(request: ActorRequest, approval_id: int) -> HttpResponse:
    """One, with all that it binds: how much, to whom, asked by whom."""
    actor = loaders.representative(request)
    found = load(actor, approval_id)
    access.require_to_look(actor, verbs.NEEDS[ApprovalKind(found.kind)])
    form = DecisionForm(request.POST if request.method == "POST" else None, initial={"seen": found.binding})
    status = 200
    if request.method == "POST":
        access.require(actor, verbs.NEEDS[ApprovalKind(found.kind)])
        status = problems.UNPROCESSABLE
        if form.is_valid():
            try:
                decide(found, form, acting(actor, found))
            except REFUSALS as refusal:
                problem = problems.tell(form, refusal)
                form.add_error(None, problem) if problem else None
                status = problems.status_of(refusal)
            else:
                messages.success(request, _("It is decided, and on the record."))
                return redirect("console-interactions:approvals")
    context = {
        "approval": found,
        "account": found.bank_account,
        "form": form,
        "may_decide": may_decide(found, actor),
    }
    return render(request, "console/interactions/approval.html", context, status=status)


def decide(found: Approval, form: DecisionForm, actor: Actor) -> None:
    """Through whatever it is about: a step goes on in its plan, an account comes into force."""
    decision, reason, seen = (form.cleaned_data[name] for name in ("decision", "reason", "seen"))
    at = timezone.now()
    if found.step is not None:
        finish(found.step, outcome=reason, decision=decision, seen=seen, actor=actor, at=at)
    else:
        bank_details.decide(found, approves=decision == APPROVED, reason=reason, seen=seen, actor=actor, at=at)


def finish(step: Step, *, actor: Actor, at: datetime, **told: Any) -> None:
    """See `orchestration.finish`; what has changed is asked for as it is now, for whoever looks again."""
    try:
        orchestration.finish(step, actor=actor, at=at, **told)
    except TermsChanged:
        orchestration.ask_anew(step, actor=actor, at=at)
        raise


def may_decide(found: Approval, actor: Actor) -> bool:
    return not access.only_looks(actor) and verbs.may_decide(found, acting(actor, found))


def acting(actor: Actor, found: Approval) -> Actor:
    """Whoever stands in for somebody absent, who has the step, decides for that one."""
    holder = found.step.assignee_id if found.step else None
    return absences.on_behalf(actor, holder, on=timezone.now().date())


def waiting(actor: Actor) -> ApprovalQuerySet:
    related = ("partner", "asked_by", "interaction", "step", "bank_account")
    return Approval.objects.visible_to(actor).to_decide().select_related(*related)


def load(actor: Actor, approval_id: int) -> Approval:
    """One that waits; what was decided is on the record of what it was about."""
    found = waiting(actor).filter(pk=min(approval_id, loaders.MOST_ID)).first()
    if found is None:
        raise Http404
    return found
