"""Whom a reply goes to: those who are shown to its writer are those who are told."""

import pytest
from django.utils import timezone

from interactions.domain import recipients, sharing
from interactions.enums import Side, Visibility
from interactions.models import Interaction
from notifications.domain.people import Directory, still_told
from notifications.models import Delivery
from partners.domain import people
from partners.enums import ContactPurpose, Permission
from partners.models import Partner, User
from partners.payloads import SYSTEM
from tests.factories.partners import MembershipFactory, PartnerRoleFactory, RoleKindFactory, UserFactory
from tests.factories.world import a_contact, a_partner, a_person_of, a_type, an_actor_for, an_interaction

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def acme() -> Partner:
    return a_partner("Acme Wholesale")


@pytest.fixture
def paul(acme: Partner) -> User:
    return a_person_of(acme, "Paul Acheson")


@pytest.fixture
def olga(acme: Partner) -> User:
    return a_person_of(acme, "Olga Acheson", is_administrator=True)


@pytest.fixture
def matter(acme: Partner, paul: User, olga: User) -> Interaction:
    return an_interaction(acme, actor=an_actor_for(paul))


def usual(matter: Interaction) -> set[str]:
    """Who is shown, who must be who is told."""
    shown = {one.address for one in recipients.around(matter, at=NOW).usual()}
    told = Directory([matter], [], NOW).circle(matter).usual()
    assert shown == {one.address for one in told}
    return shown


def test_whoever_takes_part_gets_it_until_they_leave(matter: Interaction, paul: User, olga: User) -> None:
    matter.participants.create(side=Side.PARTNER, role="contact", name="Lager", address="Store@acme.example.org")
    assert usual(matter) == {paul.email, "store@acme.example.org"}

    people.block(paul.memberships.get(), actor=SYSTEM, at=NOW)

    assert usual(matter) == {"store@acme.example.org"}


def test_where_nobody_takes_part_it_goes_to_whom_the_partner_named(
    matter: Interaction, acme: Partner, olga: User
) -> None:
    matter.participants.all().delete()
    assert usual(matter) == {olga.email}

    a_contact(acme, "care@acme.example.org", purpose=ContactPurpose.GENERAL)

    assert usual(matter) == {"care@acme.example.org"}


def test_what_is_kept_to_one_goes_to_nobody_else(matter: Interaction, acme: Partner, paul: User) -> None:
    a_contact(acme, "care@acme.example.org", purpose=ContactPurpose.GENERAL)
    matter.participants.create(user=a_person_of(acme, "Grace Adams"), side=Side.PARTNER, role="contact")
    kept = sharing.share(matter, Visibility.OWN, actor=an_actor_for(paul), at=NOW)

    assert usual(kept) == {paul.email}


def test_what_moves_money_goes_only_to_whose_role_lets_them_see_it(acme: Partner, olga: User) -> None:
    a_contact(acme, "care@acme.example.org", purpose=ContactPurpose.GENERAL)
    clerk = RoleKindFactory.create(code="reseller", permissions=[Permission.RAISE])
    grace = UserFactory.create(name="Grace Adams")
    MembershipFactory.create(user=grace, partner=acme, roles=[PartnerRoleFactory.create(partner=acme, kind=clerk)])
    a_type("settlement", permission=Permission.APPROVE_SETTLEMENT)
    matter = an_interaction(acme, type="settlement")

    assert usual(matter) == {olga.email}

    matter.participants.create(user=grace, side=Side.PARTNER, role="contact")
    matter.participants.create(side=Side.PARTNER, role="contact", address="store@acme.example.org")

    assert usual(matter) == {olga.email}
    held = Delivery(pk=1, interaction=matter, user=grace, item_id=1)
    assert still_told([held, Delivery(pk=2, interaction=matter, user=olga, item_id=1)], on=NOW.date()) == {2}
