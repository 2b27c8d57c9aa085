"""The people and companies of the tests: whole sentences for what a test needs to exist before it begins.

Rosa is a representative, Tom leads a team, Acme and Globex are partners, Mallory belongs elsewhere.
"""

import time
from datetime import datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from interactions.domain import catalogue, intake
from interactions.enums import Direction
from interactions.models import Interaction, InteractionType, Plan, Team
from interactions.payloads import Intake
from partners.domain import access, assurance, credentials, fence, policies
from partners.domain.assurance import Proof
from partners.enums import AssuranceLevel, Channel, ContactMedium
from partners.middleware import ROLE_KEY
from partners.models import Contact, Partner, PartnerRole, PolicyVersion, User
from partners.payloads import SYSTEM, Actor
from tests.factories.interactions import InteractionTypeFactory, PlanFactory, TeamFactory, TeamMemberFactory
from tests.factories.partners import (
    ContactFactory,
    MembershipFactory,
    PartnerFactory,
    PartnerRoleFactory,
    PolicyVersionFactory,
    RepresentativeFactory,
    RoleKindFactory,
    StaffRoleFactory,
    UserFactory,
)

PASSWORD = "correct horse battery staple"

Steps = list[tuple[str, Team]]


def a_representative(name: str = "Rosa Lindqvist", *, team: Team | None = None, **fields: Any) -> User:
    """Somebody of the enterprise, in `team` if given; `password=PASSWORD` for one who signs in with it."""
    user = RepresentativeFactory.create(name=name, **fields)
    if team is not None:
        TeamMemberFactory.create(team=team, user=user)
    return user


def an_administrator(name: str = "Ada Brandt", **fields: Any) -> User:
    """A representative who may do everything in the admin."""
    return a_representative(name, is_staff=True, is_superuser=True, **fields)


def an_auditor(name: str = "Vera Lindt") -> User:
    """Looks at everything, and changes nothing."""
    return a_representative(name, staff_role=StaffRoleFactory(code="auditor"))


def an_analyst(name: str = "Ines Moreau") -> User:
    """Works with figures alone."""
    return a_representative(name, staff_role=StaffRoleFactory(code="analyst"))


def a_team(code: str = "front-desk", *, lead: User | None = None, members: list[User] | None = None) -> Team:
    if not (lead or members) and (known := Team.objects.filter(code=code).first()):
        return known  # the factory would make a calendar first
    return TeamFactory.create(code=code, lead=lead, members=members or [])


def a_partner(name: str = "Acme Wholesale", *, role: str | None = "wholesaler", **fields: Any) -> Partner:
    """A partner that plays one role, or none with `role=None`."""
    partner = PartnerFactory.create(name=name, **fields)
    if role is not None:
        a_role(partner, role)
    return partner


def a_role(partner: Partner, code: str, **fields: Any) -> PartnerRole:
    return PartnerRoleFactory.create(partner=partner, kind=RoleKindFactory(code=code), **fields)


def a_person_of(partner: Partner, name: str = "Paul Acheson", *, is_administrator: bool = False, **fields: Any) -> User:
    """Somebody with an account who acts for the partner in all of its roles."""
    user = UserFactory.create(name=name, **fields)
    MembershipFactory.create(user=user, partner=partner, is_administrator=is_administrator)
    return user


def a_contact(partner: Partner, value: str, *, medium: ContactMedium | None = None, **fields: Any) -> Contact:
    """An address of the partner: with an @ an e-mail address, else a phone number."""
    found = medium or (ContactMedium.EMAIL if "@" in value else ContactMedium.PHONE)
    return ContactFactory.create(partner=partner, value=value, medium=found, **fields)


def an_actor_for(user: User, *, level: int = AssuranceLevel.SINGLE) -> Actor:
    """Who the user is when signed in, acting in the first role there is."""
    return access.acting(user, chosen=first_choice(user), proof=a_proof(level)).actor


def first_choice(user: User) -> str | None:
    """The key of the first role that the user may act in; our own people act in none."""
    if user.is_representative:
        return None
    return next((choice.key for choice in access.choices_of(user)), None)


def shown_for(level: int) -> list[dict[str, Any]]:
    """What allauth keeps of somebody who has just signed in as strongly as `level` says."""
    factor = {"method": "mfa", "type": "webauthn" if level >= AssuranceLevel.RESISTANT else "totp"}
    shown = [{"method": "password"}] if level >= AssuranceLevel.SINGLE else []
    return [{**one, "at": time.time()} for one in [*shown, *([factor] if level >= AssuranceLevel.DOUBLE else [])]]


def a_proof(level: int = AssuranceLevel.SINGLE) -> Proof:
    return assurance.proof_of({assurance.METHODS_KEY: shown_for(level)}, at=timezone.now())


def a_machine_client(partner: Partner, name: str = "Order system") -> tuple[str, str]:
    """An OAuth client of the partner's first role: its id and its secret."""
    issued = credentials.issue_client(partner.roles.order_by("pk")[0], name, actor=SYSTEM, at=timezone.now())
    return issued.identifier, issued.secret


def signed_in(user: User, *, level: int = AssuranceLevel.SINGLE) -> Client:
    """A browser in which the user has signed in as strongly as `level` says, and acts in the first role there is."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[assurance.METHODS_KEY] = shown_for(level)
    session[ROLE_KEY] = first_choice(user)
    session.save()
    return client


def a_policy(*, name: str = "Test promise", **fields: Any) -> PolicyVersion:
    """A promise for everything (`partner=`, `interaction_type=` … narrow it); the newest wins among equals."""
    fields.setdefault("effective_from", timezone.now().date().replace(day=1))
    return PolicyVersionFactory.create(policy__name=name, **fields)


def a_next_version(of: PolicyVersion, **fields: Any) -> PolicyVersion:
    """What the policy says from now on: the same as before, but for `fields`."""
    before = PolicyVersion.objects.values().get(pk=of.pk)
    kept = {name: value for name, value in before.items() if name not in {"id", "number", "policy_id", "created_at"}}
    version = PolicyVersion(**kept)
    for name, value in fields.items():
        setattr(version, name, value)
    return policies.revise(of.policy, version)


def a_type(
    code: str = "general-query", *, plan: list[tuple[str, Team]] | None = None, **fields: Any
) -> InteractionType:
    """A type of interaction, with a plan of (name, team) steps if given; an existing code is taken as it is."""
    if known := InteractionType.objects.filter(code=code).first():
        return known
    if plan:
        fields["plan"] = a_plan(plan)
    versioned = {"plan", *catalogue.VERSIONED} & fields.keys()
    content = {f"version__{name}": fields.pop(name) for name in versioned}
    return InteractionTypeFactory.create(code=code, **fields, **content)


def a_plan(steps: Steps) -> Plan:
    return PlanFactory.create(steps=steps)


def an_intake(subject: str = "Question about invoice 4711", **fields: Any) -> Intake:
    """What a channel hands in: by default a general question over the portal."""
    given: dict[str, Any] = {
        "channel": Channel.WEB,
        "direction": Direction.INBOUND,
        "text": f"{subject}. Please advise.",
        "happened_at": timezone.now(),
    }
    return Intake(subject=subject, **(given | fields))


def an_interaction(
    partner: Partner | None = None,
    *,
    subject: str = "Question about invoice 4711",
    actor: Actor | None = None,
    at: datetime | None = None,
    type: str = "general-query",  # noqa: A002  the field's word
    **fields: Any,
) -> Interaction:
    """A genuine interaction with record, clocks and steps, handed in by `actor` or logged by a representative.

    `fields` are those of an Intake: channel, direction, text, sender, values, priority, external_id …
    """
    partner = partner or Partner.objects.filter(name="Acme Wholesale").first() or a_partner()
    at = at or timezone.now()
    actor = actor or an_actor_for(User.objects.filter(is_representative=True).first() or a_representative())
    a_type(type)
    handed_in = an_intake(
        subject,
        **{"type_code": type, "happened_at": at, "partner_id": partner.pk, **fields},
    )
    with fence.standing_for(fence.side_of(actor)):  # as in a request of theirs
        received = intake.receive(handed_in, actor=actor, at=at)
    assert received.interaction is not None
    return received.interaction
