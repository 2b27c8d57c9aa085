"""What staff do for a partner's machines and people from the admin, by the verbs that portal and console use.

Each needs the right in Django, the permission of the person, and two factors shown lately.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partners.admin.base import actor_of
from partners.domain import access, perimeter
from partners.domain.credentials import Issued
from partners.enums import Permission
from partners.errors import CredentialMade
from partners.forms.keys import NOT_DONE, ChangeForm, KeyForm, RotationForm
from partners.forms.people import InvitationForm
from partners.models import Credential, Partner
from partners.payloads import Actor

PAGES = ["GET", "HEAD", "POST"]


def allowed(request: HttpRequest, right: str, permission: Permission) -> Actor:
    """Who acts; raises PermissionDenied, NotPermitted or StepUpNeeded."""
    if not request.user.has_perm(right):
        raise PermissionDenied
    actor = actor_of(request)
    access.require(actor, permission)
    return actor


def page(request: HttpRequest, row: Any, title: str, form: forms.Form, button: str) -> TemplateResponse:
    context = {
        **admin.site.each_context(request),
        "title": title,
        "opts": row._meta,
        "row": row,
        "form": form,
        "button": button,
    }
    return TemplateResponse(request, "admin/partners/act.html", context, status=422 if form.errors else 200)


def secret(request: HttpRequest, issued: Issued) -> TemplateResponse:
    """The one page that shows it."""
    context = {
        **admin.site.each_context(request),
        "title": _("Copy the secret now"),
        "opts": Credential._meta,
        "issued": issued,
        "base_url": settings.BASE_URL,
    }
    return TemplateResponse(request, "admin/partners/secret.html", context)


def back_to(credential: Credential) -> HttpResponse:
    return redirect("admin:partners_credential_change", credential.pk)


@require_http_methods(PAGES)
@never_cache
def new_key(request: HttpRequest, partner_id: int) -> HttpResponse:
    actor, now = allowed(request, "partners.add_credential", Permission.MANAGE_CREDENTIALS), timezone.now()
    partner = get_object_or_404(Partner, pk=partner_id)
    given = request.POST if request.method == "POST" else None
    form = KeyForm(given, roles=perimeter.grantable(partner, actor, on=now.date()), actor=actor, at=now)
    try:
        issued = form.issue(actor=actor, at=now) if form.is_valid() else None
    except CredentialMade as made:
        messages.warning(request, str(made))
        return redirect("admin:partners_credential_change", made.credential_id)
    if issued is not None:
        return secret(request, issued)
    return page(request, partner, _("A key for a system or device of %(name)s") % {"name": partner}, form, _("Make it"))


@require_http_methods(PAGES)
@never_cache
def renew_key(request: HttpRequest, credential_id: int) -> HttpResponse:
    """A new secret beside the old one, for as long as is chosen."""
    actor = allowed(request, "partners.change_credential", Permission.MANAGE_CREDENTIALS)
    credential = get_object_or_404(Credential.objects.select_related("role__partner"), pk=credential_id)
    form = RotationForm(request.POST if request.method == "POST" else None, credential=credential)
    if form.is_valid():
        try:
            return secret(request, form.rotate(actor=actor, at=timezone.now()))
        except NOT_DONE as refusal:
            messages.error(request, str(refusal))
            return back_to(credential)
    return page(request, credential, _("A new secret for %(name)s") % {"name": credential}, form, _("Make it"))


@require_http_methods(PAGES)
def change_key(request: HttpRequest, credential_id: int) -> HttpResponse:
    """Another name, other scopes, another end."""
    actor = allowed(request, "partners.change_credential", Permission.MANAGE_CREDENTIALS)
    credential = get_object_or_404(Credential.objects.select_related("role__kind"), pk=credential_id)
    form = ChangeForm(request.POST if request.method == "POST" else None, credential=credential, actor=actor)
    if form.is_valid() and form.change(at=timezone.now()):
        messages.success(request, _("%(key)s is changed.") % {"key": form.cleaned_data["name"]})
        return back_to(credential)
    return page(request, credential, _("Change %(name)s") % {"name": credential}, form, _("Save"))


@require_http_methods(PAGES)
def invite(request: HttpRequest, partner_id: int) -> HttpResponse:
    actor, now = allowed(request, "partners.add_invitation", Permission.MANAGE_PEOPLE), timezone.now()
    partner = get_object_or_404(Partner, pk=partner_id)
    form = InvitationForm(
        request.POST if request.method == "POST" else None,
        roles=perimeter.grantable(partner, actor, on=now.date()),
        language=partner.language,
    )
    if form.is_valid() and (invitation := form.invite(partner, actor=actor, at=now)):
        messages.success(request, _("An invitation is on its way to %(address)s.") % {"address": invitation.address})
        return redirect("admin:partners_partner_change", partner.pk)
    return page(request, partner, _("Invite somebody to act for %(name)s") % {"name": partner}, form, _("Invite"))
