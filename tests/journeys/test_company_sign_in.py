"""Coming in with one's own company: from a mail address to the role it names, and out at once when it is revoked."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from partners.enums import AssuranceLevel
from partners.models import RecordEntry, User
from tests.factories.identity_provider import IdentityProvider, an_identity_provider
from tests.factories.partners import RoleKindFactory
from tests.factories.sign_ons import a_sign_on
from tests.factories.world import a_partner, a_person_of
from tests.journeys.system import System
from tests.journeys.walking import Walk
from tests.journeys.windows import Windows


@pytest.fixture
def provider() -> Iterator[IdentityProvider]:
    with an_identity_provider() as provider:
        provider.claims = {"sub": "paul-1", "email": "paul@acme.example", "name": "Paul Acheson", "roles": ["trade"]}
        yield provider


def test_a_newcomer_is_led_into_the_role_that_the_company_names_and_out_when_taken_off(
    product: System, windows: Windows, provider: IdentityProvider
) -> None:
    RoleKindFactory(code="wholesaler", credential_kinds=["password", "totp", "single_sign_on"])
    acme = a_partner("Acme Wholesale")
    a_sign_on(acme, provider.url, roles={"trade": "wholesaler"}, creates_people=True)
    grace = windows.enter(a_person_of(acme, "Grace Whitlock", is_administrator=True), level=AssuranceLevel.DOUBLE)

    grace.goto("/portal/organisation/")
    grace.get_by_role("link", name="Single sign-on").click()
    grace.get_by_role("link", name="Try it").click()
    expect(grace.get_by_text("Paul Acheson would come in as Wholesaler.")).to_be_visible()
    assert not User.objects.filter(email="paul@acme.example").exists()

    paul = windows.open()
    paul.goto("/account/login/")
    paul.get_by_role("link", name="Sign in with your company").click()
    paul.get_by_label("Your e-mail address at work").fill("paul@acme.example")
    paul.get_by_role("button", name="Continue").click()
    paul.wait_for_url(re.compile("/portal/"))
    expect(paul.get_by_role("banner")).to_contain_text(re.compile(r"Acme Wholesale\s*Wholesaler"))

    grace.goto("/portal/organisation/sign-on/")
    grace.get_by_role("button", name="Unlink Paul Acheson").click()
    expect(grace.get_by_text("Paul Acheson is signed out there")).to_be_visible()
    paul.get_by_role("link", name="Requests").first.click()
    paul.wait_for_url(re.compile("/account/login/"))
    told = RecordEntry.objects.filter(event__startswith="single_sign_on.").order_by("id")
    assert [entry.event.partition(".")[2] for entry in told] == ["joined", "linked", "unlinked"]

    walk = Walk(page=windows.open())
    walk.look("/account/company/")
    walk.look("/account/company/acme/")
    provider.claims["roles"] = ["janitor"]
    signed_out = walk.page
    signed_out.goto("/account/company/acme/start/")
    expect(signed_out.get_by_text("It sent: janitor.")).to_be_visible()
    windows.complaints = [one for one in windows.complaints if "403" not in one]  # the refusal, as it should be
    assert not walk.faults, "\n".join(walk.faults)
