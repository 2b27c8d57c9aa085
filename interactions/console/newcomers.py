"""Who wrote to us for the first time: one of a partner that we know, a partner to be, or neither."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from interactions.console import loaders
from interactions.console.forms import long_text
from interactions.console.problems import CONFLICT, UNPROCESSABLE
from interactions.domain import newcomers as verbs
from interactions.errors import NotAccepted
from interactions.models import Interaction
from partners.domain import access, newcomers
from partners.domain.translations import country
from partners.enums import ContactMedium, PartnerStatus, Permission
from partners.errors import AlreadyThere, NotANewcomer, NotJoinable, TooManyInvitations
from partners.forms.fields import ConfiguredField
from partners.middleware import ActorRequest
from partners.models import Partner, RoleKind

REFUSALS = (NotAccepted, NotANewcomer, NotJoinable, AlreadyThere, TooManyInvitations)
SHOWN = 10


class JoinForm(forms.Form):
    """The partner that it belongs to, one of those that were found."""

    partner = forms.ChoiceField(
        label=gettext_lazy("Partner"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the partner.")},
    )

    def __init__(self, *args: Any, found: list[Partner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), " · ".join(filter(None, [one.name, country(one.country)]))) for one in found]
        self.fields["partner"].choices = choices  # type: ignore[attr-defined]


class RegisterForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the partner"), max_length=newcomers.MOST_NAME)
    kind = ConfiguredField(
        label=gettext_lazy("Role"),
        queryset=RoleKind.objects.order_by("name"),
        empty_label=gettext_lazy("Choose a role"),
    )
    administrator = forms.EmailField(
        label=gettext_lazy("First administrator"),
        max_length=254,
        help_text=gettext_lazy("Is invited by mail, and invites the others."),
    )
    administrator_name = forms.CharField(label=gettext_lazy("Name"), max_length=150, required=False)


class RefuseForm(forms.Form):
    reason = long_text(
        gettext_lazy("Reason"),
        rows=2,
        most=newcomers.MOST_REASON,
        help_text=gettext_lazy("What is open is cancelled with it, and the sender is told."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def newcomer(request: ActorRequest, partner_id: int) -> HttpResponse:
    """What they wrote, and the three things that can be decided about them."""
    actor = loaders.worker(request)
    found = Partner.objects.visible_to(actor).filter(pk=min(partner_id, loaders.MOST_ID)).first()
    act = ACTS.get(request.POST.get("act", ""))
    if found is None or (found.status != PartnerStatus.PROSPECT and act is None):
        raise Http404
    if request.method == "POST" and act is not None:
        return act(request, found)
    return show(request, found, status=UNPROCESSABLE if request.method == "POST" else 200)


def show(request: ActorRequest, found: Partner, *, status: int = 200, **given: Any) -> HttpResponse:
    text = request.GET.get("q", "")
    matters = Interaction.objects.visible_to(request.actor).filter(partner=found).with_names().order_by("-pk")
    contact = found.contacts.filter(medium=ContactMedium.EMAIL).order_by("pk").first()
    known = {"administrator": contact.value, "administrator_name": contact.name} if contact else {}
    there = newcomers.candidates(found, request.actor, text=text)
    context = {
        "newcomer": found,
        "matters": list(matters[:SHOWN]),
        "text": text,
        "found": there,
        "join_form": JoinForm(found=there, initial={"partner": str(there[0].pk)} if len(there) == 1 else {}),
        "register_form": RegisterForm(initial={"name": found.name, **known}),
        "refuse_form": RefuseForm(),
        **given,
    }
    return render(request, "console/interactions/newcomer.html", context, status=status)


def attempt(request: ActorRequest, found: Partner, name: str, form: forms.Form, act: Callable[[], str]) -> HttpResponse:
    """Do it, or show the form again with what is wrong."""
    status = UNPROCESSABLE
    if form.is_valid():
        try:
            said = act()
        except REFUSALS as refusal:
            status = CONFLICT if isinstance(refusal, NotANewcomer) else UNPROCESSABLE
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return redirect("console-interactions:triage")
    return show(request, found, status=status, **{name: form})


def join(request: ActorRequest, found: Partner) -> HttpResponse:
    chosen = loaders.partner(request.actor, request.POST.get("partner", ""))
    form = JoinForm(request.POST, found=[chosen] if chosen else [])

    def act() -> str:
        count = verbs.join(found, chosen or found, actor=request.actor, at=timezone.now())
        words = ngettext("%(n)d matter is now of %(partner)s.", "%(n)d matters are now of %(partner)s.", count)
        return words % {"n": count, "partner": chosen.name if chosen else ""}

    return attempt(request, found, "join_form", form, act)


def register(request: ActorRequest, found: Partner) -> HttpResponse:
    access.require(request.actor, Permission.MANAGE_PEOPLE)
    form = RegisterForm(request.POST)

    def act() -> str:
        newcomers.register(found, **form.cleaned_data, actor=request.actor, at=timezone.now())
        told = {"partner": form.cleaned_data["name"], "address": form.cleaned_data["administrator"]}
        return _("%(partner)s is a partner now; %(address)s is invited.") % told

    return attempt(request, found, "register_form", form, act)


def refuse(request: ActorRequest, found: Partner) -> HttpResponse:
    form = RefuseForm(request.POST)

    def act() -> str:
        verbs.refuse(found, reason=form.cleaned_data["reason"], actor=request.actor, at=timezone.now())
        return _("%(name)s is refused.") % {"name": found.name}

    return attempt(request, found, "refuse_form", form, act)


ACTS: dict[str, Callable[[ActorRequest, Partner], HttpResponse]] = {
    "join": join,
    "register": register,
    "refuse": refuse,
}
