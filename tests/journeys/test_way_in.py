"""The way in: second factors that are set up and shown, an act that waits for one, roles that are switched and end."""

import re
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from playwright.sync_api import Page, expect

from interactions.domain import lifecycle
from interactions.domain.lifecycle import Words
from interactions.enums import Direction, Move, Side
from interactions.models import Attachment, Interaction, Item
from partners.domain import assurance
from partners.enums import AssuranceLevel
from partners.models import Partner, RecordEntry
from tests.factories.factors import code_of
from tests.factories.partners import MembershipFactory
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

AGREED = "We agree to the settlement for May."
VIRTUAL = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def environment(committed_db: dict[str, str]) -> dict[str, str]:
    return committed_db | {"SECOND_FACTOR_NEEDED": "true"}


def test_a_representative_sets_up_a_passkey_first_and_signs_in_with_it_alone(product: System, windows: Windows) -> None:
    rosa = a_representative(password=PASSWORD)
    page = windows.open()
    give_authenticator(page)

    sign_in(page, rosa.email)
    expect(page.get_by_role("heading", name="Welcome, Rosa")).to_be_visible()
    page.goto("/console/work/")
    expect(page.get_by_role("heading", name="Welcome, Rosa")).to_be_visible()
    page.get_by_role("link", name=re.compile("Set up a passkey")).click()
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_text("10 of 10 codes are left")).to_be_visible()
    page.get_by_role("link", name="I have kept them: go on").click()
    page.wait_for_url(re.compile("/console/"))

    page.get_by_label(re.compile("Account and settings of Rosa")).first.click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile("/console/"))
    told = RecordEntry.objects.filter(stream="installation").order_by("sequence")
    assert [(entry.event, entry.actor_level) for entry in told] == [
        ("access.signed_in", AssuranceLevel.SINGLE),
        ("access.refused", AssuranceLevel.SINGLE),
        ("access.factor_added", AssuranceLevel.SINGLE),
        ("access.signed_out", AssuranceLevel.RESISTANT),
        ("access.signed_in", AssuranceLevel.RESISTANT),
    ]


def test_an_answer_that_moves_money_waits_for_a_code_and_access_that_ends_is_gone(
    product: System, windows: Windows
) -> None:
    sunny = a_partner("Sunny Mobile", role="mvno")
    mats = a_person_of(sunny, "Mats Petersen", password=PASSWORD)
    MembershipFactory.create(user=mats, partner=a_partner("Corner Phones", role="dealer"))
    approval = an_approval_asked_of(sunny)
    page = windows.open()

    sign_in(page, mats.email)
    expect(page.get_by_role("heading", name="Whom do you act for?")).to_be_visible()
    page.get_by_role("button", name=re.compile("Corner Phones")).click()
    expect(page.get_by_text("Settlement for May")).to_have_count(0)
    page.get_by_label(re.compile("Acting for Corner Phones")).click()
    page.get_by_role("button", name=re.compile("Sunny Mobile")).click()
    expect(page.get_by_text("You now act for Sunny Mobile")).to_be_visible()

    page.get_by_role("link", name=re.compile("Settlement for May|Your approval")).first.click()
    expect(page.get_by_role("heading", name="One more proof that it is you")).to_be_visible()
    secret = set_up_app(page)
    expect(page.get_by_role("heading", name="Settlement for May")).to_be_visible()

    age_session(page)
    page.get_by_label("Your answer").fill(AGREED)
    page.get_by_label("Files").set_input_files({"name": "signed.txt", "mimeType": "text/plain", "buffer": b"1000 EUR"})
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("What you wrote is kept")).to_be_visible()
    page.get_by_role("link", name=re.compile("Enter a code")).click()
    page.get_by_label("Code").fill(code_of(secret, later=1))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("signed.txt")).to_be_visible()
    assert not Item.objects.filter(side=Side.PARTNER).exists()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("list", name="Conversation")).to_contain_text(AGREED)
    assert Attachment.objects.filter(name="signed.txt", item__interaction=approval).exists()

    mats.memberships.filter(partner=sunny).update(ended_at=timezone.now())
    page.get_by_role("link", name="Home").first.click()
    expect(page.get_by_text("Corner Phones").first).to_be_visible()
    expect(page.get_by_text("Settlement for May")).to_have_count(0)


def sign_in(page: Page, email: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile("/account/role/"))


def give_authenticator(page: Page) -> None:
    """A fingerprint reader that always knows the finger (Chromium's virtual authenticator)."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL})


def set_up_app(page: Page) -> str:
    """Set up an authenticator app as the page asks, and go on; what the app holds."""
    page.get_by_role("link", name=re.compile("Set up an authenticator app")).click()
    secret = page.get_by_label("Or type this secret into the app").input_value()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("link", name="I have kept them: go on").click()
    return secret


def age_session(page: Page, *, minutes: float = 20) -> None:
    """As if the second factor had been shown so long ago."""
    session = SessionStore(session_key=cookie(page, "sessionid"))
    shown: list[dict[str, Any]] = session[assurance.METHODS_KEY]
    session[assurance.METHODS_KEY] = [{**one, "at": one["at"] - minutes * 60} for one in shown]
    session.save()


def cookie(page: Page, name: str) -> str:
    return next(str(one["value"]) for one in page.context.cookies() if one.get("name") == name)


def an_approval_asked_of(partner: Partner) -> Interaction:
    """A settlement that waits for the partner's word."""
    rosa = an_actor_for(a_representative())
    matter = an_interaction(
        partner, actor=rosa, subject="Settlement for May", type="settlement-approval", direction=Direction.OUTBOUND
    )
    words = Words(waiting_for="Your approval")
    lifecycle.make_move(matter, Move.START, actor=rosa, at=timezone.now())
    return lifecycle.make_move(matter, Move.ASK, actor=rosa, at=timezone.now(), words=words)
