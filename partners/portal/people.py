"""The partner's own people: who they are, for everybody; inviting and changing them, for who may manage people."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.domain import access, colleagues, keyset, onboarding, perimeter
from partners.enums import Permission, PersonAct
from partners.forms import people as forms
from partners.middleware import ActorRequest
from partners.models import Membership, Partner
from partners.portal.entrance import for_partners, own_partner

ROWS = 50
MOST_ID = 2**63 - 1


@require_safe
@for_partners
def people(request: ActorRequest) -> HttpResponse:
    """Who acts for the partner and in which roles; for who manages them also how they stand, and who was invited."""
    partner = own_partner(request)
    now = timezone.now()
    text = request.GET.get("q", "")
    page = keyset.page(
        colleagues.of(partner, request.actor, on=now.date(), text=text),
        colleagues.ORDER,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=ROWS,
    )
    sees = access.may_look(request.actor, Permission.MANAGE_PEOPLE)
    context = {
        "partner": partner,
        "page": page,
        "text": text,
        "manages": access.may(request.actor, Permission.MANAGE_PEOPLE),
        "sees": sees,
        "invitations": colleagues.invited(partner, request.actor) if sees else [],
        "now": now,
        "base": reverse("portal-partners:people"),
    }
    return render(request, "portal/partners/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_partners
def invite(request: ActorRequest) -> HttpResponse:
    """Ask somebody to act for the partner."""
    access.require(request.actor, Permission.MANAGE_PEOPLE)
    partner, now = own_partner(request), timezone.now()
    form = forms.InvitationForm(
        request.POST if request.method == "POST" else None,
        roles=perimeter.grantable(partner, request.actor, on=now.date()),
        language=partner.language,
    )
    if form.is_valid() and (invitation := form.invite(partner, actor=request.actor, at=now)):
        messages.success(request, _("An invitation is on its way to %(address)s.") % {"address": invitation.address})
        return redirect("portal-partners:people")
    context = {"partner": partner, "form": form, "base": reverse("portal-partners:people")}
    return render(request, "portal/partners/invite.html", context, status=422 if form.errors else 200)


@require_POST
@for_partners
def invitation(request: ActorRequest, invitation_id: int) -> HttpResponse:
    """Send one again, or withdraw it."""
    access.require(request.actor, Permission.MANAGE_PEOPLE)
    open_ones = colleagues.invited(own_partner(request), request.actor)
    found = get_object_or_404(open_ones, pk=min(invitation_id, MOST_ID))
    try:
        if request.POST.get("act") == "withdraw":
            onboarding.withdraw(found, actor=request.actor, at=timezone.now())
            messages.success(request, _("The invitation to %(address)s is withdrawn.") % {"address": found.address})
        else:
            onboarding.send_again(found, actor=request.actor, at=timezone.now())
            messages.success(request, _("The invitation to %(address)s goes out again.") % {"address": found.address})
    except forms.NOT_INVITED as refusal:
        messages.error(request, str(refusal))
    return redirect("portal-partners:people")


@require_http_methods(["GET", "HEAD", "POST"])
@for_partners
def person(request: ActorRequest, membership_id: int) -> HttpResponse:
    """One of the people, and what may be done to that person."""
    partner, now = own_partner(request), timezone.now()
    access.require_to_look(request.actor, Permission.MANAGE_PEOPLE)
    membership = colleague(request, partner, membership_id)
    grantable = perimeter.grantable(partner, request.actor, on=now.date())
    if request.method == "POST":
        access.require(request.actor, Permission.MANAGE_PEOPLE)
        return act(request, membership, forms.PersonActForm(request.POST, roles=grantable))
    context = {
        "partner": partner,
        "member": membership,
        "grantable": list(grantable),
        "is_self": membership.user_id == request.actor.user_id,
        "may_block": perimeter.can_block(membership, request.actor),
        "may_unblock": perimeter.can_unblock(membership, request.actor),
        "base": reverse("portal-partners:people"),
    }
    return render(request, "portal/partners/person.html", context)


def act(request: ActorRequest, membership: Membership, form: forms.PersonActForm) -> HttpResponse:
    """Do it, and back to the person, or to everybody when the person is gone."""
    back = redirect("portal-partners:person", membership.pk)
    if not form.is_valid():
        messages.error(request, forms.first_error(form))
        return back
    try:
        form.perform(membership, actor=request.actor, at=timezone.now())
    except forms.REFUSALS as refusal:
        messages.error(request, str(refusal))
        return back
    messages.success(request, forms.said(form.chosen, membership))
    return redirect("portal-partners:people") if form.chosen == PersonAct.REMOVE else back


def colleague(request: ActorRequest, partner: Partner, membership_id: int) -> Membership:
    """Somebody who belongs to the own partner, or 404."""
    today = timezone.now().date()
    found = colleagues.of(partner, request.actor, on=today).filter(pk=min(membership_id, MOST_ID)).first()
    if found is None:
        raise Http404
    return found
