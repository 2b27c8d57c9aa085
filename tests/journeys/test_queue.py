"""A morning in the queue with the keyboard: look, choose, give away, and see what a colleague did meanwhile."""

import re
import time

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from interactions.domain import ownership, presence
from interactions.models import Interaction
from partners.domain import fence
from partners.enums import Priority
from partners.models import User
from tests.factories.world import (
    PASSWORD,
    a_partner,
    a_person_of,
    a_representative,
    a_team,
    an_actor_for,
    an_interaction,
)
from tests.journeys.held import Held
from tests.journeys.system import System
from tests.journeys.windows import PATIENCE, Windows


def test_a_morning_in_the_queue_with_the_keyboard(product: System, windows: Windows) -> None:
    team = a_team("front-desk")
    rosa = a_representative(team=team, password=PASSWORD)
    tom = a_representative("Tom Berger", team=team)
    paul = an_actor_for(a_person_of(a_partner("Acme Wholesale")))
    first, *others = [an_interaction(subject=f"Matter {number}", actor=paul) for number in range(1, 5)]
    page = windows.sign_in(rosa)
    page.goto("/console/queue/?view=open&sort=oldest")
    list_ = page.get_by_role("list", name="All open")

    page.keyboard.press("j")
    exact = page.get_by_role("tooltip")
    expect(exact).to_have_text(re.compile(r"^\w+ \d+ \w+ \d{4}, \d\d:\d\d UTC$"))
    marking(page, list_)
    page.keyboard.press("Space")
    look = page.get_by_label("A quick look")
    expect(look).to_contain_text("Matter 1. Please advise.")
    page.keyboard.press("j")
    expect(look).to_contain_text("Matter 2. Please advise.")
    page.keyboard.press("Escape")
    expect(look).to_be_empty()

    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.get_by_text("3 chosen")).to_be_visible()
    change(others[2], tom)
    page.get_by_role("toolbar").get_by_role("button", name="Assign").click()
    page.get_by_label("Who", exact=True).select_option(label="Tom Berger")
    page.get_by_role("button", name="Assign 3").click()
    told = page.get_by_role("region", name="Assign")
    expect(told).to_contain_text("2 changed, 1 refused.")
    page.reload()
    told.get_by_role("link", name="Details").click()
    expect(page.get_by_role("listitem").filter(has_text="Matter 4")).to_contain_text(
        "Somebody else changed this meanwhile"
    )
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("2 changed.")).to_be_visible()
    assert not Interaction.objects.filter(assignee=tom).exists()
    page.get_by_role("link", name="Back to the list").click()
    expect(told).to_have_count(0)
    expect(list_.get_by_role("link", name="Matter 1")).to_be_visible()
    writes = list_.get_by_role("img", name="Tom Berger is writing here")
    presence.beat(first.pk, an_actor_for(tom), is_writing=True, now=time.time())
    expect(writes).to_be_visible()
    presence.leave(first.pk, an_actor_for(tom))
    change(first, tom)
    expect(page.get_by_text("1 change")).to_be_visible(timeout=PATIENCE)
    expect(writes).to_have_count(0)
    page.get_by_label("Number or text").fill("not sent yet")
    page.get_by_role("link", name="Show", exact=True).press("Enter")
    expect(list_.get_by_title("Urgent").first).to_be_visible()
    expect(page.get_by_role("link", name="Show", exact=True)).to_be_hidden()
    expect(page.get_by_label("Number or text")).to_have_value("not sent yet")
    expect(list_.get_by_role("link").first).to_be_focused()

    list_.get_by_role("link", name="Matter 1").click()
    expect(page.get_by_role("heading", name="Matter 1")).to_be_visible()
    expect(list_.get_by_role("link", name="Matter 1", exact=True)).to_be_visible()
    page.keyboard.press("u")
    expect(list_.get_by_role("link", name="Matter 1 (unread)")).to_be_visible()
    expect(page.locator("#detail")).to_be_empty()
    list_.get_by_role("link", name="Matter 1").click()
    said_at = page.locator("#matter-timeline .entry time").first
    expect(said_at).to_have_attribute("tabindex", "0")
    page.locator("#matter-head summary").last.focus()
    page.keyboard.press("Tab")
    expect(said_at).to_be_focused()
    expect(exact).to_have_text(said_at.get_attribute("title") or "")
    page.keyboard.press("Escape")
    expect(exact).to_have_count(0)
    folding(page)
    command_menu(page, first, others[0])
    page.goto("/console/queue/?view=open")
    page.goto(f"/console/interactions/{first.number}/")
    page.locator("[data-close-pane]").click()
    expect(page).to_have_url(re.compile(r"/queue/\?view=open$"))


def test_what_is_slow_or_does_not_come_is_told_where_it_was_asked_for(product: System, windows: Windows) -> None:
    team = a_team("front-desk")
    rosa = a_representative(team=team)
    paul = an_actor_for(a_person_of(a_partner("Acme Wholesale")))
    for number in (1, 2):
        an_interaction(subject=f"Matter {number}", actor=paul)
    page = windows.enter(rosa, level=1)
    page.goto("/console/queue/?view=open&sort=oldest")
    list_ = page.get_by_role("list", name="All open")

    slow = Held(page, re.compile(r"/BPI-\d+/$"))
    list_.get_by_role("link", name="Matter 1").click()
    expect(page.locator("#detail .skeleton")).to_be_visible()
    list_.get_by_role("link", name="Matter 2").click()
    expect(page.get_by_role("heading", name="Matter 2")).to_be_visible()
    slow.take().continue_()

    assigning = Held(page, "**/assign/", times=2)
    assignee, note = page.locator("#assign-menu"), page.get_by_label("Your note")
    page.keyboard.press("i")
    expect(assignee).to_contain_text(rosa.name)
    assigning.take().abort("internetdisconnected")
    expect(page.locator("#toasts")).to_contain_text("No answer came")
    expect(assignee).to_contain_text("Nobody yet")
    page.keyboard.press("i")
    expect(assignee).to_contain_text(rosa.name)
    note.press_sequentially("She is on it.")
    assigning.take().continue_()
    expect(page.get_by_text("The assignee was changed.")).to_be_visible()
    expect(note).to_have_value("She is on it.")
    expect(note).to_be_focused()
    expect(page.get_by_role("heading", name="Matter 2")).to_be_visible()
    expect(page.get_by_text("Draft saved")).to_be_visible()

    priority = page.locator("#priority-menu")
    priority.press("Enter")
    page.get_by_role("button", name="Urgent").press("Enter")
    expect(page.get_by_text("The priority was changed.")).to_be_visible()
    expect(priority).to_be_focused()
    page.route("**/sheets/*/", lambda route: route.abort("internetdisconnected"), times=1)
    page.get_by_role("link", name="Wait for an answer").click()
    page.get_by_role("dialog").get_by_role("button", name="Try again").click()
    expect(page.get_by_role("dialog").get_by_role("textbox").first).to_be_focused()


def marking(page: Page, list_: Locator) -> None:
    """What Paul wrote is unread until its row is marked as read; marked again, it is so after a reload too."""
    for name in ("Matter 1", "Matter 1 (unread)"):
        with page.expect_response("**/queue/mark/"):
            page.keyboard.press("u")
        expect(list_.get_by_role("link", name=name, exact=True)).to_be_visible()
    page.reload()
    page.route("**/queue/mark/", lambda route: route.abort("internetdisconnected"), times=1)
    page.keyboard.press("j")
    page.keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text("No answer came")
    expect(list_.get_by_role("link", name="Matter 1 (unread)")).to_be_visible()


def command_menu(page: Page, matter: Interaction, other: Interaction) -> None:
    """What is open is given away, another one is opened by its number, words lead to a partner; Escape leads back."""
    menu = page.get_by_role("dialog", name="Command menu")
    page.get_by_role("heading", name=matter.subject).click()
    page.keyboard.press("a")
    page.keyboard.type("tom")
    expect(menu.get_by_role("option")).to_have_text("TBAssignee: Tom Bergera")
    page.keyboard.press("Enter")
    expect(page.locator("#matter-head")).to_contain_text("Tom Berger")
    page.keyboard.press("Control+k")
    expect(menu.get_by_role("group", name=matter.number)).to_contain_text("Hand over to a team")
    page.keyboard.type("zeppelin")
    expect(menu.get_by_role("status").filter(has_text="Nothing found")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    opener = page.get_by_role("button", name="Command menu")
    opener.press("Enter")
    page.keyboard.type("acme")
    expect(menu.get_by_role("option", name="Acme Wholesale", selected=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type(str(other.pk))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/interactions/{other.number}/$"))


def folding(page: Page) -> None:
    """On 1280 points the views are a strip; a key or the menu folds the list and the panel, and that is kept."""
    context = page.get_by_role("complementary", name="Context").get_by_text("Partner", exact=True)
    all_open = page.get_by_role("navigation", name="Views").get_by_role("link", name="All open")
    page.get_by_role("heading", name="Matter 1").click()
    assert (all_open.bounding_box() or {"width": 0})["width"] < 50
    with page.expect_response("**/preferences/"):
        page.keyboard.press("l")
    expect(page.get_by_role("list", name="All open")).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type("fold the context")
    with page.expect_response("**/preferences/"):
        page.keyboard.press("Enter")
    expect(context).to_be_hidden()
    page.reload()
    expect(context).to_be_hidden()
    page.get_by_role("button", name="Show the context panel").click()
    expect(context).to_be_visible()


def change(matter: Interaction, tom: User) -> None:
    with fence.standing_for(fence.ENTERPRISE):
        ownership.set_priority(matter, Priority.URGENT, actor=an_actor_for(tom), at=timezone.now())
