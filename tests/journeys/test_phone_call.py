"""Story 1: a partner phones with a query, is answered, and the interaction is closed at once."""

import http.client
import json
import re
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from interactions.channels import phone
from interactions.enums import Direction, Event, Status
from interactions.models import Interaction
from partners.enums import Channel
from partners.models import RecordEntry
from tests.factories.world import PASSWORD, a_contact, a_partner, a_person_of, a_representative, a_team
from tests.journeys.system import System
from tests.journeys.windows import Windows

NUMBER = "+49 30 901820"


def test_a_caller_is_recognised_and_answered_and_all_of_it_is_one_closed_interaction(
    product: System, windows: Windows
) -> None:
    rosa = a_representative(team=a_team(), password=PASSWORD)
    acme = a_partner("Acme Wholesale", role="wholesaler")
    paul = a_person_of(acme)
    a_contact(acme, NUMBER, user=paul)
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
    page.get_by_label("Type").select_option("General question")
    page.get_by_label("Subject").fill("Cut-off for porting requests")
    page.get_by_label("What was said").fill("Until when must a porting request be in for Friday?")
    page.get_by_label("Your answer").fill("Until Wednesday, 17:00.")
    page.get_by_role("button", name="Answered: log and close").click()

    expect(page.get_by_text("the call is logged and closed")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cut-off for porting requests")
    page.get_by_role("complementary", name="Context").get_by_role("link", name="Acme Wholesale").click()
    timeline = page.get_by_role("list", name=re.compile("Everything on the record"))
    for said in ("Received", "Until when must a porting request be in for Friday?", "Resolved", "Closed", number()):
        expect(timeline).to_contain_text(said)
    assert_it_is_one_closed_call()
    assert product.subjects(paul.email) == [f"[{number()}] Closed: Cut-off for porting requests"]
    assert product.subjects(rosa.email) == []


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


def number() -> str:
    return Interaction.objects.get().number


def assert_it_is_one_closed_call() -> None:
    logged = Interaction.objects.select_related("role__kind").get()
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
