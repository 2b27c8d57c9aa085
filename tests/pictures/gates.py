"""The pages around signing in: what is missing, how it is got, and what waits for a second person."""

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.utils import timezone

from interactions.domain import catalogue, enquiries
from interactions.models import Approval
from partners.domain import invitations, onboarding
from partners.enums import AssuranceLevel, CredentialKind, SignOnKind
from partners.models import Partner, SingleSignOn, StaffRole, User
from partners.payloads import SYSTEM
from tests.factories import world
from tests.factories.enquiries import an_enquiry, link_of
from tests.factories.factors import an_authenticator_app
from tests.factories.partners import RoleKindFactory
from tests.factories.sign_ons import a_saml_sign_on
from tests.pictures.sights import Sight

FACTORS = (
    *("/account/2fa/", "/account/2fa/totp/deactivate/", "/account/2fa/webauthn/add/", "/account/2fa/webauthn/"),
    *("/account/2fa/recovery-codes/", "/account/2fa/recovery-codes/generate/"),
    *("/account/reauthenticate/", "/account/2fa/reauthenticate/", "/account/2fa/webauthn/reauthenticate/"),
)

PASSKEY = {"name": "Laptop", "credential": {"clientExtensionResults": {"credProps": {"rk": True}}}}
BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1",
)


def all_of(only: str = "") -> list[Sight]:
    """Every sight of this kind whose page's name begins so; what is needed for it is made."""
    found = [*strangers(), *roles(), *factors(), *companies(), *approvals()]
    return [sight for sight in found if sight.name.startswith(only)]


def strangers() -> Iterator[Sight]:
    """Who is not signed in: asks, is invited, comes by a company."""
    now = timezone.now()
    kind = enquiries.open_types()[0]
    waiting, done = (an_enquiry(at=now, version=catalogue.current(kind)) for _ in range(2))
    link = link_of(done, at=now)
    enquiries.confirm(done, at=now)
    known = f"/account/invitation/{token_for(somebody().email)}/"
    for path, situation in (
        ("/ask/", "normal"),
        (f"/ask/{kind.code}/", "normal"),
        (link_of(waiting, at=now), "waiting"),
        (link, "done"),
        ("/ask/confirm/none/", "over"),
        (f"/account/invitation/{token_for('somebody.new@example.org')}/", "new"),
        (known, "known"),
        ("/account/invitation/none/", "over"),
        ("/account/company/", "normal"),
        ("/account/company/globex-networks/", "normal"),
        ("/account/login/code/", "normal"),
        ("/account/signup/", "normal"),
    ):
        yield Sight(path=path, situation=situation, viewer=None)
    yield Sight(path=known, situation="accept", viewer=somebody())


def token_for(address: str) -> str:
    """What the link in an invitation to an address ends in."""
    acme = Partner.objects.get(name="Acme Wholesale")
    onboarding.invite(
        acme, address, name="Sam Newman", roles=[acme.roles.earliest("pk")], actor=SYSTEM, at=timezone.now()
    )
    for sent in invitations.take(at=timezone.now()):
        invitations.note_sent(sent, at=timezone.now())  # else the worker takes it, with another token
        if sent.invitation.address == address:
            return sent.token
    raise LookupError(address)


def somebody() -> User:
    """A person of a partner, who acts for no other."""
    return person("Other Ltd", "Sam Newman")


def person(partner_name: str, name: str, **fields: Any) -> User:
    """Made once, also where the installation is kept."""
    email = f"{name.lower().replace(' ', '.')}@pictures.example.org"
    partner = Partner.objects.filter(name=partner_name).first() or world.a_partner(partner_name, role="wholesaler")
    return User.objects.filter(email=email).first() or world.a_person_of(partner, name, email=email, **fields)


def roles() -> Iterator[Sight]:
    """A person in several roles, of which one needs more; one of ours who has no second factor."""
    pia = person("Initech Carrier Services", "Pia Strand")
    partner = pia.memberships.get().partner
    if partner.roles.count() == 1:
        RoleKindFactory.create(code="settlement", name="Settlement", minimum_level=AssuranceLevel.RESISTANT)
        RoleKindFactory.create(code="desk", name="Company desk", credential_kinds=[CredentialKind.SINGLE_SIGN_ON])
        pia.memberships.get().roles.add(*(world.a_role(partner, code) for code in ("reseller", "settlement", "desk")))
    email = "nora.ohm@pictures.example.org"
    strict, _ = StaffRole.objects.get_or_create(code="strict", defaults={"name": "Keeper of the keys"})
    nora = User.objects.filter(email=email).first() or world.a_representative("Nora Ohm", email=email)
    User.objects.filter(pk=nora.pk).update(staff_role=strict)
    nora.refresh_from_db()
    yield Sight(path="/account/role/", situation="several", viewer=pia)
    yield Sight(path="/account/role/", situation="ours", viewer=nora, level=AssuranceLevel.SINGLE)


def factors() -> Iterator[Sight]:
    """Second factors of somebody who has some, and of somebody who has none."""
    ida = person("Acme Wholesale", "Ida Holm", is_administrator=True, password=world.PASSWORD)
    otto = person("Acme Wholesale", "Otto Lind", password=world.PASSWORD)
    if not Authenticator.objects.filter(user=ida).exists():
        an_authenticator_app(ida)
        RecoveryCodes.activate(ida)
    for path in FACTORS:
        yield Sight(path=path, situation="with", viewer=ida)
    for path in ("/account/2fa/", "/account/2fa/totp/activate/", "/account/2fa/webauthn/add/"):
        yield Sight(path=path, situation="without", viewer=otto, level=AssuranceLevel.SINGLE)
    petra = person("Acme Wholesale", "Petra Falk")
    key, _ = Authenticator.objects.get_or_create(user=petra, type=Authenticator.Type.WEBAUTHN, data=PASSKEY)
    for path in (
        "/account/2fa/webauthn/",
        *(f"/account/2fa/webauthn/keys/{key.pk}/{act}/" for act in ("edit", "remove")),
    ):
        yield Sight(path=path, situation="one", viewer=petra)
    invite = "/portal/organisation/people/invite/"
    yield Sight(path=invite, situation="step-up", viewer=ida, level=AssuranceLevel.SINGLE)
    yield Sight(path="/account/step-up/none/", situation="over", viewer=ida)
    for number, agent in enumerate(BROWSERS):
        session = world.signed_in(petra).session
        UserSession.objects.create(
            user=petra, ip=f"192.0.2.{number}", session_key=session.session_key, user_agent=agent
        )
    yield Sight(path="/account/sessions/", situation="several", viewer=petra)
    yield Sight(path="/account/inactive/", situation="normal", viewer=None)
    yield Sight(path="/account/password/reset/key/done/", situation="normal", viewer=None)
    yield Sight(path="/account/password/set/", situation="normal", viewer=petra)


def companies() -> Iterator[Sight]:
    """The company's own sign-in, by either kind, and where there is none."""
    saml = person("Saturn Mobile", "Anna Saml").memberships.get().partner
    if not SingleSignOn.objects.filter(partner=saml).exists():
        a_saml_sign_on(saml, "https://login.saturn.example", roles={"desk": "mvno"})
    openid = SingleSignOn.objects.get(slug="globex-networks").partner
    boss = User.objects.filter(is_superuser=True).earliest("pk")
    for name, situation in ((openid.name, "openid"), (saml.name, "saml"), ("Other Ltd", "none")):
        viewer = person(name, f"Bea {situation.title()}", is_administrator=True)
        yield Sight(path="/portal/organisation/sign-on/", situation=situation, viewer=viewer)
    for kind in SignOnKind:
        found = SingleSignOn.objects.filter(kind=kind).earliest("pk")
        yield Sight(path=f"/admin/partners/singlesignon/{found.pk}/change/", situation=kind, viewer=boss)
    yield Sight(path="/admin/partners/singlesignon/", situation="normal", viewer=boss)
    yield Sight(path="/admin/partners/singlesignon/add/", situation="normal", viewer=boss)


def approvals() -> Iterator[Sight]:
    """What moves money: for who may approve, for who asked, and for the partner."""
    boss = User.objects.filter(is_superuser=True).earliest("pk")
    waiting = Approval.objects.to_decide().order_by("pk")
    yield Sight(path="/console/approvals/", situation="normal", viewer=boss)
    for approval in waiting:
        yield Sight(path=f"/console/approvals/{approval.pk}/", situation=approval.kind, viewer=boss)
        if approval.step is not None and approval.interaction is not None:
            path = f"/console/interactions/{approval.interaction.number}/"
            yield Sight(path=f"{path}sheets/finish-{approval.step.position}/", situation=approval.kind, viewer=boss)
    for name, situation in (("Acme Wholesale", "proposed"), ("Globex Networks", "in-force"), ("Sunny Mobile", "none")):
        partner = Partner.objects.get(name=name)
        viewer = partner.memberships.filter(is_administrator=True).earliest("pk").user
        for path in ("/portal/organisation/bank-account/", "/portal/organisation/approvals/"):
            yield Sight(path=path, situation=situation, viewer=viewer)
