"""One company of the demo world has a sign-in of its own; its provider is as made up as the company."""

from datetime import datetime, timedelta

from config.demo.world import World
from partners.enums import SignOnKind
from partners.models import Membership, RoleKind, SignOnIdentity, SignOnRole, SingleSignOn

COMPANY = "Globex Networks"
MEANINGS = {"partner-desk-interconnect": "interconnect-carrier"}


def set_up(world: World, *, now: datetime) -> None:
    company = next(one for one in world.companies if one.partner.name == COMPANY)
    sign_on = SingleSignOn.objects.create(
        partner=company.partner,
        name=COMPANY,
        slug="globex-networks",
        kind=SignOnKind.OPENID,
        issuer=f"https://login.{company.domain}",
        client_id="partner-desk",
        client_secret="of-a-made-up-provider",  # noqa: S106  it opens nothing
        roles_claim="groups",
        second_factor_values=["mfa"],
        domains=[company.domain],
        is_active=True,
    )
    for value, code in MEANINGS.items():
        SignOnRole.objects.create(sign_on=sign_on, value=value, role_kind=RoleKind.objects.get(code=code))
    places = Membership.objects.filter(partner=company.partner).select_related("user").order_by("pk")
    for number, place in enumerate(places[:2]):
        used_at = now - timedelta(days=number, hours=3)
        SignOnIdentity.objects.create(sign_on=sign_on, user=place.user, subject=f"00u{number}x7", used_at=used_at)
    SignOnIdentity.objects.filter(sign_on=sign_on).update(created_at=now - timedelta(days=40))
