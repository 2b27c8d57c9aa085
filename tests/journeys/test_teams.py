"""A long matter over several teams: each step opens by itself, and the end is said by both sides."""

import re

from playwright.sync_api import Page, expect

from interactions.enums import Status
from interactions.models import Interaction
from tests.factories.world import (
    PASSWORD,
    a_partner,
    a_person_of,
    a_representative,
    a_team,
    a_type,
    an_actor_for,
    an_interaction,
)
from tests.journeys.system import System
from tests.journeys.windows import Windows

SUBJECT = "Two hundred SIM cards for Kiel"


def test_the_next_team_is_told_when_a_step_ends_and_the_loop_is_closed_when_all_have_ended(
    product: System, windows: Windows
) -> None:
    rosa = a_representative(team=a_team("front-desk"), password=PASSWORD)
    tom = a_representative("Tom Berger", team=a_team("fulfilment"), password=PASSWORD)
    acme = a_partner("Acme Wholesale")
    paul = a_person_of(acme, password=PASSWORD)
    plan = [("Check the order", a_team("front-desk")), ("Deliver", a_team("fulfilment"))]
    a_type("sim-order", name="SIM order", plan=plan, team=a_team("front-desk"))
    an_interaction(acme, subject=SUBJECT, type="sim-order", actor=an_actor_for(paul))

    product.mail_to(rosa.email, "Check the order")
    assert not any("Deliver" in subject for subject in product.subjects(tom.email))
    front = windows.sign_in(rosa)
    front.get_by_role("listitem").filter(has_text=SUBJECT).get_by_role("link", name="Check the order").click()
    front.get_by_role("button", name="Take it").click()
    expect(front.get_by_text("“Check the order” is yours.")).to_be_visible()
    finish(front, "Contract and credit are fine.")

    product.mail_to(tom.email, "Deliver")
    back = windows.sign_in(tom)
    back.get_by_role("link", name="Deliver", exact=True).click()
    expect(back.get_by_role("list", name="Steps")).to_contain_text("Check the order (done)")
    finish(back, "Sent with consignment 4711.")
    product.mail_to(rosa.email, "Close the loop")

    front.get_by_role("link", name="My work").first.click()
    front.get_by_role("link", name=SUBJECT).first.click()
    expect(front.get_by_role("region", name="Steps")).to_contain_text("that closes the loop")
    front.get_by_role("link", name="Resolve").click()
    front.get_by_role("dialog").get_by_label("Resolution").fill("Delivered with consignment 4711.")
    front.get_by_role("dialog").get_by_role("button", name="Resolve").click()
    expect(front.get_by_text("“Resolve” is done")).to_be_visible()

    product.mail_to(paul.email, "Please confirm")
    portal = windows.sign_in(paul)
    portal.get_by_role("link", name=SUBJECT).first.click()
    portal.get_by_role("button", name="Yes, it is solved").click()
    expect(portal.get_by_text("This is closed now.")).to_be_visible()
    product.settle()
    assert Interaction.objects.get().status == Status.CLOSED
    assert [re.sub(r"^\[.*?\] ", "", subject) for subject in product.subjects(paul.email)] == [
        f"Please confirm: {SUBJECT}"
    ]


def finish(page: Page, outcome: str) -> None:
    page.get_by_role("link", name="Finish").click()
    page.get_by_role("dialog").get_by_label("Outcome").fill(outcome)
    page.get_by_role("dialog").get_by_role("button", name="Finish the step").click()
    expect(page.get_by_text("is finished.")).to_be_visible()
