"""The role decides what somebody may; what is done decides how strongly it must be proven who does it."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from partners.api import errors
from partners.domain import access
from partners.domain.default_role_kinds import ROLE_KINDS
from partners.enums import MONEY, ActorKind, AssuranceLevel, Permission
from partners.errors import NotPermitted, StepUpNeeded
from partners.models import RoleKind
from partners.payloads import NOBODY, SYSTEM, Actor
from tests.factories.partners import RoleKindFactory
from tests.factories.world import a_partner, a_person_of, a_representative, an_actor_for

PAUL = Actor(kind=ActorKind.PARTNER, level=AssuranceLevel.SINGLE)


def test_every_permission_has_a_least_level_and_money_needs_two_factors() -> None:
    assert set(access.LEAST_LEVEL) == set(Permission)
    assert min(access.LEAST_LEVEL[permission] for permission in MONEY) == AssuranceLevel.DOUBLE
    assert min(access.LEAST_LEVEL.values()) == AssuranceLevel.SINGLE


@pytest.mark.parametrize("permission", Permission)
def test_nobody_may_anything_and_the_system_everything(permission: Permission) -> None:
    with pytest.raises(NotPermitted):
        access.require(NOBODY, permission)
    access.require(SYSTEM, permission)


def test_what_the_role_does_not_allow_no_proof_opens() -> None:
    with pytest.raises(NotPermitted):
        access.require(replace(PAUL, level=AssuranceLevel.RESISTANT), Permission.RAISE)


def test_what_the_role_allows_may_still_need_a_stronger_proof() -> None:
    paul = replace(PAUL, permissions=frozenset({Permission.APPROVE_SETTLEMENT}))

    with pytest.raises(StepUpNeeded) as needed:
        access.require(paul, Permission.APPROVE_SETTLEMENT)

    assert (needed.value.level, needed.value.permission) == (AssuranceLevel.DOUBLE, Permission.APPROVE_SETTLEMENT)
    assert access.may(paul, Permission.APPROVE_SETTLEMENT)
    access.require(replace(paul, level=AssuranceLevel.DOUBLE), Permission.APPROVE_SETTLEMENT)


@pytest.mark.parametrize(("demanded", "level"), [(1, 2), (2, 2), (3, 3)])
def test_a_role_kind_asks_for_more_and_never_for_less(demanded: int, level: int) -> None:
    paul = replace(PAUL, demands={Permission.APPROVE_SETTLEMENT: demanded})

    assert access.required_level(paul, Permission.APPROVE_SETTLEMENT) == level


@pytest.mark.django_db
def test_somebody_may_what_the_kind_of_the_role_allows() -> None:
    kind = RoleKindFactory.create(code="reader", permissions=[Permission.RAISE], demands={"interaction.raise": 2})
    paul = an_actor_for(a_person_of(a_partner(role="reader")))

    assert kind.permissions == [Permission.RAISE]
    assert paul.permissions == {Permission.RAISE}
    assert access.required_level(paul, Permission.RAISE) == AssuranceLevel.DOUBLE


@pytest.mark.django_db
def test_an_administrator_of_the_partner_administers_it_in_any_role() -> None:
    RoleKindFactory.create(code="reader", permissions=[])
    acme = a_partner(role="reader")

    assert an_actor_for(a_person_of(acme, is_administrator=True)).permissions == access.ADMINISTRATION
    assert an_actor_for(a_person_of(acme, "Pia Acheson")).permissions == frozenset()


@pytest.mark.django_db
def test_what_moves_money_is_given_to_a_representative_by_name() -> None:
    rosa = an_actor_for(a_representative(permissions=[Permission.APPROVE_CREDIT]))
    tom = an_actor_for(a_representative("Tom Adler"))

    assert rosa.permissions - tom.permissions == {Permission.APPROVE_CREDIT}
    assert access.may(tom, Permission.MANAGE_PEOPLE)


@pytest.mark.parametrize(
    "fields",
    [
        {"permissions": ["interaction.rase"]},
        {"demands": {"interaction.rase": 2}},
        {"demands": {"interaction.raise": 4}},
        {"demands": ["interaction.raise"]},
    ],
)
def test_a_role_kind_names_only_permissions_there_are(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RoleKind(code="x", name="X", credential_kinds=["password"], **fields).clean_fields()


def test_the_default_role_kinds_name_only_permissions_there_are() -> None:
    for code, name, description, permissions, credentials, level in ROLE_KINDS:
        RoleKind(
            code=code,
            name=name,
            description=description,
            permissions=permissions,
            credential_kinds=credentials,
            minimum_level=level,
        ).clean_fields()


def test_a_machine_is_told_what_is_missing() -> None:
    refused = errors.problem_of(NotPermitted(Permission.RAISE))
    challenged = errors.problem_of(StepUpNeeded(AssuranceLevel.DOUBLE, Permission.APPROVE_SETTLEMENT))

    assert (refused.status, refused.code) == (403, "50")
    assert (challenged.status, challenged.code) == (401, "41")
    assert 'error="insufficient_user_authentication"' in challenged.headers["WWW-Authenticate"]
    assert access.ACR_VALUES[AssuranceLevel.DOUBLE] in challenged.headers["WWW-Authenticate"]
