"""An invitation is opened by its link: make an account, or sign in, and act for the partner from then on."""

from allauth.account.forms import LoginForm
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from partners.domain import access, fence, onboarding
from partners.domain.translations import translated
from partners.errors import AccountExists, InvitationSpent, InvitedAsSomebodyElse
from partners.forms.joining import JoiningForm
from partners.middleware import ROLE_KEY, ActorRequest
from partners.models import Invitation, Membership, User

MOST_TOKEN = 200


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@fence.standing_for(fence.ENTERPRISE)  # whoever comes belongs to nobody yet, or to another partner
def invitation(request: ActorRequest, token: str) -> HttpResponseBase:
    """Looking changes nothing: mail programs open links before people do."""
    found = onboarding.behind(token, at=timezone.now()) if len(token) <= MOST_TOKEN else None
    if found is None:
        return spent(request)
    try:
        if isinstance(request.user, User):
            return as_somebody(request, found, request.user)
        if User.objects.filter(email=found.address).exists():
            return show(request, found, "sign_in", {"next": request.path})
        return as_somebody_new(request, found)
    except InvitationSpent:
        return spent(request)


def as_somebody(request: ActorRequest, found: Invitation, user: User) -> HttpResponseBase:
    """Whoever is signed in accepts, if they are who was invited."""
    if request.method != "POST":
        is_invited = user.email.lower() == found.address and not user.is_representative
        return show(request, found, "accept" if is_invited else "somebody_else")
    try:
        membership = onboarding.accept(found, user, level=request.actor.level, at=timezone.now())
    except InvitedAsSomebodyElse:
        return show(request, found, "somebody_else", status=403)
    return on_to_work(request, membership)


def as_somebody_new(request: ActorRequest, found: Invitation) -> HttpResponseBase:
    """Make an account, and sign in to it through the door that everybody goes through."""
    form = JoiningForm(request.POST if request.method == "POST" else None, address=found.address, name=found.name)
    if not form.is_valid():
        return show(request, found, "register", {"form": form}, status=422 if form.is_bound else 200)
    password = form.cleaned_data["password"]
    try:
        joined = onboarding.register(found, name=form.cleaned_data["name"], password=password, at=timezone.now())
    except AccountExists:
        return show(request, found, "sign_in", {"next": request.path}, status=409)
    entering = LoginForm({"login": found.address, "password": password}, request=request)
    if not entering.is_valid():
        return redirect("account_login")
    answer: HttpResponseBase = entering.login(request, redirect_url=reverse("home"))
    return on_to_work(request, joined) if isinstance(request.user, User) else answer


def on_to_work(request: ActorRequest, membership: Membership) -> HttpResponse:
    """To the portal, acting for the partner; where that needs more than a password, the portal asks for it first."""
    role = membership.roles.order_by("kind__name").first()
    request.session[ROLE_KEY] = access.choice_key(membership, role)
    messages.success(request, _("Welcome. You act for %(partner)s now.") % {"partner": membership.partner.name})
    return redirect("portal-interactions:home")


def show(
    request: HttpRequest,
    found: Invitation,
    situation: str,
    more: dict[str, object] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    roles = [translated(role.kind.name) for role in found.roles.select_related("kind").order_by("kind__name")]
    context = {"invitation": found, "situation": situation, "role_names": roles, **(more or {})}
    return render(request, "account/invitation.html", context, status=status)


def spent(request: HttpRequest) -> HttpResponse:
    """One answer, whether there never was such an invitation or it is over."""
    return render(request, "account/invitation_spent.html", status=404)
