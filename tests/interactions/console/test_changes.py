from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from interactions.domain import changes, lifecycle
from interactions.domain.changes import Wish
from interactions.enums import ChangeKind, Move
from interactions.models import ChangeRequest, Interaction
from partners.models import Partner, User
from tests.factories.world import a_type, an_actor_for, an_interaction
from tests.interactions.console.pages import at, post, text_of

pytestmark = pytest.mark.django_db

COSTS = "Half of the price is due once we have begun."


@pytest.fixture
def order(acme: Partner, paul: User, rosa: User) -> Interaction:
    """An order under way, which Paul handed in."""
    a_type("big-order", cancel_consequence=COSTS)
    interaction = an_interaction(acme, type="big-order", actor=an_actor_for(paul))
    return lifecycle.make_move(interaction, Move.START, actor=an_actor_for(rosa), at=timezone.now())


def wished(order: Interaction, paul: User, kind: ChangeKind = ChangeKind.CANCEL) -> ChangeRequest:
    wish = Wish(kind=kind, reason="The site closes.", wanted="Two more", wanted_at=timezone.now() + timedelta(days=9))
    return changes.ask(order, wish, actor=an_actor_for(paul), at=timezone.now())


@pytest.mark.parametrize(("decision", "status"), [("accept", "cancelled"), ("refuse", "in_progress")])
def test_the_owner_decides_whether_it_is_cancelled_and_says_what_follows(
    browser: Client, order: Interaction, paul: User, decision: str, status: str
) -> None:
    wish = wished(order, paul)
    page = text_of(browser.get(at(order)))
    assert "The partner asks for a change" in page
    assert "Decide on a wish of the partner" in page
    assert "Decide on a wish of the partner" in text_of(browser.get("/console/queue/?view=open"))
    assert "The site closes." in page
    assert COSTS in text_of(browser.get(at(order, "sheet", f"decide-{wish.pk}")))

    post(browser, order, "decide_change", wish.pk, decision=decision, text="As agreed by phone", consequence=COSTS)

    order.refresh_from_db()
    wish.refresh_from_db()
    assert (order.status, wish.decision, wish.consequence) == (status, "As agreed by phone", COSTS)
    assert "The partner asks for a change" not in text_of(browser.get(at(order)))


def test_a_decision_is_explained_and_made_once(browser: Client, order: Interaction, paul: User) -> None:
    wish = wished(order, paul, ChangeKind.CONTENT)

    refused = post(browser, order, "decide_change", wish.pk, consequence="10 EUR")
    assert refused.status_code == 422
    assert refused.context["problem"].form.errors.keys() == {"decision", "text"}
    assert "10 EUR" in text_of(refused)

    assert post(browser, order, "decide_change", wish.pk, decision="accept", text="Gladly").status_code == 302
    again = post(browser, order, "decide_change", wish.pk, decision="refuse", text="No")
    assert again.status_code == 409
    assert "decided on already" in text_of(again)


def test_a_wish_is_decided_on_in_its_own_matter(
    browser: Client, order: Interaction, matter: Interaction, paul: User
) -> None:
    wish = wished(order, paul)

    assert post(browser, matter, "decide_change", wish.pk, decision="accept", text="x").status_code == 404
