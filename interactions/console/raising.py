"""Raise a query or complaint to a partner: to whom, what, and what we expect by when."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from interactions.console import loaders, problems
from interactions.console.forms import MOST_TEXT, long_text
from interactions.console.problems import REFUSALS, UNPROCESSABLE
from interactions.console.typed_fields import TypedForm
from interactions.console.widgets import FilesField, MomentField
from interactions.domain import callers, catalogue, outbound, visits
from interactions.domain.lifecycle import MOST_WAITING_FOR, Words
from interactions.enums import Direction
from interactions.models import Interaction, InteractionType, TypeVersion
from interactions.payloads import Intake
from partners.domain.translations import translated
from partners.enums import Channel, Priority
from partners.middleware import ActorRequest
from partners.models import Partner
from partners.payloads import Actor


class RaiseForm(TypedForm):
    """What we put to a partner, with the fields of its type."""

    role = forms.ChoiceField(label=gettext_lazy("In the role of"), required=False)
    people = forms.MultipleChoiceField(
        label=gettext_lazy("Addressed to"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Nobody chosen: whoever the partner named for such matters."),
    )
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=500)
    text = long_text(gettext_lazy("Text"), rows=8, most=MOST_TEXT)
    waiting_for = forms.CharField(
        label=gettext_lazy("What we expect"),
        max_length=MOST_WAITING_FOR,
        help_text=gettext_lazy("The partner reads it as the next step."),
    )
    waiting_until = MomentField(label=gettext_lazy("By when"))
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Priority"), choices=Priority.choices, coerce=int, initial=Priority.NORMAL
    )
    attachments = FilesField(label=gettext_lazy("Files"), required=False)

    def __init__(self, partner: Partner, version: TypeVersion, *args: Any, at: datetime) -> None:
        super().__init__(*args)
        roles = [(str(role.pk), translated(role.kind.name)) for role in callers.roles_of(partner, at=at)]
        self.fields["role"].choices = roles if len(roles) == 1 else [("", _("Not stated")), *roles]  # type: ignore[attr-defined]
        self.fields["people"].choices = callers.addresses_of(partner, at=at)  # type: ignore[attr-defined]
        self.ask(version.fields)

    def clean_waiting_until(self) -> datetime:
        until: datetime = self.cleaned_data["waiting_until"]
        if until <= timezone.now():
            raise forms.ValidationError(_("Give a moment in the future."))
        return until


@require_http_methods(["GET", "HEAD", "POST"])
def raise_matter(request: ActorRequest) -> HttpResponse:
    actor = loaders.worker(request)
    at = timezone.now()
    partner = loaders.partner(actor, request.GET.get("partner", ""))
    if partner is None:
        return choose_partner(request, actor, at=at)
    types = list(InteractionType.objects.active().allowing(Direction.OUTBOUND).order_by("partner_may_raise", "id"))
    wanted = request.GET.get("type", "")
    type_ = next((type_ for type_ in types if type_.code == wanted), types[0] if types else None)
    if type_ is None:
        return choose_partner(request, actor, at=at)
    version = catalogue.current(type_)
    if request.method != "POST":
        return show(request, RaiseForm(partner, version, at=at), partner, type_, types)
    form = RaiseForm(partner, version, request.POST, request.FILES, at=at)
    status = UNPROCESSABLE
    if form.is_valid():
        try:
            interaction = put(form, partner, type_, actor=actor, at=at)
        except REFUSALS as error:
            status = problems.status_of(error)
            if sentence := problems.tell(form, error):
                form.add_error(None, sentence)
        else:
            messages.success(request, _("%(number)s was raised.") % {"number": interaction.number})
            return redirect("console-interactions:page", interaction.number)
    return show(request, form, partner, type_, types, status=status)


def choose_partner(request: ActorRequest, actor: Actor, *, at: datetime) -> HttpResponse:
    """The first question: to whom?"""
    name = request.GET.get("q", "")
    caller = callers.find(number="", name=name, chosen=None, actor=actor, at=at)
    context = {"found": caller.partners, "wanted": name.strip(), "lately": visits.partners_of(actor)}
    return render(request, "console/interactions/raise_to.html", context)


def show(
    request: ActorRequest,
    form: RaiseForm,
    partner: Partner,
    type_: InteractionType,
    types: list[InteractionType],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "partner": partner, "type": type_, "types": types}
    return render(request, "console/interactions/raise.html", context, status=status)


def put(form: RaiseForm, partner: Partner, type_: InteractionType, *, actor: Actor, at: datetime) -> Interaction:
    filled = form.cleaned_data
    matter = Intake(
        channel=Channel.EMAIL,
        direction=Direction.OUTBOUND,
        subject=filled["subject"],
        text=filled["text"],
        happened_at=at,
        type_code=type_.code,
        partner_id=partner.pk,
        role_id=int(filled["role"]) if filled["role"] else None,
        priority=Priority(filled["priority"]),
        values=form.stored,
        files=[*form.own_files(), *filled["attachments"]],
        recipients=filled["people"],
    )
    words = Words(waiting_for=filled["waiting_for"], waiting_until=filled["waiting_until"])
    return outbound.put_to_partner(matter, words, actor=actor, at=at)
