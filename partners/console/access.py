"""The keys of a partner's systems and devices: made, given new secrets and revoked by us."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.console.loaders import MOST_ID, partner_of
from partners.domain import access, credentials, keyset, perimeter
from partners.domain.credentials import Issued
from partners.enums import Permission
from partners.errors import CredentialMade
from partners.forms.keys import NOT_DONE, ChangeForm, KeyForm, RotationForm
from partners.middleware import ActorRequest
from partners.models import Credential, Partner
from partners.models.credential import CredentialQuerySet

ROWS = 50


@require_safe
def keys(request: ActorRequest, partner_id: int) -> HttpResponse:
    """Every key, the newest first, with how long it works and when it was used."""
    access.require_to_look(request.actor, Permission.MANAGE_CREDENTIALS)
    partner = partner_of(request, partner_id)
    marks = {name: request.GET.get(name, "") for name in ("after", "before")}
    page = keyset.page(keys_of(request, partner), ("-id",), size=ROWS, **marks)
    base = reverse("console-partners:keys", args=[partner.pk])
    context = {"partner": partner, "page": page, "now": timezone.now(), "base": base}
    return render(request, "console/partners/keys.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new_key(request: ActorRequest, partner_id: int) -> HttpResponse:
    """Make one; its secret is on the page that answers, and nowhere else."""
    access.require(request.actor, Permission.MANAGE_CREDENTIALS)
    partner, now = partner_of(request, partner_id), timezone.now()
    roles = perimeter.grantable(partner, request.actor, on=now.date())
    given = request.POST if request.method == "POST" else None
    form = KeyForm(given, roles=roles, actor=request.actor, at=now)
    try:
        issued = form.issue(actor=request.actor, at=now) if form.is_valid() else None
    except CredentialMade as made:
        messages.warning(request, str(made))
        return redirect("console-partners:key", partner_id, made.credential_id)
    if issued is not None:
        return show_once(request, issued)
    context = {"partner": partner, "form": form, "base": reverse("console-partners:keys", args=[partner.pk])}
    return render(request, "console/partners/new_key.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def key(request: ActorRequest, partner_id: int, credential_id: int) -> HttpResponse:
    """One key, and what it may be changed to."""
    access.require_to_look(request.actor, Permission.MANAGE_CREDENTIALS)
    credential, now = load(request, partner_id, credential_id), timezone.now()
    form = ChangeForm(request.POST if request.method == "POST" else None, credential=credential, actor=request.actor)
    if request.method == "POST":
        access.require(request.actor, Permission.MANAGE_CREDENTIALS)
        if form.is_valid() and form.change(at=now):
            messages.success(request, _("%(key)s is changed.") % {"key": form.cleaned_data["name"]})
            return redirect("console-partners:key", partner_id, credential.pk)
    context = {
        "partner": credential.role.partner,
        "credential": credential,
        "works": credential.works(now),
        "now": now,
        "form": form,
        "rotation": RotationForm(credential=credential),
        "base": reverse("console-partners:keys", args=[partner_id]),
    }
    return render(request, "console/partners/key.html", context, status=422 if form.errors else 200)


@require_POST
@never_cache
def rotate_key(request: ActorRequest, partner_id: int, credential_id: int) -> HttpResponse:
    """Give it a new secret, which is on the page that answers."""
    access.require(request.actor, Permission.MANAGE_CREDENTIALS)
    credential = load(request, partner_id, credential_id)
    form = RotationForm(request.POST, credential=credential)
    if not form.is_valid():
        messages.error(request, _("Choose how long the old secret works on."))
        return redirect("console-partners:key", partner_id, credential.pk)
    try:
        return show_once(request, form.rotate(actor=request.actor, at=timezone.now()))
    except NOT_DONE as refusal:
        messages.error(request, str(refusal))
        return redirect("console-partners:key", partner_id, credential.pk)


@require_POST
def revoke_key(request: ActorRequest, partner_id: int, credential_id: int) -> HttpResponse:
    """End it at once."""
    access.require(request.actor, Permission.MANAGE_CREDENTIALS)
    credential = load(request, partner_id, credential_id)
    credentials.revoke(credential, actor=request.actor, at=timezone.now())
    messages.success(request, _("%(key)s is revoked, with every token given for it.") % {"key": credential.name})
    return redirect("console-partners:key", partner_id, credential.pk)


def show_once(request: ActorRequest, issued: Issued) -> HttpResponse:
    """The one page that shows a secret."""
    partner = issued.credential.role.partner
    base = reverse("console-partners:keys", args=[partner.pk])
    context = {"partner": partner, "issued": issued, "base_url": settings.BASE_URL, "base": base}
    return render(request, "console/partners/secret.html", context)


def keys_of(request: ActorRequest, partner: Partner) -> CredentialQuerySet:
    own = Credential.objects.visible_to(request.actor).filter(role__partner=partner)
    return own.select_related("role__kind", "role__partner", "created_by")


def load(request: ActorRequest, partner_id: int, credential_id: int) -> Credential:
    """A key of the partner, or 404."""
    found = keys_of(request, partner_of(request, partner_id)).filter(pk=min(credential_id, MOST_ID)).first()
    if found is None:
        raise Http404
    return found
