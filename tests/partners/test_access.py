"""Signing in ends in a role, not only in an identity."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from partners.domain import access
from partners.enums import ActorKind, AgreementStatus, PartnerStatus, RoleStatus
from partners.models import Partner
from partners.payloads import NOBODY
from tests.factories.partners import AgreementFactory, MembershipFactory, UserFactory
from tests.factories.world import a_partner, a_person_of, a_proof, a_representative, a_role

pytestmark = pytest.mark.django_db


def acting(user: Any, chosen: str | None = None, level: int = 1) -> access.Acting:
    return access.acting(user, chosen=chosen, proof=a_proof(level))


def test_nobody_acts_without_a_sign_in_or_once_deactivated() -> None:
    assert acting(AnonymousUser()).actor == NOBODY
    assert acting(a_representative(is_active=False)).actor == NOBODY


def test_a_representative_acts_for_the_enterprise_even_with_a_membership() -> None:
    rosa = a_representative()
    MembershipFactory.create(user=rosa, partner=a_partner())

    actor = acting(rosa, level=2).actor

    assert (actor.kind, actor.partner_id, actor.level) == (ActorKind.REPRESENTATIVE, None, 2)


def test_somebody_without_membership_acts_for_no_partner() -> None:
    found = acting(UserFactory.create())

    assert (found.actor.kind, found.actor.partner_id, found.choices) == (ActorKind.PARTNER, None, [])


def test_one_of_several_roles_is_chosen_and_a_foreign_choice_is_not() -> None:
    acme, globex = a_partner("Acme Wholesale", role="mvno"), a_partner("Globex Mobile", role="supplier")
    a_role(acme, "reseller")
    paul, mallory = a_person_of(acme), a_person_of(globex, "Mallory Vane")
    (_, first), (membership, second) = acting(paul).choices

    chosen = acting(paul, access.choice_key(membership, second))
    foreign = acting(mallory, access.choice_key(membership, second))

    assert first != second == chosen.role
    assert (chosen.actor.partner_id, chosen.actor.role_id) == (acme.pk, second.pk if second else None)
    assert (foreign.actor.partner_id, foreign.actor.role) == (globex.pk, "supplier")


def test_who_has_several_roles_acts_in_none_until_one_is_chosen_and_in_that_one_the_next_time() -> None:
    acme = a_partner(role="mvno")
    a_role(acme, "reseller")
    paul = a_person_of(acme)
    key = acting(paul).choices[1].key

    undecided = acting(paul)
    paul.acting_as = key
    remembered = acting(paul)

    assert (undecided.is_settled, undecided.actor.partner_id, undecided.actor.permissions) == (False, None, frozenset())
    assert (remembered.is_settled, remembered.actor.role) == (True, "reseller")


@pytest.mark.parametrize("chosen", ["", "x", "1:2:3", "999999:1", "\x00"])
def test_a_meaningless_choice_is_passed_over(chosen: str) -> None:
    paul = a_person_of(a_partner(role="mvno"))

    assert acting(paul, chosen).actor.role == "mvno"


def today() -> date:
    return timezone.now().date()


@pytest.mark.parametrize(
    "change",
    [
        {"status": RoleStatus.SUSPENDED},
        {"status": RoleStatus.ENDED},
        {"status": RoleStatus.PROPOSED},
        {"valid_until": today() - timedelta(days=1)},
        {"valid_from": today() + timedelta(days=1)},
    ],
)
def test_a_role_out_of_force_is_not_acted_in(change: dict[str, object]) -> None:
    acme = a_partner(role="mvno")
    paul = a_person_of(acme)
    acme.roles.update(**change)

    found = acting(paul)

    assert (found.role, found.actor.partner_id, found.actor.permissions) == (None, None, frozenset())


def test_who_was_never_given_a_role_sees_the_partner_and_may_nothing() -> None:
    acme = a_partner(role=None)

    actor = acting(a_person_of(acme)).actor

    assert (actor.partner_id, actor.role, actor.permissions) == (acme.pk, "", frozenset())


@pytest.mark.parametrize(
    ("agreements", "is_acted_in"),
    [
        ([{"status": AgreementStatus.ENDED}], False),
        ([{"valid_until": today() - timedelta(days=1)}], False),
        ([{"status": AgreementStatus.ENDED}, {"valid_from": today() + timedelta(days=1)}], False),
        ([{"status": AgreementStatus.ENDED}, {}], True),
        ([{"status": AgreementStatus.DRAFT}], True),
        ([{"valid_until": today()}], True),
        ([], True),
    ],
)
def test_a_role_ends_with_the_last_of_its_agreements(agreements: list[dict[str, Any]], is_acted_in: bool) -> None:
    acme = a_partner(role="mvno")
    paul = a_person_of(acme)
    AgreementFactory.create(partner=acme, status=AgreementStatus.ENDED)  # of no role
    for agreement in agreements:
        AgreementFactory.create(partner=acme, role=acme.roles.get(), **agreement)

    assert (acting(paul).role is not None) == is_acted_in


@pytest.mark.parametrize(
    "change", [{"valid_until": today() - timedelta(days=1)}, {"valid_from": today() + timedelta(days=1)}]
)
def test_a_membership_out_of_force_gives_no_access(change: dict[str, object]) -> None:
    acme = a_partner()
    paul = a_person_of(acme)
    acme.memberships.update(**change)

    assert acting(paul).actor.partner_id is None


@pytest.mark.parametrize("status", [PartnerStatus.SUSPENDED, PartnerStatus.ENDED])
def test_the_people_of_a_partner_that_was_let_go_have_no_access(status: PartnerStatus) -> None:
    acme = a_partner()
    paul = a_person_of(acme)
    Partner.objects.filter(pk=acme.pk).update(status=status)

    assert acting(paul).actor.partner_id is None


def test_times_are_shown_in_the_zone_of_the_user() -> None:
    assert acting(a_representative(time_zone="Asia/Kathmandu")).time_zone.key == "Asia/Kathmandu"
