"""Story 1: a partner phones with a query, is verified, is answered, and the interaction is closed at once."""

import http.client
import json
import re
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from interactions.channels import phone
from interactions.enums import Direction, Event, Status
from interactions.models import Interaction
from partners.enums import Channel
from partners.models import RecordEntry
from tests.factories.partners import AgreementFactory
from tests.factories.world import (
    PASSWORD,
    a_contact,
    a_partner,
    a_person_of,
    a_representative,
    a_team,
    a_type,
    an_interaction,
)
from tests.journeys import mails
from tests.journeys.system import System
from tests.journeys.windows import Windows

NUMBER = "+49 30 901820"


def test_a_caller_is_recognised_verified_and_answered_and_all_of_it_is_one_closed_interaction(
    product: System, windows: Windows
) -> None:
    rosa = a_representative(team=a_team(), password=PASSWORD)
    acme = a_partner("Acme Wholesale", role="wholesaler", external_id="KD-774120")
    paul = a_person_of(acme)
    a_contact(acme, NUMBER, user=paul, verified_at=timezone.now())
    AgreementFactory.create(partner=acme, reference="AG-2024-017")
    a_type("service-query")
    earlier = an_interaction(acme, subject="Latency towards Hamburg", type="service-query")
    an_event(product, "ringing")
    page = windows.sign_in(rosa)

    page.get_by_role("link", name="Log a call").first.click()
    ringing = page.get_by_role("link", name=re.compile("Paul Acheson"))
    expect(ringing).to_contain_text("Ringing")
    an_event(product, "answered")
    ringing.click()
    expect(ringing).to_contain_text("Answered")
    expect(page.get_by_label("Caller's number")).to_have_value("+4930901820")
    expect(page.get_by_role("radio", name=re.compile("Acme Wholesale.*Paul Acheson"))).to_be_checked()
    expect(page.get_by_text(earlier.number)).to_be_visible()
    expect(page.get_by_text(earlier.subject)).not_to_be_visible()
    page.get_by_label("Subject").fill("Cut-off for porting requests")
    ask_and_call_back(page)
    verify_by_code(page, product, paul.email)
    expect(page.get_by_text(earlier.subject)).to_be_visible()
    expect(page.get_by_label("Subject")).to_have_value("Cut-off for porting requests")
    page.get_by_label("Type").select_option(earlier.type.name)
    page.get_by_label("What was said").fill("Until when must a porting request be in for Friday?")
    page.get_by_label("Your answer").fill("Until Wednesday, 17:00.")
    page.get_by_role("button", name="Answered: log and close").click()

    expect(page.get_by_text("the call is logged and closed")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cut-off for porting requests")
    expect(page.get_by_text("Caller verified by one-time code").first).to_be_attached()
    page.get_by_role("complementary", name="Context").get_by_role("link", name="Acme Wholesale").click()
    timeline = page.get_by_role("list", name=re.compile("Everything on the record"))
    for said in (
        "Received",
        "Until when must a porting request be in for Friday?",
        "Resolved",
        "Closed",
        the_call().number,
    ):
        expect(timeline).to_contain_text(said)
    assert_it_is_one_closed_call()
    told = product.subjects(paul.email)
    assert f"[{the_call().number}] Closed: Cut-off for porting requests" in told
    assert product.subjects(rosa.email) == []


def ask_and_call_back(page: Page) -> None:
    """One wrong answer, one right one and a number where nobody answers: it is not verified by that."""
    page.get_by_text("Caller not verified").click()
    questions = page.get_by_label("Questions", exact=True)
    agreement = questions.get_by_label("The number of an agreement with us")
    agreement.fill("AG-2020-001")
    questions.get_by_role("button", name="Check").first.click()
    expect(page.get_by_text("That is not what is on file.")).to_be_visible()
    agreement.fill("ag 2024 017")
    questions.get_by_role("button", name="Check").first.click()
    expect(questions.get_by_role("button", name="Check")).to_have_count(1)
    page.get_by_role("button", name="Not reached").click()
    expect(page.get_by_text("Noted: not reached there.")).to_be_visible()
    expect(page.get_by_text("Caller not verified")).to_be_visible()


def verify_by_code(page: Page, product: System, address: str) -> None:
    """A code is mailed to whom we know, who reads it out."""
    page.get_by_label(re.compile("p•••@example.org")).check()
    page.get_by_role("button", name="Mail a code").click()
    letter = mails.plain(product.mail_to(address, "Your code for the call"))
    code = re.search(r"\b\d{6}\b", letter)
    assert code
    page.get_by_label(re.compile("The code sent to p•••")).fill(code.group())
    page.get_by_label("One-time code").get_by_role("button", name="Check").click()
    expect(page.get_by_text("Caller verified")).to_be_visible()


def an_event(product: System, event: str) -> None:
    """What the telephone system tells, signed."""
    now = timezone.now()
    call = {"call_id": "call-1", "event": event, "from": NUMBER, "to": "+49 30 5550100", "at": now.isoformat()}
    body, timestamp = json.dumps(call).encode(), str(int(now.timestamp()))
    signature = phone.sign(body, timestamp=timestamp, secret=settings.TELEPHONY_SECRETS[0].encode())
    headers = {
        "Content-Type": "application/json",
        "X-Signature-Timestamp": timestamp,
        "X-Signature": signature,
    }
    switch = http.client.HTTPConnection(urlsplit(product.url).netloc, timeout=30)
    switch.request("POST", "/api/telephony/events", body, headers)
    with switch.getresponse() as answer:
        told = json.load(answer)
    switch.close()
    assert (told["call"]["state"], told["person"]["name"]) == (event, "Paul Acheson")


def the_call() -> Interaction:
    """The newest; the earlier one is another matter."""
    return Interaction.objects.select_related("role__kind").latest("pk")


def assert_it_is_one_closed_call() -> None:
    logged = the_call()
    assert (logged.status, logged.channel, logged.direction) == (Status.CLOSED, Channel.PHONE, Direction.INBOUND)
    assert logged.role is not None
    assert logged.role.kind.code == "wholesaler"
    assert logged.ended_at is not None
    assert timedelta(0) <= logged.ended_at - logged.started_at < timedelta(minutes=2)
    events = list(RecordEntry.objects.filter(stream=logged.stream).order_by("sequence").values_list("event", flat=True))
    assert [event for event in events if event in {Event.RECEIVED, Event.RESOLVED, Event.CLOSED}] == [
        Event.RECEIVED,
        Event.RESOLVED,
        Event.CLOSED,
    ]
