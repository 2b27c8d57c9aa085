"""Somebody without an account writes, confirms the address by the mail that comes, and is answered by mail."""

import re

from playwright.sync_api import expect

from interactions.models import Interaction
from tests.factories.world import PASSWORD, a_representative, a_type
from tests.journeys import mails
from tests.journeys.system import System
from tests.journeys.walking import Walk
from tests.journeys.windows import Windows

NADIA = "nadia@newcomer.example"


def test_a_stranger_s_request_reaches_us_once_the_address_is_confirmed(product: System, windows: Windows) -> None:
    rosa = a_representative(password=PASSWORD)
    a_type("general-query")
    page = windows.open(java_script_enabled=False)

    page.goto("/ask/")
    page.get_by_role("link", name=re.compile("General question")).click()
    for label, text in (
        ("Your name", "Nadia Rahman"),
        ("Your company", "Newcomer Mobile"),
        ("Your e-mail address", NADIA),
        ("Subject", "May we resell?"),
        ("Description", "We have forty shops."),
    ):
        page.get_by_label(label).fill(text)
    page.get_by_label("Files").set_input_files({"name": "shops.txt", "mimeType": "text/plain", "buffer": b"Forty"})
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    assert not Interaction.objects.exists()

    letter = product.mail_to(NADIA, "Please confirm your request")
    link = re.search(rf"{product.url}(/ask/confirm/[^\s]+)", mails.plain(letter))
    assert link is not None
    page.goto(link[1])
    page.get_by_role("button", name="Yes, send it").click()
    matter = Interaction.objects.get()
    expect(page.get_by_text(f"Your request has the number {matter.number}.")).to_be_visible()
    assert matter.number in str(product.mail_to(NADIA, matter.number)["Subject"])

    console = windows.sign_in(rosa)
    console.goto(f"/console/interactions/{matter.number}/")
    expect(console.get_by_text("Handed in without signing in")).to_be_visible()
    expect(console.get_by_text("shops.txt")).to_be_visible()
    expect(console.get_by_text("Potential partner").first).to_be_visible()

    walk = Walk(page=windows.open())
    for path in ("/ask/", "/ask/general-query/", link[1]):
        walk.look(path)
    walk.look("/ask/confirm/1-no/", status=404)
    windows.complaints = [one for one in windows.complaints if "404" not in one]
    assert not walk.faults, "\n".join(walk.faults)
