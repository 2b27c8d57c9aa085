"""Log a call: who, what was asked, what was answered; one form, one press."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from interactions.console import loaders, problems, verifying
from interactions.console.forms import MOST_TEXT, long_text
from interactions.console.problems import REFUSALS, UNPROCESSABLE
from interactions.console.verifying import Given
from interactions.console.widgets import LOCAL, MomentField
from interactions.domain import callers, logbook
from interactions.domain.callers import Caller
from interactions.enums import Direction
from interactions.errors import NotAccepted
from interactions.models import Call, CallerCheck, Interaction, InteractionType
from interactions.payloads import Intake
from partners.enums import Channel
from partners.forms.fields import configured_choices
from partners.middleware import ActorRequest
from partners.models import Partner
from partners.payloads import Actor

TEMPLATE = "console/interactions/log_call.html"
FIELD_OF = {"happened_at": "started_at", "resolution": "answer", "reply_to": "matter", "caller": "number"}


class CallForm(forms.Form):
    """A call as its taker writes it down; `partner` and `matter` are ids, empty for somebody and something new."""

    CLOSE, KEEP = "close", "keep"

    number = forms.CharField(label=gettext_lazy("Caller's number"), max_length=40, required=False)
    name = forms.CharField(label=gettext_lazy("Caller's name"), max_length=150, required=False)
    partner_name = forms.CharField(label=gettext_lazy("Or find the partner by name"), max_length=200, required=False)
    partner = forms.CharField(max_length=20, required=False)
    matter = forms.CharField(max_length=20, required=False)
    call = forms.CharField(max_length=20, required=False)
    type = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=500, required=False)
    text = long_text(gettext_lazy("What was said"), most=MOST_TEXT)
    answer = long_text(gettext_lazy("Your answer"), most=MOST_TEXT, required=False)
    outcome = forms.ChoiceField(choices=[(CLOSE, gettext_lazy("Close")), (KEEP, gettext_lazy("Keep open"))])
    started_at = MomentField(label=gettext_lazy("Began"), required=False)
    ended_at = MomentField(label=gettext_lazy("Ended"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = configured_choices(InteractionType.objects.active().allowing(Direction.INBOUND))
        self.fields["type"].choices = types  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or {}
        if not filled.get("matter"):
            for name, sentence in [
                ("subject", _("Say in a few words what it is about.")),
                ("type", _("Choose a type.")),
            ]:
                if not filled.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        if filled.get("outcome") == self.CLOSE and not filled.get("answer"):
            self.add_error("answer", _("Say what was answered."))
        began, ended = filled.get("started_at"), filled.get("ended_at")
        if began and began > timezone.now():
            self.add_error("started_at", _("The call cannot begin in the future."))
        if began and ended and ended < began:
            self.add_error("ended_at", _("The call cannot end before it begins."))
        return filled


@require_http_methods(["GET", "HEAD", "POST"])
def log_call(request: ActorRequest) -> HttpResponse:
    actor = loaders.worker(request)
    at = timezone.now()
    if request.method != "POST":
        return look(request, actor, at=at)
    form = CallForm(request.POST)
    page = page_of(request.POST, form, actor, at=at)
    status = UNPROCESSABLE
    if form.is_valid():
        try:
            interaction = write_down(form, page, actor=actor, at=at)
        except REFUSALS as error:
            status = problems.status_of(error)
            refuse(form, error)
        else:
            messages.success(request, done_words(interaction))
            return redirect("console-interactions:page", interaction.number)
    return show(request, page, at=at, status=status)


@require_POST
def verify(request: ActorRequest) -> HttpResponse:
    """Try one means of verifying the caller, or look somebody up; what was typed so far stays."""
    actor = loaders.worker(request)
    at = timezone.now()
    form = CallForm(initial={name: request.POST.get(name, "") for name in CallForm.base_fields})
    page = page_of(request.POST, form, actor, at=at)
    if page.caller.partner is None:
        return show(request, page, at=at)
    tried = verifying.attempt(request.POST, page.caller.partner, page.check, page.told, actor=actor, at=at)
    if tried is not None:
        page = replace(page, check=tried.check, attempt=tried)
    return show(request, page, at=at, status=UNPROCESSABLE if tried is not None and tried.is_refused else 200)


def look(request: ActorRequest, actor: Actor, *, at: datetime) -> HttpResponse:
    """The form, filled with what is known of the caller; for htmx only who it may be."""
    told = loaders.call(request.GET.get("call", ""))
    initial: dict[str, object] = {"started_at": begun_at(told, at), "outcome": CallForm.CLOSE, "type": "general-query"}
    if told is not None:
        initial |= {"number": told.caller, "name": told.person.name if told.person else "", "call": told.pk}
    given = {name: value for name, value in request.GET.items() if name in CallForm.base_fields and value}
    return show(request, page_of(request.GET, CallForm(initial=initial | given), actor, at=at), at=at)


@dataclass(frozen=True, kw_only=True)
class CallPage:
    """The page of a call: the form, who calls as far as that is known, and how they were verified."""

    form: CallForm
    told: Call | None
    caller: Caller
    check: CallerCheck | None
    attempt: verifying.Attempt | None = None


def page_of(given: Given, form: CallForm, actor: Actor, *, at: datetime) -> CallPage:
    """What a request speaks of."""
    told = loaders.call(given.get("call", ""))
    caller = caller_of(given, actor, told, at=at)
    check = None
    if caller.partner is not None:
        check = loaders.caller_check(actor, caller.partner, told, given.get("check", ""), at=at)
    return CallPage(form=form, told=told, caller=caller, check=check)


def show(request: ActorRequest, page: CallPage, *, at: datetime, status: int = 200) -> HttpResponse:
    """The page, or for htmx only the part about the caller."""
    partner, matters = page.caller.partner, page.caller.open_matters
    context = {
        "form": page.form,
        "told": page.told,
        "caller": page.caller,
        "recent": callers.recent_calls(at=at),
        "chosen_matter": str(page.form["matter"].value() or ""),
        "verification": verifying.of(partner, page.check, matters, at=at, attempt=page.attempt) if partner else None,
        "at": at,
    }
    is_part = request.htmx and not request.htmx.history_restore_request
    return render(request, f"{TEMPLATE}#callers" if is_part else TEMPLATE, context, status=status)


def caller_of(given: Given, actor: Actor, told: Call | None, *, at: datetime) -> Caller:
    """Who it may be, from what was typed so far."""
    chosen = loaders.partner(actor, given.get("partner", "")) or (told.partner if told else None)
    number = given.get("number", "") or (told.caller if told else "")
    return callers.find(number=number, name=given.get("partner_name", ""), chosen=chosen, actor=actor, at=at)


def begun_at(told: Call | None, at: datetime) -> str:
    moment = (told.answered_at or told.rang_at if told else None) or at
    return timezone.localtime(moment).strftime(LOCAL)


def write_down(form: CallForm, page: CallPage, *, actor: Actor, at: datetime) -> Interaction:
    filled = form.cleaned_data
    partner = loaders.partner(actor, filled["partner"])
    matter = matter_of(filled["matter"], partner, actor)
    if partner is None and filled["partner"]:
        raise NotAccepted("partner", _("There is no such partner."))
    if matter is None and filled["matter"]:
        raise NotAccepted("matter", _("Choose one of this partner's matters, or something new."))
    call = Intake(
        channel=Channel.PHONE,
        direction=Direction.INBOUND,
        subject=filled["subject"] or (matter.subject if matter else ""),
        text=filled["text"],
        happened_at=filled["started_at"] or at,
        ended_at=filled["ended_at"] or at,
        type_code=filled["type"],
        partner_id=matter.partner_id if matter else partner.pk if partner else None,
        reply_to=matter.pk if matter else None,
        sender=filled["number"],
        sender_name=filled["name"],
        is_closed_at_once=filled["outcome"] == CallForm.CLOSE,
        resolution=filled["answer"],
    )
    return logbook.write_down(call, answer=filled["answer"], actor=actor, at=at, told=page.told, check=page.check)


def matter_of(text: str, partner: Partner | None, actor: Actor) -> Interaction | None:
    """The open matter that a call continues, if one was chosen that is this partner's."""
    found = loaders.id_in(text)
    seen = Interaction.objects.visible_to(actor).filter(pk=found or 0)
    return (seen.filter(partner=partner) if partner else seen).first()


def refuse(form: CallForm, error: Exception) -> None:
    field = problems.field_of(error)
    field = FIELD_OF.get(field, field)
    form.add_error(field if field in form.fields else None, str(error))


def done_words(interaction: Interaction) -> str:
    if interaction.is_open:
        return _("%(number)s: the call is logged and stays open.") % {"number": interaction.number}
    return _("%(number)s: the call is logged and closed.") % {"number": interaction.number}
