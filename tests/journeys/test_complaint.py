"""Story 2: the enterprise complains to a wholesaler, rejects the first answer, and the second one settles it."""

import re
from datetime import timedelta
from email.message import EmailMessage

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from interactions.enums import Direction, ItemKind, Side, Status
from interactions.models import Interaction
from partners.enums import Channel
from partners.models import User
from tests.factories.world import PASSWORD, a_partner, a_person_of, a_representative, a_team
from tests.journeys import mails
from tests.journeys.system import System
from tests.journeys.windows import Windows

SUBJECT = "Twelve days without the ordered ports"
NUMBER = re.compile(r"BPI-\d{7}")


def test_a_complaint_crosses_portal_and_mail_until_both_sides_agree_that_it_is_settled(
    product: System, windows: Windows
) -> None:
    rosa = a_representative(team=a_team("assurance"), password=PASSWORD)
    globex = a_partner("Globex Wholesale")
    paul, petra = a_person_of(globex, password=PASSWORD), a_person_of(globex, "Petra Ames")
    a_person_of(globex, "Grace Adams")
    console = windows.sign_in(rosa)
    raise_complaint(console, paul)
    number = NUMBER.search(console.url)[0]  # type: ignore[index]

    told = product.mail_to(paul.email, "Where are our ports?")
    portal = windows.sign_in(paul)
    portal.goto(link_in(told, product))
    expect(portal.get_by_role("region", name="How it stands")).to_contain_text("We need something from you")
    portal.get_by_label("Your answer").fill("The ports come next month.")
    portal.get_by_role("button", name="Send answer").click()
    expect(portal.get_by_text("Sent. We have your message.")).to_be_visible()

    heard = product.mail_to(rosa.email, "The ports come next month.")
    console.goto(link_in(heard, product))
    reject(console, "Next month is too late: the contract says ten days. When exactly?")
    asked_again = product.mail_to(paul.email, "When exactly?")
    product.mail_to(petra.email, "When exactly?")
    product.send_mail(mails.reply_to(asked_again, "On Thursday, and you get a credit.", sender=str(paul.email)))

    settled = product.mail_to(rosa.email, "On Thursday, and you get a credit.")
    console.goto(link_in(settled, product))
    resolve(console, "Ports on Thursday, credit of twelve days.")
    please_confirm = product.mail_to(paul.email, "Please confirm")
    portal.goto(link_in(please_confirm, product))
    expect(portal.get_by_role("heading", name="Is it solved?")).to_be_visible()
    expect(portal.get_by_role("blockquote")).to_have_text("Ports on Thursday, credit of twelve days.")
    portal.get_by_role("button", name="Yes, it is solved").click()
    expect(portal.get_by_text("This is closed now.")).to_be_visible()

    product.mail_to(rosa.email, "confirmed")
    console.reload()
    expect(console.get_by_role("article").first).to_contain_text("Closed")
    assert_one_timeline(console, number)
    assert subjects_told(product, paul) == [
        f"{settings.ENTERPRISE_NAME} asks: {SUBJECT}",
        f"We need something from you: {SUBJECT}",
        f"Please confirm: {SUBJECT}",
    ]
    assert subjects_told(product, petra) == [f"We need something from you: {SUBJECT}"]
    assert subjects_told(product, rosa) == [
        f"Globex Wholesale answered: {SUBJECT}",
        f"Globex Wholesale answered: {SUBJECT}",
        f"Globex Wholesale confirmed: {SUBJECT}",
    ]


def subjects_told(product: System, user: User) -> list[str]:
    """What somebody was told, without the numbers, oldest first."""
    return [subject.partition("] ")[2] for subject in product.subjects(user.email)]


def raise_complaint(page: Page, paul: User) -> None:
    page.get_by_role("link", name="Partners").first.click()
    page.get_by_role("link", name="Globex Wholesale").click()
    page.get_by_role("link", name="Raise to partner").click()
    page.get_by_role("link", name="Our complaint to a partner").click()
    page.get_by_role("checkbox", name=re.compile("Paul Acheson")).check()
    page.get_by_label("Subject").fill(SUBJECT)
    page.get_by_role("textbox", name="Text", exact=True).fill("Where are our ports?")
    page.get_by_label("What we expect").fill("Tell us when the ports are there")
    page.get_by_label("By when").fill(f"{timezone.now() + timedelta(days=2):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Send to Globex Wholesale").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SUBJECT)


def link_in(mail: EmailMessage, product: System) -> str:
    """The address of ours that a mail leads to."""
    found = re.search(rf"{re.escape(product.url)}/\S+", mails.plain(mail))
    assert found, mails.plain(mail)
    return found[0]


def reject(page: Page, why: str) -> None:
    page.get_by_text("Reply to partner").click()
    page.get_by_label("Your text").fill(why)
    page.get_by_role("radio", name="wait for an answer").check()
    page.get_by_label("What do we need").fill("The day on which the ports are there")
    write_to_petra_as_well(page)
    page.get_by_role("button", name=re.compile("Send to")).click()
    expect(page.get_by_text("now we wait for the answer")).to_be_visible()


def write_to_petra_as_well(page: Page) -> None:
    """With the keyboard alone: two are found and added, and one of them is taken away again."""
    field = page.get_by_role("combobox", name="Add somebody of Globex Wholesale")
    for name in ("gra", "pet"):
        field.press_sequentially(name)
        expect(page.get_by_role("listbox", name="People of Globex Wholesale").get_by_role("option")).to_have_count(1)
        field.press("Enter")
    expect(page.get_by_role("button", name="Send to 3 people at Globex Wholesale")).to_be_visible()
    for key in ("Backspace", "ArrowLeft", "Backspace"):
        page.keyboard.press(key)
    expect(page.get_by_text("Grace Adams does not get this message")).to_be_attached()
    expect(page.get_by_role("button", name="Remove Paul Acheson from this message")).to_be_focused()
    expect(page.get_by_role("button", name="Send to 2 people at Globex Wholesale")).to_be_visible()


def resolve(page: Page, resolution: str) -> None:
    page.get_by_role("link", name="Resolve").click()
    page.get_by_role("dialog").get_by_label("Resolution").fill(resolution)
    page.get_by_role("dialog").get_by_role("button", name="Resolve").click()
    expect(page.get_by_text("“Resolve” is done")).to_be_visible()


def assert_one_timeline(page: Page, number: str) -> None:
    """Everything that was said, over both channels, in one interaction; only the new part of the mail."""
    timeline = page.get_by_role("list", name=f"Conversation of {number}")
    for text in ("Where are our ports?", "The ports come next month.", "Next month is too late", "On Thursday"):
        assert timeline.inner_text().count(text) == 1, timeline.inner_text()
    closed = Interaction.objects.get()
    assert (closed.number, closed.status, closed.direction) == (number, Status.CLOSED, Direction.OUTBOUND)
    said = closed.items.filter(side=Side.PARTNER).exclude(kind=ItemKind.NOTIFICATION).order_by("sequence")
    assert list(said.values_list("channel", "text")) == [
        (Channel.WEB, "The ports come next month."),
        (Channel.EMAIL, "On Thursday, and you get a credit."),
    ]
