"""How somebody gets what a sign-in lacks: the credentials they have that would do, and those they could set up."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.domain import factors
from partners.domain.mandates import Shortfall
from partners.enums import AssuranceLevel, CredentialKind
from partners.middleware import ActorRequest
from partners.models import SingleSignOn, User

STRENGTH = {
    CredentialKind.PASSWORD: AssuranceLevel.SINGLE,
    CredentialKind.TOTP: AssuranceLevel.DOUBLE,
    CredentialKind.PASSKEY: AssuranceLevel.RESISTANT,
}


@dataclass(frozen=True, kw_only=True)
class Way:
    """One thing to do; `sets_up` says that the credential is not there yet."""

    url: str
    icon: str
    label: str | Promise
    about: str | Promise
    sets_up: bool = False


SHOW = {
    CredentialKind.TOTP: Way(
        url="mfa_reauthenticate",
        icon="smartphone",
        label=_("Enter a code"),
        about=_("From your authenticator app, or a recovery code."),
    ),
    CredentialKind.PASSKEY: Way(
        url="mfa_reauthenticate_webauthn",
        icon="fingerprint-pattern",
        label=_("Use your passkey"),
        about=_("With your fingerprint, your face, a PIN or a security key."),
    ),
}
SET_UP = {
    CredentialKind.TOTP: Way(
        url="mfa_activate_totp",
        icon="smartphone",
        label=_("Set up an authenticator app"),
        about=_("An app on your phone shows a code that you type when you sign in."),
        sets_up=True,
    ),
    CredentialKind.PASSKEY: Way(
        url="mfa_add_webauthn",
        icon="fingerprint-pattern",
        label=_("Set up a passkey"),
        about=_("Your fingerprint, your face, a PIN or a security key: nobody can trick you into giving it away."),
        sets_up=True,
    ),
}
PASSWORD = Way(url="account_reauthenticate", icon="key-round", label=_("Enter your password"), about="")


def to_fill(shortfall: Shortfall, request: ActorRequest, *, following: str) -> list[Way]:
    """The ways to what is missing, those first that need nothing new; none where only another sign-in would do."""
    wanted = wanted_kinds(shortfall)
    user = request.user
    there = factors.of(user.pk)
    ways = [SHOW[kind] for kind in wanted if kind in there]
    if CredentialKind.PASSWORD in wanted and isinstance(user, User) and user.has_usable_password():
        ways.append(PASSWORD)
    # whoever has a second factor shows it before setting up another
    can_set_up = not there or shortfall.level == AssuranceLevel.RESISTANT or not ways
    if through := request.acting.proof.sign_on:
        company = by_company(through, following) if shortfall.level <= AssuranceLevel.DOUBLE else []
        return company + [addressed(way, following) for way in ways]
    ways += [SET_UP[kind] for kind in wanted if kind in SET_UP and kind not in there and can_set_up]
    return [addressed(way, following) for way in ways]


def by_company(sign_on: int, following: str) -> list[Way]:
    """Whoever came by their company's sign-in goes there again, where it can say that it asked for two factors."""
    found = SingleSignOn.objects.active().filter(pk=sign_on).exclude(second_factor_values=[]).first()
    if found is None:
        return []
    url = reverse("account-company:start", args=[found.slug])
    query = urlencode({"strongly": "1", "next": following})
    about = _("Your company asks for a second factor, and you come back here.")
    return [Way(url=f"{url}?{query}", icon="building-2", label=found.name, about=about)]


def wanted_kinds(shortfall: Shortfall) -> list[CredentialKind]:
    """Kinds of credential that would do, of those that can be shown or set up within a session."""
    offered = [kind for kind in STRENGTH if not shortfall.kinds or kind in shortfall.kinds]
    return [kind for kind in offered if STRENGTH[kind] >= shortfall.level] or offered


def addressed(way: Way, following: str) -> Way:
    return replace(way, url=f"{reverse(way.url)}?{urlencode({'next': following})}")
