"""Who may do much sets up a second factor first, and is in with it at once."""

from typing import Any

from django.test import Client

from partners.domain import record
from partners.models import RecordEntry
from tests.config.test_sign_in import an_address, sign_in
from tests.factories.factors import code_of
from tests.factories.world import PASSWORD, a_representative


def test_an_authenticator_app_that_is_set_up_opens_the_console_at_once(
    committed_db: dict[str, str], settings: Any
) -> None:
    settings.SECOND_FACTOR_NEEDED = True
    rosa = a_representative(password=PASSWORD)
    browser = Client(REMOTE_ADDR=an_address())
    sign_in(browser, rosa.email, PASSWORD)

    before = browser.get("/console/work/")
    browser.get("/account/2fa/totp/activate/")
    secret = browser.session["mfa.totp.secret"]
    done = browser.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    codes = browser.get(done.headers["Location"]).content.decode()

    assert before.headers["Location"] == "/account/role/"
    assert "10 of 10 codes are left" in codes
    assert browser.get("/console/work/").status_code == 200
    told = RecordEntry.objects.filter(stream=record.INSTALLATION).order_by("sequence").values_list("event", flat=True)
    assert list(told) == ["access.signed_in", "access.refused", "access.factor_added"]
