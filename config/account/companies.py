"""Signing in with one's own company: from a mail address, or the partner's own page, to its provider and back."""

import hmac
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.core.internal import ratelimit
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners import rules
from partners.domain import access, sign_on_people, single_sign_on
from partners.domain.sign_on_people import Admitted, Refused
from partners.domain.translations import translated
from partners.enums import AssuranceLevel, SignOnKind, SignOnRefusal
from partners.middleware import ROLE_KEY, ActorRequest
from partners.models import SingleSignOn
from partners.transports.identities import AnswerRefused, Identity, ProviderUnreachable

KEPT = "company-sign-in"  # what the session keeps of a sign-in on its way
HINT = "company-address"
MOST_TOLD = 20  # of the words that a provider sends, on a page
STATUS = {SignOnRefusal.UNREACHABLE: 503, SignOnRefusal.NOT_PROVEN: 400}


class AddressForm(forms.Form):
    """Only the domain of the address matters, so the answer tells nothing about anybody."""

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address at work"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        self.found = list(single_sign_on.for_address(email))
        if not self.found:
            raise forms.ValidationError(_("No company's own sign-in is known for this address."))
        return email


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Which company signs somebody in, by their mail address."""
    if request.method == "POST" and (stop := too_often(request)):
        return stop
    form = AddressForm(request.POST or None)
    found: list[SingleSignOn] = []
    if request.method == "POST" and form.is_valid():
        request.session[HINT] = form.cleaned_data["email"]
        found = form.found
        if len(found) == 1:
            return HttpResponseRedirect(f"{page_of(found[0])}?{following(request, go='1')}")
    status = 422 if form.errors else 200
    return render(request, "account/company/find.html", {"form": form, "found": found}, status=status)


@login_not_required
@require_safe
def company(request: HttpRequest, slug: str) -> HttpResponse:
    """The partner's own sign-in page; a plain link leads on, since a form may not lead to another site."""
    sign_on = load_open(slug)
    start = f"{reverse('account-company:start', args=[slug])}?{following(request)}".rstrip("?")
    response = render(request, "account/company/page.html", {"sign_on": sign_on, "start": start})
    if request.GET.get("go"):
        response.headers["Refresh"] = f"0; url={start}"
    return response


@login_not_required
@require_safe
def start(request: ActorRequest, slug: str) -> HttpResponse:
    """Out to the company's provider; its administrators and staff may try it, before it is open as well."""
    is_trial = "trial" in request.GET
    sign_on = load(slug) if is_trial else load_open(slug)
    if is_trial and not rules.can_try(request.actor, sign_on):
        raise Http404
    if stop := too_often(request):
        return stop
    strongly = "strongly" in request.GET
    hint = request.session.pop(HINT, "")
    try:
        leaving = single_sign_on.depart(sign_on, at_address=here(sign_on), hint=hint, strongly=strongly)
    except ProviderUnreachable as failure:
        return refuse(request, sign_on, SignOnRefusal.UNREACHABLE, why=str(failure), is_trial=is_trial)
    kept = {"sign_on": sign_on.pk, "next": get_next_redirect_url(request) or "", **leaving.kept}
    request.session[KEPT] = kept | {"trial": is_trial}
    return HttpResponseRedirect(leaving.url)


@login_not_required
@require_safe
def callback(request: ActorRequest, slug: str) -> HttpResponse:
    """Back from a provider of OpenID Connect."""
    sign_on = load(slug, SignOnKind.OPENID)
    kept = kept_for(request, sign_on)
    state = request.GET.get("state", "")
    if not kept or not hmac.compare_digest(state.encode(), str(kept.get("state", "")).encode()):
        return lost(request, sign_on)
    try:
        identity = single_sign_on.arrive(sign_on, request.GET.dict(), kept, at_address=here(sign_on))
    except AnswerRefused as failure:
        return refuse(request, sign_on, SignOnRefusal.NOT_PROVEN, why=str(failure), is_trial=bool(kept["trial"]))
    except ProviderUnreachable as failure:
        return refuse(request, sign_on, SignOnRefusal.UNREACHABLE, why=str(failure), is_trial=bool(kept["trial"]))
    return let_in(request, sign_on, identity, kept)


@csrf_exempt  # another site posts here by design: nothing counts but what the provider signed
@login_not_required
@require_POST
def assertion(request: HttpRequest, slug: str) -> HttpResponse:
    """What a SAML provider posts; the browser brings no session along, so it is sent on with a ticket."""
    sign_on = load(slug, SignOnKind.SAML)
    if stop := too_often(request):
        return stop
    encoded = request.POST.get("SAMLResponse", "")
    try:
        ticket = single_sign_on.receive(sign_on, encoded, at_address=here(sign_on), at=timezone.now())
    except AnswerRefused as failure:
        return refuse(request, sign_on, SignOnRefusal.NOT_PROVEN, why=str(failure))
    return HttpResponseRedirect(f"{here(sign_on)}arrive/?{urlencode({'ticket': ticket})}")


@login_not_required
@require_safe
def arrive(request: ActorRequest, slug: str) -> HttpResponse:
    """Back from a SAML provider, with the session."""
    sign_on = load(slug, SignOnKind.SAML)
    kept = kept_for(request, sign_on)
    ticket = request.GET.get("ticket", "")
    try:
        identity = single_sign_on.collect(sign_on, ticket, {"request": kept.get("request", "")}, at=timezone.now())
    except AnswerRefused:
        return lost(request, sign_on)
    return let_in(request, sign_on, identity, kept)


@login_not_required
@require_safe
def metadata(_request: HttpRequest, slug: str) -> HttpResponse:
    """What the partner's administrators load into their SAML provider."""
    sign_on = load(slug, SignOnKind.SAML)
    content = single_sign_on.description(sign_on, at_address=here(sign_on))
    return HttpResponse(content, content_type="application/samlmetadata+xml")


def let_in(request: ActorRequest, sign_on: SingleSignOn, identity: Identity, kept: dict[str, Any]) -> HttpResponse:
    if kept.get("trial"):
        return tell(request, sign_on, identity)
    outcome = sign_on_people.admit(sign_on, identity, at=timezone.now())
    if isinstance(outcome, Refused):
        said = sorted(identity.roles)[:10] if outcome.reason == SignOnRefusal.NO_ROLE else []
        return refusal(request, sign_on, outcome.reason, said=said)
    level = AssuranceLevel.DOUBLE if identity.has_second_factor else AssuranceLevel.SINGLE
    return sign_in(request, sign_on, outcome, level, following=kept.get("next") or "")


def tell(request: ActorRequest, sign_on: SingleSignOn, identity: Identity) -> HttpResponse:
    """What the provider said, and what would come of it; whoever tried it stays who they are."""
    if not rules.can_try(request.actor, sign_on):
        raise Http404
    outcome = sign_on_people.foresee(sign_on, identity, at=timezone.now())
    meanings = dict.fromkeys(sorted(identity.roles)[:MOST_TOLD], "")
    known = sign_on.meanings.filter(value__in=meanings).values_list("value", "role_kind__name")
    meanings |= {value: translated(name) for value, name in known}
    context = {
        "sign_on": sign_on,
        "identity": identity,
        "meanings": meanings.items(),
        "outcome": outcome,
        "is_refused": isinstance(outcome, Refused),
    }
    return render(request, "account/company/trial.html", context)


def sign_in(
    request: ActorRequest, sign_on: SingleSignOn, admitted: Admitted, level: AssuranceLevel, *, following: str
) -> HttpResponse:
    """A session that reaches no further than the partner; one that is there already only gets stronger."""
    user = admitted.membership.user
    proven = {"method": "socialaccount", "level": int(level), "sign_on": sign_on.pk}
    if request.user.pk == user.pk and request.acting.proof.sign_on == sign_on.pk:
        record_authentication(request, user, reauthenticated=True, **proven)
        return HttpResponseRedirect(following or reverse("home"))
    if request.user.is_authenticated:
        get_adapter().logout(request)
    request.session.cycle_key()
    record_authentication(request, user, **proven)
    if admitted.role is not None:
        request.session[ROLE_KEY] = access.choice_key(admitted.membership, admitted.role)
    answer: HttpResponse = perform_login(
        request, user, email_verification="none", redirect_url=following or None, email=user.email
    )
    return answer


def refuse(
    request: HttpRequest, sign_on: SingleSignOn, reason: SignOnRefusal, *, why: str, is_trial: bool = False
) -> HttpResponse:
    """On the record; whoever sets the sign-on up is told the technical reason as well."""
    sign_on_people.refuse(sign_on, reason, why=why, at=timezone.now())
    return refusal(request, sign_on, reason, why=why if is_trial else "")


def lost(request: HttpRequest, sign_on: SingleSignOn) -> HttpResponse:
    """An answer to nothing that this browser asked: gone stale, asked for in another tab, or somebody else's."""
    return refusal(request, sign_on, SignOnRefusal.NOT_PROVEN, is_lost=True)


def refusal(request: HttpRequest, sign_on: SingleSignOn, reason: SignOnRefusal, **about: Any) -> HttpResponse:
    context = {"sign_on": sign_on, "reason": reason, **about}
    return render(request, "account/company/refused.html", context, status=STATUS.get(reason, 403))


def load(slug: str, kind: SignOnKind | None = None) -> SingleSignOn:
    """A sign-on, also while it is being set up."""
    sign_on = single_sign_on.named(slug)
    if sign_on is None or (kind is not None and sign_on.kind != kind):
        raise Http404
    return sign_on


def load_open(slug: str) -> SingleSignOn:
    sign_on = load(slug)
    if not sign_on.is_open:
        raise Http404
    return sign_on


def kept_for(request: HttpRequest, sign_on: SingleSignOn) -> dict[str, Any]:
    """What the session kept of this very sign-in; it counts once, and 404 where only a trial would be answered."""
    kept = request.session.pop(KEPT, None)
    found = kept if isinstance(kept, dict) and kept.get("sign_on") == sign_on.pk else {}
    if not sign_on.is_open and not found.get("trial"):
        raise Http404
    return found


def here(sign_on: SingleSignOn) -> str:
    """The partner's own sign-in page as it is published; answers and names of ours begin with it."""
    return single_sign_on.addresses_of(sign_on).page


def page_of(sign_on: SingleSignOn) -> str:
    return reverse("account-company:page", args=[sign_on.slug])


def following(request: HttpRequest, **more: str) -> str:
    led = get_next_redirect_url(request)
    return urlencode({**more, **({"next": led} if led else {})})


def too_often(request: HttpRequest) -> HttpResponse | None:
    """The answer to somebody who asks without end: each time we would ask a server of others."""
    if ratelimit.consume(request, app="allauth.account", action="single_sign_on", limit_get=True):
        return None
    answer: HttpResponse = ratelimit.respond_429(request)
    return answer
