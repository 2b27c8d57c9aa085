"""What a partner wants changed, cancelled or told of where it goes on."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from interactions.domain import lifecycle, linking
from interactions.enums import ChangeKind, Move
from interactions.models import ChangeRequest, Interaction
from partners.models import User
from tests.factories.world import a_partner, a_person_of, a_type, an_actor_for, an_interaction, signed_in
from tests.interactions.stages import rosa

pytestmark = pytest.mark.django_db

LATER = (timezone.now() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def paul() -> User:
    return a_person_of(a_partner("Acme Wholesale"), "Paul Acheson")


@pytest.fixture
def order(paul: User) -> Interaction:
    """Paul's order, which somebody works on."""
    a_type("big-order", cancel_consequence="Half of the price is due.")
    interaction = an_interaction(type="big-order", actor=an_actor_for(paul))
    return lifecycle.make_move(interaction, Move.START, actor=rosa(), at=timezone.now())


def page(interaction: Interaction, more: str = "") -> str:
    return f"/portal/interactions/{interaction.number}/{more}"


def asked(browser: Client, order: Interaction, **fields: Any) -> Any:
    version = Interaction.objects.values_list("version", flat=True).get(pk=order.pk)
    filled = {"version": version, "kind": "date", "wanted_at": LATER, "reason": "The site is late."}
    return browser.post(page(order, "changes/"), filled | fields)


def test_what_is_worked_on_is_not_cancelled_but_asked_for(paul: User, order: Interaction) -> None:
    browser = signed_in(paul)
    assert "Half of the price is due." in browser.get(page(order)).text

    cancelled = browser.post(
        page(order, "move/"), {"move": "cancel", "reason": "Not needed.", "version": order.version}, follow=True
    )

    order.refresh_from_db()
    assert order.status == "in_progress"
    assert ChangeRequest.objects.get().kind == ChangeKind.CANCEL
    assert "we decide whether it can still be cancelled" in cancelled.text
    assert "Changes you asked for" in cancelled.text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"wanted_at": ""}, "wanted_at"),
        ({"wanted_at": "2020-01-01T10:00"}, "wanted_at"),
        ({"wanted_at": "soon"}, "wanted_at"),
        ({"kind": "content", "wanted": ""}, "wanted"),
        ({"kind": "cancel"}, "kind"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_wish_says_what_and_why(paul: User, order: Interaction, fields: dict[str, str], wrong: str) -> None:
    refused = asked(signed_in(paul), order, **fields)

    assert refused.status_code == 422
    assert list(refused.context["wish_form"].errors) == [wrong]
    assert not ChangeRequest.objects.exists()


def test_a_wish_is_put_once_and_can_be_withdrawn(paul: User, order: Interaction) -> None:
    browser = signed_in(paul)

    assert asked(browser, order).status_code == 302
    again = asked(browser, order)
    assert "asked for already" in str(again.context["wish_form"].errors)
    assert asked(browser, order, version=0).status_code == 409

    wish = ChangeRequest.objects.get()
    assert browser.post(page(order, f"changes/{wish.pk}/withdraw/")).status_code == 302
    assert browser.post(page(order, f"changes/{wish.pk}/withdraw/")).status_code == 409
    wish.refresh_from_db()
    assert wish.state == "withdrawn"


def test_nobody_else_asks_for_a_change_or_withdraws_one(paul: User, order: Interaction) -> None:
    asked(signed_in(paul), order)
    mallory = signed_in(a_person_of(a_partner("Globex"), "Mallory Kerr"))

    assert asked(mallory, order, kind="content", wanted="Mine").status_code == 404
    assert mallory.post(page(order, f"changes/{ChangeRequest.objects.get().pk}/withdraw/")).status_code == 404
    assert ChangeRequest.objects.get().state == "open"


def test_what_was_merged_leads_to_where_it_goes_on(paul: User, order: Interaction) -> None:
    other = an_interaction(type="big-order", subject="The other order", actor=an_actor_for(paul))
    linking.merge(order, other, reason="Sent twice", actor=rosa(), at=timezone.now())
    browser = signed_in(paul)

    led = browser.get(page(order), follow=True)
    assert led.redirect_chain == [(page(other), 302)]
    assert f"{order.number} goes on here" in led.text
    assert page(order, "?earlier=1") in led.text
    earlier = browser.get(page(order, "?earlier=1"))
    assert earlier.status_code == 200
    assert f"This goes on in {other.number}" in earlier.text


def test_a_partner_sees_the_parts_of_its_matter_and_none_of_another_partner(paul: User, order: Interaction) -> None:
    part = an_interaction(type="big-order", subject="The cabling", actor=an_actor_for(paul))
    foreign = an_interaction(a_partner("Globex"), subject="Duct of the subcontractor")
    for one in (part, foreign):
        linking.make_part(one, order, actor=rosa(), at=timezone.now())

    shown = signed_in(paul).get(page(order)).text

    assert "The cabling" in shown
    assert foreign.number not in shown
    assert "Duct of the subcontractor" not in shown
