"""What was set aside: look at it safely, let it in, add it to an interaction, or refuse it with the reason."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from interactions.channels import text as texts
from interactions.console import loaders, problems
from interactions.console.forms import long_text
from interactions.console.problems import REFUSALS, UNPROCESSABLE
from interactions.domain import search
from interactions.domain import triage as deciding
from interactions.enums import MessageState
from interactions.errors import NotAccepted, Unreadable
from interactions.models import InboundMessage, Interaction
from interactions.payloads import Mail
from partners.enums import Channel, PartnerStatus
from partners.middleware import ActorRequest

SIZE = 50
MOST_SHOWN = 20_000  # characters of an original that is shown as it is
TABS = {
    "waiting": (gettext_lazy("To decide"), [MessageState.QUARANTINED, MessageState.UNREADABLE]),
    "ignored": (gettext_lazy("Automatic"), [MessageState.IGNORED]),
    "rejected": (gettext_lazy("Refused"), [MessageState.REJECTED]),
}


class AcceptForm(forms.Form):
    """Where the message belongs; empty for a new matter of its sender."""

    interaction = forms.CharField(
        label=gettext_lazy("Add it to"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("The number of an interaction, such as BPI-0000123. Empty: a new one."),
    )


class RejectForm(forms.Form):
    reason = long_text(gettext_lazy("Reason"), rows=2, most=300, help_text=gettext_lazy("Kept with the message."))


@require_safe
def triage(request: ActorRequest) -> HttpResponse:
    actor = loaders.representative(request)
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in TABS else "waiting"
    found = InboundMessage.objects.filter(state__in=TABS[chosen][1]).select_related("interaction__partner")
    older = loaders.id_in(request.GET.get("after", ""))
    if older is not None:
        found = found.filter(pk__lt=older)
    rows = list(found.order_by("-pk")[: SIZE + 1])
    prospects = Interaction.objects.visible_to(actor).open().filter(partner__status=PartnerStatus.PROSPECT)
    shown = list(prospects.with_names().order_by("-id")[:10]) if older is None else []
    context = {
        "tabs": [(code, name, code == chosen) for code, (name, _states) in TABS.items()],
        "chosen": chosen,
        "rows": rows[:SIZE],
        "older": rows[SIZE - 1].pk if len(rows) > SIZE else None,
        "prospects": shown,
        "newcomers": list(dict.fromkeys(interaction.partner for interaction in shown)),
    }
    return render(request, "console/interactions/triage.html", context)


@require_safe
def message(request: ActorRequest, message_id: int) -> HttpResponse:
    return show(request, loaders.message(request, message_id))


def show(request: ActorRequest, message: InboundMessage, *, status: int = 200, **given: Any) -> HttpResponse:
    mail = mail_of(message)
    context = {
        "message": message,
        "mail": mail,
        "raw": "" if mail else raw_of(message),
        "can_accept": message.channel == Channel.EMAIL and message.state in deciding.RESCUABLE,
        "can_reject": message.channel == Channel.EMAIL and message.state in deciding.WAITING,
        "accept_form": AcceptForm(initial={"interaction": named_in(message)}),
        "reject_form": RejectForm(),
        **given,
    }
    return render(request, "console/interactions/message.html", context, status=status)


def mail_of(message: InboundMessage) -> Mail | None:
    """The mail in readable parts, or nothing when it cannot be read."""
    try:
        return deciding.read_again(message) if message.original else None
    except (NotAccepted, Unreadable):
        return None


def raw_of(message: InboundMessage) -> str:
    """The beginning of the original as plain characters, whatever it is."""
    try:
        with message.original.open("rb") as kept:
            return texts.clean(kept.read(MOST_SHOWN).decode("utf-8", "replace"), most=MOST_SHOWN)
    except (OSError, ValueError):
        return ""


def named_in(message: InboundMessage) -> str:
    return message.interaction.number if message.interaction else ""


@require_POST
def accept(request: ActorRequest, message_id: int) -> HttpResponse:
    message = loaders.message(request, message_id)
    form = AcceptForm(request.POST)
    status = UNPROCESSABLE
    if form.is_valid():
        try:
            wanted = chosen(request, form.cleaned_data["interaction"])
            received = deciding.accept(message, actor=request.actor, at=timezone.now(), interaction=wanted)
        except REFUSALS as error:
            status = problems.status_of(error)
            form.add_error("interaction" if problems.field_of(error) == "interaction" else None, str(error))
        else:
            messages.success(request, _("The message was let in."))
            if received.interaction is None:
                return redirect("console-interactions:triage")
            return redirect("console-interactions:page", received.interaction.number)
    return show(request, loaders.message(request, message_id), status=status, accept_form=form)


def chosen(request: ActorRequest, text: str) -> Interaction | None:
    """The interaction that somebody typed the number of; raises NotAccepted when there is none."""
    if not text.strip():
        return None
    found = Interaction.objects.visible_to(request.actor).filter(pk=search.number_in(text) or 0).first()
    if found is None:
        raise NotAccepted("interaction", _("There is no interaction “%(number)s”.") % {"number": text.strip()})
    return found


@require_POST
def reject(request: ActorRequest, message_id: int) -> HttpResponse:
    message = loaders.message(request, message_id)
    form = RejectForm(request.POST)
    status = UNPROCESSABLE
    if form.is_valid():
        try:
            deciding.reject(message, reason=form.cleaned_data["reason"], actor=request.actor, at=timezone.now())
        except REFUSALS as error:
            status = problems.status_of(error)
            field = problems.field_of(error)
            form.add_error(field if field in form.fields else None, str(error))
        else:
            messages.success(request, _("The message was refused."))
            return redirect("console-interactions:triage")
    return show(request, loaders.message(request, message_id), status=status, reject_form=form)
