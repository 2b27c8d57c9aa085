"""The portal where little is given: no script, and the width of a phone."""

import re

from django.utils import timezone
from playwright.sync_api import Page, expect

from interactions.domain import conversation
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import Side, Status
from interactions.models import Interaction, Item
from partners.enums import Channel
from partners.models import User
from tests.factories.world import (
    PASSWORD,
    a_partner,
    a_person_of,
    a_representative,
    an_actor_for,
    an_interaction,
)
from tests.journeys.system import System
from tests.journeys.windows import Windows

SUBJECT = "Line 7 is noisy"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_without_script_a_partner_raises_a_request_with_a_file_and_answers_our_question(
    product: System, windows: Windows
) -> None:
    rosa = a_representative()
    paul = a_person_of(a_partner("Acme Wholesale"), password=PASSWORD)
    page = windows.sign_in(paul, java_script_enabled=False)

    page.get_by_role("link", name="New request").filter(visible=True).first.click()
    page.get_by_role("link", name=re.compile("Question about a service")).click()
    page.get_by_label("Subject").fill(SUBJECT)
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_text("This was not sent yet")).to_be_visible()
    expect(page.get_by_label("Subject")).to_have_value(SUBJECT)
    page.get_by_label("Description").fill("It crackles since Monday.")
    page.get_by_label("Files").set_input_files({"name": "noise.wav", "mimeType": "audio/wav", "buffer": b"RIFFcrackle"})
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_text("Thank you, we have it")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("noise.wav"))).to_be_visible()

    ask(rosa, "Which end of the line?")
    page.get_by_role("link", name="Home").first.click()
    answer(page, "Which end of the line?", "The one in Kiel.")
    assert [item.text for item in said()] == ["It crackles since Monday.", "The one in Kiel."]


def test_on_a_phone_a_partner_finds_what_waits_for_him_and_answers_it(product: System, windows: Windows) -> None:
    rosa = a_representative()
    acme = a_partner("Acme Wholesale")
    paul = a_person_of(acme, password=PASSWORD)
    an_interaction(acme, subject=SUBJECT, text="It crackles since Monday.", actor=an_actor_for(paul))
    ask(rosa, "Which end of the line?")
    page = windows.sign_in(paul, **PHONE)

    refuse_sideways(page)
    answer(page, "Which end of the line?", "The one in Kiel.")
    refuse_sideways(page)
    assert [item.text for item in said()] == ["It crackles since Monday.", "The one in Kiel."]


def answer(page: Page, question: str, text: str) -> None:
    """From the home page to the question, and its answer."""
    waiting = page.get_by_role("listitem").filter(has_text=question)
    waiting.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="We need your answer")).to_be_visible()
    page.get_by_label("Your answer").fill(text)
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("Sent. We have your message.")).to_be_visible()
    expect(page.get_by_role("list", name="Conversation")).to_contain_text(text)
    expect(page.get_by_role("button", name="Send answer")).to_have_count(0)
    assert Interaction.objects.get().status == Status.IN_PROGRESS


def ask(rosa: User, what: str) -> None:
    """Rosa asks for something; her own page is another journey's."""
    saying = Saying(text="We look at it at once.", side=Side.ENTERPRISE, channel=Channel.WEB)
    interaction = Interaction.objects.get()
    conversation.ask(interaction, saying, Words(waiting_for=what), actor=an_actor_for(rosa), at=timezone.now())


def said() -> list[Item]:
    return list(Interaction.objects.get().items.filter(side=Side.PARTNER).order_by("sequence"))


def refuse_sideways(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
