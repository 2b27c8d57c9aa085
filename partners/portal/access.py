"""The partner's own keys: of its systems and of its devices, made, given new secrets and revoked by itself."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.domain import access, credentials, keyset, perimeter
from partners.domain.credentials import Issued
from partners.enums import Permission
from partners.errors import CredentialMade
from partners.forms.keys import NOT_DONE, ChangeForm, KeyForm, RotationForm
from partners.middleware import ActorRequest
from partners.models import Credential
from partners.models.credential import CredentialQuerySet
from partners.portal.entrance import for_partners, own_partner

ROWS = 50
MOST_ID = 2**63 - 1


@require_safe
@for_partners
def keys(request: ActorRequest) -> HttpResponse:
    """Every key, the newest first, with how long it works and when it was used."""
    access.require_to_look(request.actor, Permission.MANAGE_CREDENTIALS)
    partner = own_partner(request)
    marks = {name: request.GET.get(name, "") for name in ("after", "before")}
    page = keyset.page(keys_of(request), ("-id",), size=ROWS, **marks)
    context = {"partner": partner, "page": page, "now": timezone.now(), "base": reverse("portal-partners:keys")}
    return render(request, "portal/partners/keys.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_partners
@never_cache
def new_key(request: ActorRequest) -> HttpResponse:
    """Make one; its secret is on the page that answers, and nowhere else."""
    access.require(request.actor, Permission.MANAGE_CREDENTIALS)
    partner, now = own_partner(request), timezone.now()
    roles = perimeter.grantable(partner, request.actor, on=now.date())
    given = request.POST if request.method == "POST" else None
    form = KeyForm(given, roles=roles, actor=request.actor, at=now)
    try:
        issued = form.issue(actor=request.actor, at=now) if form.is_valid() else None
    except CredentialMade as made:
        messages.warning(request, str(made))
        return redirect("portal-partners:key", made.credential_id)
    if issued is not None:
        return show_once(request, issued)
    context = {"partner": partner, "form": form, "base": reverse("portal-partners:keys")}
    return render(request, "portal/partners/new_key.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_partners
def key(request: ActorRequest, credential_id: int) -> HttpResponse:
    """One key, and what it may be changed to."""
    access.require_to_look(request.actor, Permission.MANAGE_CREDENTIALS)
    credential, now = load(request, credential_id), timezone.now()
    form = ChangeForm(request.POST if request.method == "POST" else None, credential=credential, actor=request.actor)
    if request.method == "POST":
        access.require(request.actor, Permission.MANAGE_CREDENTIALS)
        if form.is_valid() and form.change(at=now):
            messages.success(request, _("%(key)s is changed.") % {"key": form.cleaned_data["name"]})
            return redirect("portal-partners:key", credential.pk)
    context = {
        "partner": credential.role.partner,
        "credential": credential,
        "works": credential.works(now),
        "now": now,
        "form": form,
        "rotation": RotationForm(credential=credential),
        "base": reverse("portal-partners:keys"),
    }
    return render(request, "portal/partners/key.html", context, status=422 if form.errors else 200)


@require_POST
@for_partners
@never_cache
def rotate_key(request: ActorRequest, credential_id: int) -> HttpResponse:
    """Give it a new secret, which is on the page that answers."""
    access.require(request.actor, Permission.MANAGE_CREDENTIALS)
    credential = load(request, credential_id)
    form = RotationForm(request.POST, credential=credential)
    if not form.is_valid():
        messages.error(request, _("Choose how long the old secret works on."))
        return redirect("portal-partners:key", credential.pk)
    try:
        return show_once(request, form.rotate(actor=request.actor, at=timezone.now()))
    except NOT_DONE as refusal:
        messages.error(request, str(refusal))
        return redirect("portal-partners:key", credential.pk)


@require_POST
@for_partners
def revoke_key(request: ActorRequest, credential_id: int) -> HttpResponse:
    """End it at once."""
    access.require(request.actor, Permission.MANAGE_CREDENTIALS)
    credential = load(request, credential_id)
    credentials.revoke(credential, actor=request.actor, at=timezone.now())
    messages.success(request, _("%(key)s is revoked, with every token given for it.") % {"key": credential.name})
    return redirect("portal-partners:key", credential.pk)


def show_once(request: ActorRequest, issued: Issued) -> HttpResponse:
    """The one page that shows a secret."""
    partner = issued.credential.role.partner
    base = reverse("portal-partners:keys")
    context = {"partner": partner, "issued": issued, "base_url": settings.BASE_URL, "base": base}
    return render(request, "portal/partners/secret.html", context)


def keys_of(request: ActorRequest) -> CredentialQuerySet:
    """Those of the partner that the person acts for."""
    own = Credential.objects.visible_to(request.actor).filter(role__partner=request.actor.partner_id or 0)
    return own.select_related("role__kind", "role__partner", "created_by")


def load(request: ActorRequest, credential_id: int) -> Credential:
    found = keys_of(request).filter(pk=min(credential_id, MOST_ID)).first()
    if found is None:
        raise Http404
    return found
