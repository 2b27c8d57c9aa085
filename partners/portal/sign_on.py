"""The company's own sign-in as its administrators see it: which provider, who came by it, and a way to try it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from partners.domain import access, sign_on_people, single_sign_on
from partners.domain.single_sign_on import Addresses
from partners.enums import Permission
from partners.middleware import ActorRequest
from partners.models import SignOnIdentity, SingleSignOn
from partners.portal.entrance import for_partners
from partners.transports import key_pairs


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A sign-on with what is computed of it."""

    sign_on: SingleSignOn
    addresses: Addresses
    certificate_ends_at: datetime | None


@require_safe
@for_partners
def sign_on(request: ActorRequest) -> HttpResponse:
    """Every way in by the company's own provider; staff set it up, since a domain has to be checked."""
    if not access.may(request.actor, Permission.MANAGE_PEOPLE):
        raise PermissionDenied
    shown = [
        Shown(
            sign_on=one,
            addresses=single_sign_on.addresses_of(one),
            certificate_ends_at=key_pairs.ends_at(one.signing_certificate),
        )
        for one in single_sign_on.shown_to(request.actor)
    ]
    return render(request, "portal/partners/sign_on.html", {"shown": shown})


@require_POST
@for_partners
def unlink(request: ActorRequest, identity_id: int) -> HttpResponse:
    """Take a person off the company's sign-in; what it opened for them ends now."""
    access.require(request.actor, Permission.MANAGE_PEOPLE)
    identity = SignOnIdentity.objects.visible_to(request.actor).select_related("user").filter(pk=identity_id).first()
    if identity is None:
        raise Http404
    sign_on_people.unlink(identity, actor=request.actor, at=timezone.now())
    told = _("%(name)s is signed out there, and is linked anew at the next sign-in.")
    messages.success(request, told % {"name": identity.user.name})
    return redirect("portal-partners:sign_on")
