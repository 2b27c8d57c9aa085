"""Who may: the role decides what, the type of the matter adds its permission and how strongly it must be proven."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from interactions import rules
from interactions.domain import agenda
from interactions.enums import Direction, Move
from interactions.models import Interaction, InteractionType
from partners.enums import ActorKind, AssuranceLevel, Permission
from partners.errors import NotPermitted, StepUpNeeded
from partners.payloads import Actor
from tests.factories.partners import RoleKindFactory
from tests.factories.world import (
    a_partner,
    a_person_of,
    a_representative,
    a_type,
    an_actor_for,
    an_interaction,
    signed_in,
)

pytestmark = pytest.mark.django_db

TALK = [Permission.RAISE, Permission.ANSWER, Permission.CONFIRM, Permission.CANCEL]


def paul(*permissions: Permission, level: int = AssuranceLevel.SINGLE) -> Actor:
    """Somebody of Acme whose role allows just this."""
    RoleKindFactory.create(code="bounded", permissions=list(permissions))
    return an_actor_for(a_person_of(a_partner("Acme Wholesale", role="bounded")), level=level)


def settlement(partner_id: int | None) -> Interaction:
    rosa = an_actor_for(a_representative())
    return an_interaction(
        a_partner("Acme Wholesale") if partner_id is None else None,
        actor=rosa,
        partner_id=partner_id,
        type="settlement-approval",
        direction=Direction.OUTBOUND,
    )


@pytest.mark.parametrize(
    ("code", "needed"),
    [("general-query", []), ("order", [Permission.SUBMIT_ORDER]), ("bill-received", ["bill.submit"])],
)
def test_a_type_adds_the_permission_it_names(code: str, needed: list[Permission]) -> None:
    type_ = InteractionType.objects.get(code=code)

    assert rules.needed_to_raise(type_) == [Permission.RAISE, *needed]
    assert not rules.can_raise(paul(*needed), type_)


def test_a_role_raises_what_it_allows_and_nothing_else() -> None:
    orders, bills = (InteractionType.objects.get(code=code) for code in ("order", "bill-received"))
    dealer = paul(*TALK, Permission.SUBMIT_ORDER)

    assert (rules.can_raise(dealer, orders), rules.can_raise(dealer, bills)) == (True, False)
    rules.require_raise(dealer, orders)
    with pytest.raises(NotPermitted):
        rules.require_raise(dealer, bills)


def test_a_type_that_asks_for_more_is_offered_and_then_asks() -> None:
    strict = a_type("strict", minimum_level=AssuranceLevel.RESISTANT)
    weak, strong = paul(*TALK), paul_again(AssuranceLevel.RESISTANT)

    assert rules.can_raise(weak, strict)
    with pytest.raises(StepUpNeeded) as needed:
        rules.require_raise(weak, strict)
    assert needed.value.level == AssuranceLevel.RESISTANT
    rules.require_raise(strong, strict)


def paul_again(level: int) -> Actor:
    return an_actor_for(a_person_of(a_partner("Globex Mobile", role="bounded"), "Mallory Vane"), level=level)


@pytest.mark.parametrize(("move", "permission"), rules.PARTNER_MOVES.items())
def test_each_move_of_a_partner_needs_its_permission(move: Move, permission: Permission) -> None:
    without = paul(*(one for one in TALK if one != permission))
    interaction = an_interaction(partner_id=without.partner_id)

    with pytest.raises(NotPermitted):
        rules.require_move(without, interaction, move)
    assert not rules.may_move(without, interaction, move)


def test_a_representative_needs_no_permission_of_a_partner() -> None:
    rosa = an_actor_for(a_representative())
    strict = a_type("strict", minimum_level=AssuranceLevel.RESISTANT, permission=Permission.SUBMIT_BILL)

    rules.require_raise(rosa, strict)
    assert rules.can_raise(rosa, strict)


def test_who_may_not_approve_a_settlement_finds_none() -> None:
    dealer = paul(*TALK)
    approval = settlement(dealer.partner_id)

    assert not rules.can_see(dealer, approval)
    assert not Interaction.objects.visible_to(dealer).filter(pk=approval.pk).exists()


def test_who_may_approve_a_settlement_finds_it_and_proves_more_to_answer() -> None:
    approver = paul(*TALK, Permission.APPROVE_SETTLEMENT)
    approval = settlement(approver.partner_id)

    assert rules.can_see(approver, approval)
    assert Interaction.objects.visible_to(approver).filter(pk=approval.pk).exists()
    with pytest.raises(StepUpNeeded):
        rules.require_move(approver, approval, Move.ANSWER)


def test_a_machine_proves_too_little_for_what_moves_money() -> None:
    approver = paul(*TALK, Permission.APPROVE_SETTLEMENT)
    approval = settlement(approver.partner_id)
    machine = Actor(
        kind=ActorKind.MACHINE,
        partner_id=approver.partner_id,
        permissions=approver.permissions,
        level=AssuranceLevel.SINGLE,
    )

    assert not rules.can_see(machine, approval)
    assert not Interaction.objects.visible_to(machine).filter(pk=approval.pk).exists()


def pages_of(interaction: Interaction) -> list[tuple[str, dict[str, Any] | None]]:
    page = f"/portal/interactions/{interaction.number}/"
    return [(page, None), (f"{page}answer/", {"text": "Agreed.", "version": 1})]


def test_a_dealer_gets_no_page_of_a_settlement() -> None:
    RoleKindFactory.create(code="bounded", permissions=TALK)
    acme = a_partner("Acme Wholesale", role="bounded")
    browser = signed_in(a_person_of(acme))
    approval = settlement(acme.pk)

    answers = [
        browser.post(address, posted) if posted else browser.get(address) for address, posted in pages_of(approval)
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert approval.subject not in browser.get("/portal/interactions/", {"tab": "all"}).content.decode()


def test_the_home_page_quotes_nothing_that_is_opened_only_after_a_stronger_sign_in() -> None:
    approver = paul(*TALK, Permission.APPROVE_SETTLEMENT)
    settlement(approver.partner_id)
    since = timezone.now() - timedelta(days=1)

    quoted = [
        agenda.news(replace(approver, level=level), since=since, most=5)
        for level in (AssuranceLevel.SINGLE, AssuranceLevel.DOUBLE)
    ]

    assert [len(items) for items in quoted] == [0, 1]
