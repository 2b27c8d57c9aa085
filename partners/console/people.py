"""The people of a partner, as its own administrators have them: invited, given roles, blocked and removed by us."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.console.loaders import MOST_ID, partner_of
from partners.domain import access, colleagues, keyset, onboarding, perimeter
from partners.enums import Permission, PersonAct
from partners.forms import people as forms
from partners.middleware import ActorRequest
from partners.models import Membership, Partner

ROWS = 50


@require_safe
def people(request: ActorRequest, partner_id: int) -> HttpResponse:
    """Who acts for the partner and in which roles; for who manages them also how they stand, and who was invited."""
    partner = partner_of(request, partner_id)
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
        "base": reverse("console-partners:people", args=[partner.pk]),
    }
    return render(request, "console/partners/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: ActorRequest, partner_id: int) -> HttpResponse:
    """Ask somebody to act for the partner."""
    access.require(request.actor, Permission.MANAGE_PEOPLE)
    partner, now = partner_of(request, partner_id), timezone.now()
    form = forms.InvitationForm(
        request.POST if request.method == "POST" else None,
        roles=perimeter.grantable(partner, request.actor, on=now.date()),
        language=partner.language,
    )
    if form.is_valid() and (invitation := form.invite(partner, actor=request.actor, at=now)):
        messages.success(request, _("An invitation is on its way to %(address)s.") % {"address": invitation.address})
        return redirect("console-partners:people", partner_id)
    context = {"partner": partner, "form": form, "base": reverse("console-partners:people", args=[partner.pk])}
    return render(request, "console/partners/invite.html", context, status=422 if form.errors else 200)


@require_POST
def invitation(request: ActorRequest, partner_id: int, invitation_id: int) -> HttpResponse:
    """Send one again, or withdraw it."""
    access.require(request.actor, Permission.MANAGE_PEOPLE)
    open_ones = colleagues.invited(partner_of(request, partner_id), request.actor)
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
    return redirect("console-partners:people", partner_id)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: ActorRequest, partner_id: int, membership_id: int) -> HttpResponse:
    """One of the people, and what may be done to that person."""
    partner, now = partner_of(request, partner_id), timezone.now()
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
        "base": reverse("console-partners:people", args=[partner.pk]),
    }
    return render(request, "console/partners/person.html", context)


def act(request: ActorRequest, membership: Membership, form: forms.PersonActForm) -> HttpResponse:
    """Do it, and back to the person, or to everybody when the person is gone."""
    back = redirect("console-partners:person", membership.partner_id, membership.pk)
    if not form.is_valid():
        messages.error(request, forms.first_error(form))
        return back
    try:
        form.perform(membership, actor=request.actor, at=timezone.now())
    except forms.REFUSALS as refusal:
        messages.error(request, str(refusal))
        return back
    messages.success(request, forms.said(form.chosen, membership))
    return redirect("console-partners:people", membership.partner_id) if form.chosen == PersonAct.REMOVE else back


def colleague(request: ActorRequest, partner: Partner, membership_id: int) -> Membership:
    """Somebody who belongs to the own partner, or 404."""
    today = timezone.now().date()
    found = colleagues.of(partner, request.actor, on=today).filter(pk=min(membership_id, MOST_ID)).first()
    if found is None:
        raise Http404
    return found
