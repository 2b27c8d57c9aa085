"""Who is there in the demo world: our people in their teams, companies with roles, people, contacts and agreements."""

import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password

from interactions.models import Team, TeamMember
from partners.domain import contacts
from partners.enums import MONEY, ActorKind, AssuranceLevel, ContactMedium, ContactPurpose, RoleStatus
from partners.models import Agreement, Contact, Membership, Partner, PartnerRole, RoleKind, StaffRole, User
from partners.payloads import Actor

HERE = Path(__file__).parent
PASSWORD = "demo-partner-desk"  # noqa: S105  printed and written for everybody to use; the seed refuses production
ADMINISTRATOR = "Ada Brandt"
APPROVING = "billing"  # the team whose people approve what moves money
OWN_DOMAIN = "example.org"
LOOKING = [("Dagny Holm", "auditor"), ("Yusuf Aksoy", "analyst")]
PURPOSES = [ContactPurpose.GENERAL, ContactPurpose.BILLING, ContactPurpose.ASSURANCE, ContactPurpose.FULFILMENT]


@dataclass(frozen=True, kw_only=True)
class Company:
    """A partner as the stories need it."""

    partner: Partner
    currency: str
    domain: str
    agreement: str
    roles: dict[str, PartnerRole]
    people: list[User] = field(default_factory=list)
    phones: dict[int, str] = field(default_factory=dict)

    def actor(self, person: User, kind: str) -> Actor:
        """The person, signed in and acting in the role of this kind."""
        return self.acting(ActorKind.PARTNER, kind, user_id=person.pk, label=person.name)

    def machine(self, kind: str) -> Actor:
        """The partner's own system."""
        return self.acting(ActorKind.MACHINE, kind, label=f"{self.partner.name} system", client_id=self.domain)

    def acting(self, actor_kind: ActorKind, role_kind: str, **who: Any) -> Actor:
        role = self.roles[role_kind]
        return Actor(
            kind=actor_kind,
            partner_id=self.partner.pk,
            role_id=role.pk,
            role=role_kind,
            level=AssuranceLevel.SINGLE,
            **who,
        )


@dataclass(frozen=True, kw_only=True)
class World:
    """Everybody; `teams` holds each team's people by its code, the lead first."""

    administrator: User
    representatives: list[User]
    leads: list[User]
    teams: dict[str, list[User]]
    companies: list[Company]

    def of_kinds(self, kinds: list[str]) -> list[tuple[Company, str]]:
        """Every company with each of its roles of these kinds; “*” stands for all kinds."""
        return [
            (company, kind) for company in self.companies for kind in company.roles if kind in kinds or "*" in kinds
        ]


def make(*, now: datetime) -> World:
    """Make everybody; all have the same demo password, hashed once."""
    told = tomllib.loads((HERE / "partners.toml").read_text())
    hashed = make_password(PASSWORD)
    everything = {"is_representative": True, "is_staff": True, "is_superuser": True, "permissions": sorted(MONEY)}
    administrator = person(ADMINISTRATOR, OWN_DOMAIN, hashed, **everything)
    representatives, leads, teams = make_representatives(told["representative"], hashed)
    for name, code in LOOKING:
        person(name, OWN_DOMAIN, hashed, is_representative=True, staff_role=StaffRole.objects.get(code=code))
    world = World(
        administrator=administrator,
        representatives=representatives,
        leads=leads,
        teams=teams,
        companies=[make_company(given, hashed, now=now) for given in told["partner"]],
    )
    share_a_person(world)
    add_past_roles(world, now=now)
    return world


def make_representatives(
    given: list[dict[str, Any]], hashed: str
) -> tuple[list[User], list[User], dict[str, list[User]]]:
    teams: dict[str, list[User]] = {}
    people, leads = [], []
    for one in given:
        user = person(one["name"], OWN_DOMAIN, hashed, is_representative=True, time_zone="Europe/Berlin")
        if APPROVING in one["teams"]:
            user.permissions = sorted(MONEY)
            user.save(update_fields=["permissions"])
        people.append(user)
        for code in one["teams"]:
            teams.setdefault(code, []).append(user)
            TeamMember.objects.create(team=Team.objects.get(code=code), user=user, is_lead=one.get("leads", False))
        if one.get("leads"):
            leads.append(user)
    return people, leads, teams


def person(name: str, domain: str, hashed: str, **fields: Any) -> User:
    email = f"{name.lower().replace(' ', '.')}@{domain}"
    return User.objects.create(email=email, name=name, password=hashed, **fields)


def make_company(given: dict[str, Any], hashed: str, *, now: datetime) -> Company:
    since = now.date() - timedelta(days=1000)
    plain = ("name", "legal_name", "country", "region", "time_zone", "handling_notes")
    partner = Partner.objects.create(**{key: given[key] for key in plain if key in given})
    Partner.objects.filter(pk=partner.pk).update(created_at=now - timedelta(days=1000))
    kinds = {kind.code: kind for kind in RoleKind.objects.filter(code__in=given["kinds"])}
    roles = {
        code: PartnerRole.objects.create(partner=partner, kind=kinds[code], valid_from=since) for code in given["kinds"]
    }
    reference, title = given["agreement"]
    Agreement.objects.create(
        partner=partner, role=next(iter(roles.values())), reference=reference, title=title, valid_from=since
    )
    company = Company(
        partner=partner,
        currency=given["currency"],
        domain=given["domain"],
        agreement=reference,
        roles=roles,
    )
    add_contact(company, None, f"office@{given['domain']}", ContactPurpose.GENERAL, verified_at=now)
    for place, (name, title, phone, *rest) in enumerate(given["people"]):
        user = person(name, given["domain"], hashed, time_zone=given["time_zone"])
        join(company, user, title, since, is_administrator=bool(rest))
        add_contact(company, user, phone, PURPOSES[place], verified_at=now)
        add_contact(company, user, user.email, PURPOSES[place], verified_at=now)
        company.phones[user.pk] = phone
    return company


def join(company: Company, user: User, title: str, since: date, *, is_administrator: bool = False) -> None:
    membership = Membership.objects.create(
        user=user, partner=company.partner, title=title, valid_from=since, is_administrator=is_administrator
    )
    membership.roles.set(company.roles.values())
    company.people.append(user)


def add_contact(
    company: Company, user: User | None, value: str, purpose: ContactPurpose, *, verified_at: datetime
) -> None:
    medium = ContactMedium.EMAIL if "@" in value else ContactMedium.PHONE
    Contact.objects.create(
        partner=company.partner,
        user=user,
        name=user.name if user else "",
        medium=medium,
        value=value,
        key=contacts.key_of(medium, value),
        purpose=purpose,
        is_preferred=medium == ContactMedium.EMAIL,
        verified_at=verified_at,
    )


def share_a_person(world: World) -> None:
    """Somebody who works for two companies: the controller of one keeps the books of the other."""
    controller = User.objects.get(email__startswith="aylin.kaya@")
    other = next(company for company in world.companies if company.partner.name == "Corner Phones")
    membership = Membership.objects.create(
        user=controller,
        partner=other.partner,
        title="Bookkeeping",
        valid_from=controller.memberships.get().valid_from,
    )
    membership.roles.set(other.roles.values())


def add_past_roles(world: World, *, now: datetime) -> None:
    """Not every role is in force: one ended, one suspended, each with its reason."""
    today = now.date()
    for name, code, status, reason, until in (
        ("Mosaik Systemhaus", "reseller", RoleStatus.ENDED, "Agreement not prolonged", today - timedelta(days=200)),
        ("Monsoon Resale", "dealer", RoleStatus.SUSPENDED, "Proofs of identity outstanding", None),
    ):
        PartnerRole.objects.create(
            partner=next(company.partner for company in world.companies if company.partner.name == name),
            kind=RoleKind.objects.get(code=code),
            status=status,
            status_reason=reason,
            valid_from=today - timedelta(days=900),
            valid_until=until,
        )
