"""A long matter over several teams: each step opens by itself, and the end is said by both sides."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.timezone import localtime
from playwright.sync_api import Page, expect

from interactions.domain import orchestration
from interactions.enums import ClockKind, LineState, Side, Status, StepKind
from interactions.models import Interaction
from interactions.payloads import NewLine
from partners.domain import business_time, calendars
from partners.models import User
from tests.factories.interactions import InteractionTypeFactory, PlanFactory, PlanStepFactory
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
from tests.interactions.stages import HOUR, an_office_policy
from tests.journeys import mails
from tests.journeys.system import System
from tests.journeys.windows import Windows

SUBJECT = "Two hundred SIM cards for Kiel"
NEEDED = "your IMSI ranges"


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
    expect(front.locator("#matter-head")).to_contain_text("Our turn: Close the loop")
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


def test_a_long_order_waits_for_the_partner_gets_another_date_and_ends_in_part(
    product: System, windows: Windows
) -> None:
    """Story 5, its half on pages: what is late at both sides is told, paused with a reason and promised anew."""
    rosa = a_representative(team=a_team("fulfilment"), password=PASSWORD)
    paul = a_person_of(a_partner("Acme Wholesale"), password=PASSWORD)
    order = an_order_that_waits(rosa, paul, asked_at=a_friday_evening())

    portal = windows.sign_in(paul)
    portal.get_by_role("link", name=SUBJECT).first.click()
    expect(portal.get_by_role("region", name="How it stands")).to_contain_text("Yours")
    portal.get_by_label("Your answer").fill("Ranges 262-77-100 to 262-77-119.")
    portal.get_by_role("button", name="Send answer").click()
    expect(portal.get_by_text("Sent. We have your message.")).to_be_visible()

    front = windows.sign_in(rosa)
    front.goto(f"/console/interactions/{order.number}/")
    choose(front, "Promise another date")
    sheet = front.get_by_role("dialog")
    sheet.get_by_label("New date").first.fill(f"{another_date(order):%Y-%m-%dT%H:%M}")
    sheet.get_by_label("Reason").fill("The routers come from overseas.")
    sheet.get_by_role("button", name="Move the date").click()
    expect(front.get_by_text("The date was moved; both sides are told.")).to_be_visible()
    assert "The routers come from overseas." in mails.plain(product.mail_to(paul.email, "overseas"))
    front.locator("#clock-resolution").get_by_role("link").click()
    expect(front.get_by_role("dialog")).to_contain_text(NEEDED)

    front.goto(f"/console/interactions/{order.number}/lines/")
    for line, state in [("SIM card", "Completed"), ("Router", "Cancelled")]:
        front.get_by_role("region", name=re.compile(line)).get_by_label("State").select_option(state)
    front.get_by_role("region", name=re.compile("Router")).get_by_label("Reason").fill("No longer made.")
    front.get_by_role("button", name="Save the lines").click()
    front.goto(f"/console/interactions/{order.number}/")
    finish(front, "Sent with consignment 4711.")

    portal.reload()
    expect(portal.get_by_role("main")).to_contain_text("1 of 2 completed")
    expect(portal.get_by_role("main")).to_contain_text("Reason: The routers come from overseas.")
    assert [line.state for line in order.order_lines.in_order()] == [LineState.COMPLETED, LineState.CANCELLED]


def an_order_that_waits(rosa: User, paul: User, *, asked_at: datetime) -> Interaction:
    """Checked on a Friday evening; since then it waits for the partner's data, and its promise stands still."""
    acme, team = paul.memberships.get().partner, a_team("fulfilment")
    an_office_policy(partner=acme, resolution=400 * HOUR, answer=800 * HOUR, silence_limit=900 * HOUR)
    plan = PlanFactory.create()
    PlanStepFactory.create(plan=plan, position=1, name="Check", team=team, after=[])
    waiting = {"kind": StepKind.WAIT, "waits_for": Side.PARTNER, "partner_wording": NEEDED}
    PlanStepFactory.create(plan=plan, position=2, name="Data", team=team, after=[1], **waiting)
    PlanStepFactory.create(plan=plan, position=3, name="Deliver", team=team, after=[2])
    InteractionTypeFactory.create(code="long-order", version__plan=plan, version__has_lines=True)
    lines = [NewLine(what="SIM card"), NewLine(what="Router")]
    actor, at = an_actor_for(paul), asked_at - HOUR
    order = an_interaction(acme, subject=SUBJECT, type="long-order", lines=lines, actor=actor, at=at)
    orchestration.finish(order.steps.get(position=1), outcome="Fine.", actor=an_actor_for(rosa), at=asked_at)
    return order


def a_friday_evening() -> datetime:
    """Half past five in Berlin, on the Friday before the last."""
    today = localtime(timezone.now(), ZoneInfo("Europe/Berlin"))
    friday = today - timedelta(days=(today.weekday() - 4) % 7 + 7)
    return friday.replace(hour=17, minute=30, second=0, microsecond=0)


def another_date(order: Interaction) -> datetime:
    """A moment in some weeks at which the calendar of the promise is open, as a form takes it."""
    hours = calendars.working(order.clocks.get(kind=ClockKind.RESOLUTION).calendar_id)
    return localtime(business_time.due(timezone.now(), 200 * HOUR + timedelta(minutes=7), hours))


def choose(page: Page, action: str) -> None:
    page.get_by_label("More", exact=True).first.click()
    page.get_by_role("link", name=action).click()
