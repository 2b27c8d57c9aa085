from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from interactions.models import Interaction, OrderLine
from interactions.payloads import NewLine
from partners.models import Partner, User
from tests.factories.world import a_type, an_interaction, signed_in
from tests.interactions.console.pages import at, post, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(acme: Partner, paul: User) -> Interaction:
    a_type("big-order", has_lines=True)
    wanted = (NewLine(what="SIM card", quantity=Decimal(250)), NewLine(what="Router"))
    return an_interaction(acme, type="big-order", lines=wanted, sender=paul.email)


def said(**changes: str) -> dict[str, str]:
    """What the form of both lines sends, with some of it changed: `state_2="held"`."""
    filled = {f"line-{number}-state": "acknowledged" for number in (1, 2)}
    return filled | {f"line-{name[-1]}-{name[:-2]}": value for name, value in changes.items()}


def line(order: Interaction, number: int) -> OrderLine:
    return OrderLine.objects.get(interaction=order, number=number)


def test_what_became_of_each_line_is_told_and_the_whole_shows_the_sum(
    browser: Client, order: Interaction, paul: User
) -> None:
    today = timezone.now().date().isoformat()
    changes = said(state_1="completed", done_date_1=today, state_2="in_progress", expected_date_2="2030-05-31")

    assert post(browser, order, "change_lines", **changes)["Location"] == at(order)

    assert (line(order, 1).state, line(order, 2).state) == ("completed", "in_progress")
    page = text_of(browser.get(at(order)))
    assert "1 of 2 completed, 1 open" in page
    assert "31 May 2030" in page
    portal = signed_in(paul).get(f"/portal/interactions/{order.number}/").text
    assert "1 of 2 completed" in portal
    assert "250 SIM card" in portal


@pytest.mark.parametrize(
    ("changes", "number", "field"),
    [
        ({"state_2": "failed"}, 2, "reason"),
        ({"state_1": "completed", "done_date_1": "2090-01-01"}, 1, "done_date"),
        ({"state_1": "nonsense"}, 1, "state"),
        ({"state_1": "held", "reason_1": "Strike", "expected_date_2": "soon"}, 2, "expected_date"),
    ],
)
def test_a_mistake_in_one_line_is_told_there_and_changes_none(
    browser: Client, order: Interaction, changes: dict[str, str], number: int, field: str
) -> None:
    refused = post(browser, order, "change_lines", **said(state_1="completed") | said(**changes))

    assert refused.status_code == 422
    wrong = {row.line.number: list(row.errors) for row in refused.context["changed"].rows if row.errors}
    assert wrong == {number: [field]}
    assert set(OrderLine.objects.values_list("state", flat=True)) == {"acknowledged"}


def test_nobody_overwrites_what_a_colleague_told(browser: Client, order: Interaction) -> None:
    stale = post(browser, order, "change_lines", version=0, **said(state_1="held", reason_1="Strike"))

    assert stale.status_code == 409
    assert "Strike" in text_of(stale)
    assert line(order, 1).state == "acknowledged"


def test_further_lines_are_added_until_the_order_ends(browser: Client, order: Interaction) -> None:
    def added(**fields: Any) -> Any:
        given = {f"new-{row}-quantity": "1" for row in (1, 2, 3)}
        return post(browser, order, "add_lines", **given | {name.replace("_", "-"): v for name, v in fields.items()})

    assert "what" in added().context["new"].rows[0].errors
    assert "what" in added(new_2_quantity="3").context["new"].rows[1].errors
    assert "quantity" in added(new_1_what="Cable", new_1_quantity="-").context["new"].rows[0].errors
    assert "more than nothing" in text_of(added(new_1_what="Cable", new_1_quantity="-2"))

    assert added(new_1_what="Cable", new_1_quantity="2.5", new_1_unit="m").status_code == 302
    assert line(order, 3).counted == "2.5 m Cable"

    post(browser, order, "move", "cancel", reason="Not needed")
    assert added(new_1_what="Cable").status_code == 409
    assert "Save the lines" not in text_of(browser.get(at(order, "lines")))


def test_a_matter_without_lines_says_nothing_of_them(browser: Client, matter: Interaction) -> None:
    assert "Order lines" not in text_of(browser.get(at(matter)))
    assert "No lines yet" in text_of(browser.get(at(matter, "lines")))
