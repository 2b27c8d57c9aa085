"""From sign-in to close in German, on both sides; not one of our sentences is left in English."""

import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect

from interactions.enums import Status
from interactions.models import Interaction
from partners.models import User
from tests.factories.world import PASSWORD, a_partner, a_person_of, a_representative, a_team
from tests.journeys.system import System
from tests.journeys.windows import Windows

SUBJECT = "Leitung 7 rauscht"


def test_a_request_is_led_from_sign_in_to_close_in_german(product: System, windows: Windows) -> None:
    rosa = a_representative(team=a_team("front-desk"), password=PASSWORD, language="de")
    paul = a_person_of(a_partner("Acme Wholesale"), password=PASSWORD, language="de")
    portal, console = signed_in(windows, paul), signed_in(windows, rosa)

    portal.get_by_role("link", name=german("New request")).filter(visible=True).first.click()
    portal.get_by_role("link", name=re.compile(german("Question about a service"))).click()
    portal.get_by_label(german("Subject")).fill(SUBJECT)
    portal.get_by_label(german("Description")).fill("Es knackt seit Montag.")
    refuse_english(portal)
    portal.get_by_role("button", name=german("Send request")).click()
    expect(portal.get_by_role("heading", level=1)).to_have_text(SUBJECT)
    refuse_english(portal)

    console.goto(f"/console/interactions/{Interaction.objects.get().number}/")
    refuse_english(console)
    console.get_by_role("link", name=german("Resolve"), exact=True).click()
    dialog = console.get_by_role("dialog")
    dialog.get_by_label(german("Resolution")).fill("Die Klemme ist getauscht.")
    refuse_english(console)
    dialog.get_by_role("button", name=german("Resolve"), exact=True).click()
    expect(console.get_by_role("article").first).to_contain_text(german("Resolved"))
    refuse_english(console)

    told = product.mail_to(paul.email, "Die Klemme ist getauscht.")
    assert "Bitte" in str(told["Subject"])
    portal.reload()
    portal.get_by_role("button", name=german("Yes, it is solved")).click()
    expect(portal.get_by_text(german("Thank you. This is closed now."))).to_be_visible()
    refuse_english(portal)
    assert Interaction.objects.get().status == Status.CLOSED


def signed_in(windows: Windows, user: User) -> Page:
    page = windows.open(locale="de-DE")
    page.goto("/account/login/")
    page.get_by_label(german("E-mail address")).fill(user.email)
    page.get_by_label(german("Password")).fill(PASSWORD)
    refuse_english(page)
    page.get_by_role("button", name=german("Sign in"), exact=True).click()
    page.wait_for_url(re.compile(r"/(console|portal)/"))
    return page


def german(words: str) -> str:
    with override("de"):
        return gettext(words)


def refuse_english(page: Page) -> None:
    """No line of the page is a sentence of ours for which there are German words; a single word may be data."""
    assert page.locator("html").get_attribute("lang") == "de"
    lines = {line.strip() for line in page.locator("body").inner_text().splitlines()}
    assert lines & english() == set(), page.url


@cache
def english() -> frozenset[str]:
    with Path(settings.BASE_DIR, "locale/de/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file, locale="de")
    return frozenset(str(one.id) for one in catalogue if " " in one.id and one.string and one.id != one.string)
