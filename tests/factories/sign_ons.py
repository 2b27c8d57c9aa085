"""A company's own way in, as staff set it up."""

from typing import Any

from partners.enums import SignOnKind
from partners.models import Partner, SignOnRole, SingleSignOn
from tests.factories.identity_provider import key_pair, pem
from tests.factories.partners import RoleKindFactory


def a_sign_on(partner: Partner, provider: str = "https://login.acme.example", **fields: Any) -> SingleSignOn:
    """The partner's own sign-in by OpenID Connect; `roles={"sales": "dealer"}` says what words mean.

    It may speak for addresses at acme.example, if the partner's name begins with Acme.
    """
    meanings = fields.pop("roles", {})
    slug = fields.pop("slug", None) or partner.name.split()[0].lower()
    given: dict[str, Any] = {
        "name": partner.name,
        "kind": SignOnKind.OPENID,
        "issuer": provider,
        "client_id": "partner-desk",
        "client_secret": "secret-of-the-partner-desk",
        "domains": [f"{slug}.example"],
        "second_factor_values": ["mfa"],
        "is_active": True,
    }
    sign_on = SingleSignOn.objects.create(partner=partner, slug=slug, **(given | fields))
    for value, code in meanings.items():
        SignOnRole.objects.create(sign_on=sign_on, value=value, role_kind=RoleKindFactory(code=code))
    return sign_on


def a_saml_sign_on(partner: Partner, provider: str = "https://login.acme.example", **fields: Any) -> SingleSignOn:
    """The same by SAML."""
    key, certificate = key_pair("us")
    given: dict[str, Any] = {
        "kind": SignOnKind.SAML,
        "sign_in_url": f"{provider}/saml/sign-in",
        "certificates": key_pair("provider")[1],
        "signing_key": pem(key),
        "signing_certificate": certificate,
    }
    return a_sign_on(partner, provider, **(given | fields))
