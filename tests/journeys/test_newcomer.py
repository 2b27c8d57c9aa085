"""Somebody nobody knows writes: a potential partner, taken in for triage and answered like anybody else."""

import re

from playwright.sync_api import Page, expect

from interactions.models import Interaction
from partners.enums import PartnerStatus
from tests.factories.world import PASSWORD, a_representative, a_team
from tests.journeys import mails
from tests.journeys.system import System
from tests.journeys.windows import Windows

STRANGER = "nadia@newcomer.example.org"


def test_a_stranger_who_writes_is_a_potential_partner_for_triage_and_is_answered_by_mail(
    product: System, windows: Windows
) -> None:
    rosa = a_representative(team=a_team("front-desk"), password=PASSWORD)
    mail = mails.new("We would like to resell your lines.", sender=f"Nadia Okoro <{STRANGER}>", subject="Reselling")
    product.send_mail(mail)
    product.mail_to(STRANGER, "We received your request")
    page = windows.sign_in(rosa)

    page.get_by_role("link", name="Triage").first.click()
    page.get_by_role("list", name="First contacts").get_by_role("link", name="Reselling").click()
    context = page.get_by_role("complementary", name="Context")
    expect(context).to_contain_text("Nadia Okoro")
    expect(context).to_contain_text("Potential partner")
    page.get_by_text("Reply to partner").click()
    page.get_by_label("Your text").fill("Gladly; here is our price list.")
    page.get_by_role("button", name=re.compile("Send to 1 person at Nadia Okoro")).click()
    expect(page.get_by_text("Sent to the partner.")).to_be_visible()

    product.mail_to(STRANGER, "Gladly; here is our price list.")
    answer_in_mailbox(windows.open(), "We take fifty.")
    product.mail_to(rosa.email, "We take fifty.")
    page.get_by_role("link", name="Queue").first.click()
    page.get_by_role("link", name="From prospects").click()
    page.get_by_role("list", name="From prospects").get_by_role("link", name="Reselling").click()
    expect(page.get_by_role("list", name=re.compile("Conversation of"))).to_contain_text("We take fifty.")
    assert Interaction.objects.get().partner.status == PartnerStatus.PROSPECT
    assert len(product.subjects(STRANGER)) == 2


def answer_in_mailbox(page: Page, text: str) -> None:
    """Read the newest mail in the development mailbox and answer it, as whoever it was sent to."""
    page.goto("/dev/mail/?q=nadia")
    page.get_by_role("list", name=re.compile("Mails")).get_by_role("link").first.click()
    expect(page.get_by_role("main")).to_contain_text("Gladly; here is our price list.")
    page.get_by_label("Your answer").fill(text)
    page.get_by_role("button", name="Reply").click()
    expect(page.get_by_text("Your answer is on its way.")).to_be_visible()
