"""What moves money between the partner and us: what waits for the partner's word, and what for our second person."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from interactions.domain import agenda, standing
from interactions.models import Approval
from partners.domain import access
from partners.enums import MONEY, Permission
from partners.errors import NotPermitted
from partners.middleware import ActorRequest
from partners.portal.entrance import for_partners, own_partner

SHOWN = 50


@require_safe
@for_partners
def approvals(request: ActorRequest) -> HttpResponse:
    """For whose role any of it is; who decides goes on at the matter, with two factors."""
    allowed = sorted(permission for permission in MONEY if access.may(request.actor, permission))
    if not allowed:
        raise NotPermitted(Permission.APPROVE_SETTLEMENT)
    access.require_to_look(request.actor, Permission(allowed[0]))
    waiting = agenda.waiting(request.actor).filter(type__permission__in=allowed)
    ours = Approval.objects.visible_to(request.actor).to_decide().select_related("interaction", "bank_account")
    context = {
        "partner": own_partner(request),
        "waiting": [standing.of(one, at=timezone.now()) for one in agenda.with_steps(waiting[:SHOWN])],
        "waiting_count": waiting.count(),
        "ours": list(ours.order_by("pk")[:SHOWN]),
    }
    return render(request, "portal/interactions/approvals.html", context)
