"""Story 7: a device reports a fault, staff continue by phone: it stays one interaction, and a long one over steps."""

import http.client
import json
from urllib.parse import urlsplit

from django.utils import timezone
from playwright.sync_api import Page, expect

from interactions.domain import catalogue
from interactions.enums import Status
from interactions.models import Interaction, Step
from partners.enums import Channel
from tests.factories.interactions import InteractionTypeFactory, PlanFactory, PlanStepFactory
from tests.factories.machines import a_device_of
from tests.factories.world import PASSWORD, a_contact, a_partner, a_person_of, a_representative, a_team
from tests.journeys.system import System
from tests.journeys.windows import Windows

NUMBER = "+49 30 901820"
CAUSE = {"name": "cause", "label": "Cause", "kind": "choice", "required": True, "choices": ["Ours", "Another network"]}
NETWORK = {
    "name": "network",
    "label": "Which network",
    "kind": "text",
    "required": True,
    "when": {"field": "cause", "comparison": "is", "value": "Another network"},
}
IMPACT = {"name": "impact", "label": "Impact", "kind": "choice", "required": True, "choices": ["Outage", "Minor"]}


def test_what_a_device_reports_is_led_on_by_phone_over_its_steps_to_a_named_end(
    product: System, windows: Windows
) -> None:
    team = a_team("front-desk")
    rosa = a_representative(team=team, password=PASSWORD)
    acme = a_partner("Acme Wholesale")
    a_contact(acme, NUMBER, user=a_person_of(acme))
    repairing(team)
    fault = reported(product, a_device_of(acme).key)
    page = windows.sign_in(rosa)

    page.goto(f"{product.url}/console/calls/new/?number=%2B4930901820&partner={acme.pk}&matter={fault.pk}")
    page.get_by_label("What was said").fill("All of Kiel is dark, also the second line.")
    page.get_by_role("button", name="Log and keep open").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(fault.subject)

    page.get_by_role("link", name="Finish").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Which network")).not_to_be_visible()
    dialog.get_by_label("Cause").select_option("Another network")
    dialog.get_by_label("Which network").fill("Baltic Backbone")
    dialog.get_by_label("Outcome").fill("Cut at kilometre 14.")
    dialog.get_by_role("button", name="Finish the step").click()
    decide(page)

    page.get_by_role("link", name="Complete the details").click()
    page.get_by_label("Impact").select_option("Outage")
    page.get_by_role("button", name="Save the details").click()
    page.get_by_role("link", name="Resolve").click()
    dialog.get_by_label("How it was resolved").select_option("Repaired")
    dialog.get_by_label("Resolution").fill("Spliced and measured.")
    dialog.get_by_role("button", name="Resolve").click()
    expect(page.get_by_text("“Resolve” is done")).to_be_visible()

    fault.refresh_from_db()
    assert Interaction.objects.count() == 1
    assert (fault.status, fault.resolution_code, fault.channel) == (Status.RESOLVED, "repaired", Channel.DEVICE)
    assert [item.channel for item in fault.items.order_by("sequence")][:2] == [Channel.DEVICE, Channel.PHONE]
    assert Step.objects.get(position=1).values == {"cause": "Another network", "network": "Baltic Backbone"}


def repairing(team: object) -> None:
    """Faults are localised, and then somebody agrees to the splice."""
    plan = PlanFactory.create()
    PlanStepFactory.create(plan=plan, position=1, name="Localise", team=team, after=[], form=[CAUSE, NETWORK])
    PlanStepFactory.create(plan=plan, position=2, name="Agree", team=team, after=[1], kind="approval")
    codes = [{"code": "repaired", "label": "Repaired"}, {"code": "nothing", "label": "No fault found"}]
    type_ = InteractionTypeFactory.create(code="fault-report")
    catalogue.publish(type_, plan=plan, fields=[IMPACT], resolution_codes=codes, at=timezone.now())


def reported(product: System, key: str) -> Interaction:
    """What the device tells, with its own key."""
    told = {"id": "r-1", "at": timezone.now().isoformat(), "kind": "fault", "code": "E42", "text": "Line down in Kiel"}
    headers = {"Content-Type": "application/json", "Authorization": f"Device {key}"}
    device = http.client.HTTPConnection(urlsplit(product.url).netloc, timeout=30)
    device.request("POST", "/api/devices/reports", json.dumps(told), headers)
    assert device.getresponse().status == 201
    device.close()
    return Interaction.objects.get()


def decide(page: Page) -> None:
    page.get_by_role("link", name="Decide").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Approve").check()
    dialog.get_by_label("Reason").fill("The crew is near.")
    dialog.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("“Agree” is finished.")).to_be_visible()
