"""What a company looks after itself, and what takes two persons to approve."""

import base64
import http.client
import json
import re
from urllib.parse import urlencode, urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from interactions.domain import orchestration
from interactions.enums import Direction, StepKind
from interactions.models import Approval, ApprovalStatus, Interaction
from partners.enums import MONEY, AssuranceLevel
from partners.models import Partner, User
from tests.factories.world import (
    PASSWORD,
    a_partner,
    a_person_of,
    a_representative,
    a_role,
    an_actor_for,
    an_interaction,
)
from tests.journeys import mails
from tests.journeys.system import System
from tests.journeys.windows import Windows

NINA = "nina@sunny.example.org"
LINK = re.compile(r"https?://\S+/account/invitation/\S+/")


@pytest.fixture
def sunny(committed_db: object) -> Partner:
    """A company in two roles, of which one may settle accounts."""
    partner = a_partner("Sunny Mobile", role="mvno")
    a_role(partner, "reseller")
    return partner


def test_an_administrator_invites_a_colleague_who_comes_switches_roles_and_a_key_is_made(
    product: System, windows: Windows, sunny: Partner
) -> None:
    anna = a_person_of(sunny, "Anna Acheson", is_administrator=True)
    page = windows.enter(anna, level=AssuranceLevel.DOUBLE)
    page.goto("/portal/organisation/people/")
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("Name").fill("Nina Sunny")
    page.get_by_label("E-mail address").fill(NINA)
    page.get_by_label("MVNO").check()
    page.get_by_label("Reseller").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("list", name="Invited")).to_contain_text("Nina Sunny")

    hers = accept(product, windows)
    hers.get_by_label("Acting for Sunny Mobile: switch").click()
    hers.locator("details.menu[open] button", has_text="Reseller").click()
    expect(hers.get_by_text("You now act for Sunny Mobile")).to_be_visible()
    expect(hers.get_by_label("Acting for Sunny Mobile: switch")).to_contain_text("Reseller")

    page.goto("/portal/organisation/access/")
    page.get_by_role("link", name="Make a key").first.click()
    page.get_by_label("Name").fill("Order system")
    page.get_by_label("In the role").select_option(index=1)
    page.get_by_role("button", name="Make it and show the secret").click()
    expect(page.get_by_text("Copy the secret now")).to_be_visible()
    client, secret = (one.get_attribute("data-copy") for one in page.locator("[data-copy]").all()[:2])
    assert token_for(product, str(client), str(secret))
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_text("Order system").first).to_be_visible()
    assert str(secret) not in page.content()


def accept(product: System, windows: Windows) -> Page:
    """Nina opens the link in her mail, makes an account and lands in the portal."""
    mail = product.mail_to(NINA, "You are invited to act for Sunny Mobile")
    link = LINK.search(mails.plain(mail))
    assert link is not None
    page = windows.open()
    page.goto(urlsplit(link.group()).path)
    expect(page.get_by_label("Your name")).to_have_value("Nina Sunny")
    page.get_by_label(re.compile(r"^Password\W*$")).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Accept and go on").click()
    expect(page.get_by_text("You act for Sunny Mobile now.")).to_be_visible()
    return page


def token_for(product: System, client: str, secret: str) -> str:
    """What the token endpoint gives for the new key."""
    door = http.client.HTTPConnection(urlsplit(product.url).netloc, timeout=30)
    proof = base64.b64encode(f"{client}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {proof}", "Content-Type": "application/x-www-form-urlencoded"}
    door.request("POST", "/identity/o/api/token", urlencode({"grant_type": "client_credentials"}), headers)
    with door.getresponse() as answer:
        told = json.loads(answer.read())
    door.close()
    return str(told.get("access_token", ""))


@pytest.mark.usefixtures("product")
def test_a_settlement_is_approved_by_a_second_person_and_hidden_from_a_dealer(windows: Windows, sunny: Partner) -> None:
    rosa, tom = (a_representative(name, permissions=sorted(MONEY)) for name in ("Rosa Lindqvist", "Tom Okafor"))
    matter = a_prepared_settlement(sunny, rosa)
    approval = Approval.objects.get()

    hers = windows.enter(rosa, level=AssuranceLevel.DOUBLE)
    hers.goto(f"/console/approvals/{approval.pk}/")
    expect(hers.get_by_text("Somebody else decides this")).to_be_visible()
    his = windows.enter(tom, level=AssuranceLevel.DOUBLE)
    his.goto("/console/approvals/")
    his.get_by_role("link", name=re.compile("48,112.40 EUR")).click()
    his.get_by_label("Approve").check()
    his.get_by_label("Reason").fill("Agrees with our books.")
    his.get_by_role("button", name="Decide").click()
    expect(his.get_by_text("Nothing waits for approval")).to_be_visible()
    assert Approval.objects.get().status == ApprovalStatus.APPROVED

    dealer = windows.enter(a_person_of(a_partner("Corner Phones", role="dealer"), "Dana"), level=AssuranceLevel.DOUBLE)
    for path in (
        f"/portal/interactions/{matter.number}/",
        "/portal/interactions/?tab=all",
        "/portal/interactions/?q=Settlement",
    ):
        dealer.goto(path)
        expect(dealer.get_by_text("Settlement for May")).to_have_count(0)
    windows.complaints = [one for one in windows.complaints if "404" not in one]  # for the dealer it is not there


def a_prepared_settlement(sunny: Partner, rosa: User) -> Interaction:
    """Raised by Rosa, and prepared by her up to its approval."""
    actor, now = an_actor_for(rosa, level=AssuranceLevel.DOUBLE), timezone.now()
    matter = an_interaction(
        sunny,
        actor=actor,
        subject="Settlement for May",
        type="settlement-approval",
        direction=Direction.OUTBOUND,
        values={"amount": "48112.40 EUR"},
    )
    steps = matter.steps.in_order()
    while (step := steps.filter(status="open").first()) is not None and step.kind != StepKind.APPROVAL:
        values = {field["name"]: field.get("choices", ["Yes"])[0] for field in step.form}
        orchestration.finish(step, outcome="Ready.", values=values, actor=actor, at=now)
    return matter
