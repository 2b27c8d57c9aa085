"""Two representatives in one interaction: each sees what the other does, no words are lost, and a cut line heals."""

import re

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from interactions.domain import conversation
from interactions.domain.conversation import Saying
from interactions.enums import Side
from interactions.models import Draft, Interaction, Item
from partners.domain import fence
from partners.enums import Channel
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
from tests.journeys.walking import Walk
from tests.journeys.windows import Windows


def test_two_representatives_in_one_interaction_never_lose_what_they_write(product: System, windows: Windows) -> None:
    team = a_team("front-desk")
    rosa = a_representative(team=team, password=PASSWORD)
    tom = a_representative("Tom Berger", team=team, password=PASSWORD)
    paul = a_person_of(a_partner("Acme Wholesale"), password=PASSWORD)
    matter = an_interaction(subject="Invoice 4711 is wrong", actor=an_actor_for(paul))
    address = f"/console/interactions/{matter.number}/"
    hers, his = windows.sign_in(rosa), windows.sign_in(tom)
    hers.goto(address)
    his.goto(address)

    expect(hers.get_by_text("Tom Berger is reading here")).to_be_visible()
    write(his, "We credit it on Thursday.")
    expect(hers.get_by_text("Tom Berger is writing here")).to_be_visible()
    write(hers, "We look into it.")
    expect(hers.get_by_role("status").filter(has_text="Draft saved")).to_be_visible()

    his.get_by_role("button", name=re.compile("Send to")).click()
    timeline = hers.get_by_role("list", name=f"Conversation of {matter.number}")
    expect(timeline).to_contain_text("We credit it on Thursday.")
    expect(hers.get_by_label("Your text")).to_have_value("We look into it.")
    expect(hers.get_by_text("One new entry")).to_be_visible()

    hers.context.set_offline(True)
    answer(matter, paul, "Thursday is fine.")
    hers.wait_for_timeout(1500)
    expect(timeline).not_to_contain_text("Thursday is fine.")
    hers.context.set_offline(False)
    expect(timeline).to_contain_text("Thursday is fine.")
    expect(hers.get_by_label("Your text")).to_have_value("We look into it.")

    news = Held(hers, "**/?live=1")
    answer(matter, paul, "The rest on Friday.")
    menu = opened_when_news_come(hers, news)
    expect(timeline).not_to_contain_text("The rest on Friday.")
    menu.click()
    expect(timeline).to_contain_text("The rest on Friday.")

    hers.get_by_role("button", name="Preview").click()
    expect(hers.get_by_role("dialog", name="Who will get what")).to_contain_text("We look into it.")
    hers.get_by_role("dialog", name="Who will get what").get_by_label("Close").click()
    hers.reload()
    expect(hers.get_by_label("Your text")).to_have_value("We look into it.")
    walk = Walk(hers)
    walk.look(address)
    assert walk.faults == []
    hers.get_by_role("button", name=re.compile("Send to")).click()
    expect(timeline).to_contain_text("We look into it.")
    assert not Draft.objects.exists()
    assert [item.text for item in Item.objects.filter(interaction=matter, side=Side.ENTERPRISE, author=rosa)] == [
        "We look into it."
    ]


def opened_when_news_come(page: Page, news: Held) -> Locator:
    """A menu that was opened while what others did was on its way, and is open still now that it has come."""
    on_its_way = news.take()
    menu = page.get_by_label("More", exact=True).first
    menu.click()
    with page.expect_response("**/?live=1") as answer:
        on_its_way.continue_()
    answer.value.finished()
    expect(page.locator("details.menu[open]")).to_have_count(1)
    return menu


def write(page: Page, text: str) -> None:
    page.get_by_text("Reply to partner").click()
    page.get_by_label("Your text").press_sequentially(text)


def answer(matter: Interaction, paul: User, text: str) -> None:
    saying = Saying(text=text, side=Side.PARTNER, channel=Channel.WEB)
    with fence.standing_for(fence.ENTERPRISE):
        conversation.say(matter, saying, actor=an_actor_for(paul), at=timezone.now())
