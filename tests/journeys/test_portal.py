"""The portal where little is given: no script, and the width of a phone."""

import re

from django.utils import timezone
from playwright.sync_api import FilePayload, Locator, Page, expect

from interactions.domain import conversation, lifecycle
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import Move, Side, Status
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
PHOTO: FilePayload = {"name": "plug.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"}
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


def test_on_a_phone_a_clerk_begins_a_request_answers_with_a_photo_and_confirms(
    product: System, windows: Windows
) -> None:
    rosa = a_representative()
    acme = a_partner("Acme Wholesale")
    paul = a_person_of(acme, password=PASSWORD)
    an_interaction(acme, subject=SUBJECT, text="It crackles since Monday.", actor=an_actor_for(paul))
    ask(rosa, "Which end of the line?")
    page = windows.sign_in(paul, **PHONE)

    refuse_sideways(page)
    answer(page, "Which end of the line?", "The one in Kiel.", tap=True)
    refuse_sideways(page)
    assert [item.text for item in said()] == ["It crackles since Monday.", "The one in Kiel."]
    assert said()[1].attachments.get().name == PHOTO["name"]

    words = Words(resolution="The plug was wet.")
    lifecycle.make_move(
        Interaction.objects.get(), Move.RESOLVE, actor=an_actor_for(rosa), at=timezone.now(), words=words
    )
    page.get_by_role("link", name="Home").first.tap()
    page.get_by_role("listitem").filter(has_text="Is it solved?").get_by_role("link").first.tap()
    expect(page.get_by_text("The plug was wet.").first).to_be_visible()
    refuse_sideways(page)
    page.get_by_role("button", name="Yes, it is solved").tap()
    expect(page.get_by_text("Thank you. This is closed now.")).to_be_visible()
    assert Interaction.objects.get().status == Status.CLOSED

    begin_a_request(page)
    without_connection(page)


def begin_a_request(page: Page) -> None:
    """What is typed and photographed is there again, on whatever way one comes back, and is sent after a rest."""
    page.goto("/portal/interactions/new/general-query/")
    page.get_by_label("Subject").fill("Line 8 as well")
    expect(page.get_by_text("Saved as a draft")).to_be_visible()
    page.get_by_label("Files").set_input_files(PHOTO)
    expect(page.get_by_role("list", name="Files that are kept")).to_contain_text(PHOTO["name"])
    page.goto("/portal/")
    page.get_by_role("link", name="Line 8 as well").tap()
    expect(page.get_by_label("Subject")).to_have_value("Line 8 as well")
    expect(page.get_by_role("list", name="Files that are kept")).to_contain_text(PHOTO["name"])
    refuse_sideways(page)
    page.get_by_label("Description").fill("It crackles.")
    expect(page.get_by_text("Saved as a draft")).to_be_visible()  # nothing is on its way any more
    page.get_by_role("button", name="Send request").tap()
    expect(page.get_by_text("Thank you, we have it")).to_be_visible()


def without_connection(page: Page) -> None:
    """A page of ours, and nothing of what was seen before."""
    page.evaluate("navigator.serviceWorker.ready")
    page.context.set_offline(True)
    page.goto("/portal/interactions/")
    expect(page.get_by_role("heading", name="You are not connected")).to_be_visible()
    kept = page.evaluate(
        "caches.keys().then(names => Promise.all(names.map(name => caches.open(name)"
        ".then(one => one.keys()))).then(all => all.flat().map(one => new URL(one.url).pathname)))"
    )
    assert [path for path in kept if not path.startswith("/static/")] == ["/offline/"]
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").tap()
    expect(page.get_by_role("heading", name="Requests")).to_be_visible()


def answer(page: Page, question: str, text: str, *, tap: bool = False) -> None:
    """From the home page to the question, and its answer; with a photo where one taps."""
    waiting = page.get_by_role("listitem").filter(has_text=question)
    press = Locator.tap if tap else Locator.click
    press(waiting.get_by_role("link").first)
    expect(page.get_by_role("heading", name="We need your answer")).to_be_visible()
    page.get_by_label("Your answer").fill(text)
    if tap:
        page.get_by_label("Files").set_input_files(PHOTO)
    press(page.get_by_role("button", name="Send answer"))
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
