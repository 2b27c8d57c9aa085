"""Where the partner is paid, and a new account proposed: it counts once a second person has approved it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from interactions.domain import bank_details
from interactions.errors import NotAccepted, NotWaiting
from partners.domain import access
from partners.enums import Permission
from partners.middleware import ActorRequest
from partners.portal.entrance import for_partners, own_partner


class AccountForm(forms.Form):
    """Whose account, and its number."""

    holder = forms.CharField(label=lazy("Account holder"), max_length=bank_details.MOST_HOLDER)
    iban = forms.CharField(
        label=lazy("IBAN"),
        max_length=bank_details.MOST_IBAN,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=lazy("Such as DE89 3704 0044 0532 0130 00."),
    )

    def refuse(self, refusal: NotAccepted) -> None:
        self.add_error(refusal.attribute if refusal.attribute in self.fields else None, refusal.reason)


@require_http_methods(["GET", "HEAD", "POST"])
@for_partners
def bank_account(request: ActorRequest) -> HttpResponse:
    """The account in force, one that is proposed, and the form for another."""
    access.require_to_look(request.actor, Permission.CHANGE_BANK_DETAILS)
    partner = own_partner(request)
    form = AccountForm(request.POST if request.method == "POST" else None, initial={"holder": partner.legal_name})
    if request.method == "POST":
        access.require(request.actor, Permission.CHANGE_BANK_DETAILS)
        if form.is_valid() and proposed(request, form):
            messages.success(request, _("We check it, and tell your administrators when it is in force."))
            return redirect("portal-interactions:bank_account")
    context: dict[str, Any] = {
        "partner": partner,
        "form": form,
        "in_force": partner.bank_accounts.in_force().first(),
        "proposed": partner.bank_accounts.proposed().select_related("proposed_by").first(),
    }
    return render(request, "portal/interactions/bank_account.html", context, status=422 if form.errors else 200)


@require_POST
@for_partners
def withdraw_account(request: ActorRequest) -> HttpResponse:
    """Take back what was proposed."""
    access.require(request.actor, Permission.CHANGE_BANK_DETAILS)
    account = own_partner(request).bank_accounts.proposed().first()
    try:
        if account is not None:
            bank_details.withdraw(account, actor=request.actor, at=timezone.now())
            messages.success(request, _("The proposed account is withdrawn."))
    except NotWaiting as refusal:
        messages.error(request, str(refusal))
    return redirect("portal-interactions:bank_account")


def proposed(request: ActorRequest, form: AccountForm) -> bool:
    """Whether it was handed in; else the form says why not."""
    try:
        bank_details.propose(own_partner(request), **form.cleaned_data, actor=request.actor, at=timezone.now())
    except NotAccepted as refusal:
        form.refuse(refusal)
    return not form.errors
