"""The partner's own details, and the choice of whom somebody acts for."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from partners.domain import access, directory, interruptions, switching
from partners.domain.translations import translated
from partners.errors import ChoiceNotOffered
from partners.middleware import ROLE_KEY, ActorRequest
from partners.models import Partner
from partners.portal.entrance import for_partners


@require_safe
@for_partners
def organisation(request: ActorRequest) -> HttpResponse:
    """What we know of the partner: its roles, agreements and contacts."""
    today = timezone.now().date()
    partner = load(request)
    contacts = [
        contact for contact in partner.contacts.all() if not contact.valid_until or contact.valid_until >= today
    ]
    return render(request, "portal/partners/organisation.html", {"partner": partner, "contacts": contacts})


@require_POST
def act_as(request: ActorRequest) -> HttpResponse:
    """Act for another partner, or in another role, from now on; and on to what was begun in that one and waits."""
    try:
        acting = switching.act_as(
            request.user,
            request.POST.get("choice", ""),
            proof=request.acting.proof,
            actor=request.actor,
            at=timezone.now(),
        )
    except ChoiceNotOffered:
        raise PermissionDenied from None
    if acting.shortfall is not None:
        return redirect("account_role")
    if acting.membership is not None:
        request.session[ROLE_KEY] = access.choice_key(acting.membership, acting.role)
        role = translated(acting.role.kind.name) if acting.role else ""
        named = {"partner": acting.membership.partner.name, "role": role}
        said = _("You now act for %(partner)s, %(role)s.") if acting.role else _("You now act for %(partner)s.")
        messages.success(request, said % named)
    waiting = request.POST.get("waiting", "")
    is_waiting = interruptions.waiting(request.session, waiting, user_id=request.actor.user_id, at=timezone.now())
    return redirect("step_up", waiting) if is_waiting else redirect("portal-interactions:home")


def load(request: ActorRequest) -> Partner:
    """The partner that the person acts for, with all that is known of it, or 404 when it is gone."""
    partner = directory.with_everything(request.actor.partner_id or 0, request.actor)
    if partner is None:
        raise Http404
    return partner
