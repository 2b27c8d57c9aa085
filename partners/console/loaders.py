"""What comes into a view of the console, or 404."""

from django.http import Http404

from partners import rules
from partners.middleware import ActorRequest
from partners.models import Partner

MOST_ID = 2**63 - 1


def partner_of(request: ActorRequest, partner_id: int) -> Partner:
    """The partner a page is about; the console is for representatives."""
    if not rules.can_see_partners(request.actor):
        raise Http404
    partner = Partner.objects.visible_to(request.actor).filter(pk=min(partner_id, MOST_ID)).first()
    if partner is None:
        raise Http404
    return partner
