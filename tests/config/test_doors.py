"""Every address of the system, walked by those who should not get in: what is open is written here."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from interactions.models import Attachment
from interactions.payloads import File
from partners.models import User
from tests.access.safety import missing_headers
from tests.config.addresses import pages
from tests.factories.world import (
    a_partner,
    a_person_of,
    an_administrator,
    an_interaction,
    signed_in,
)

pytestmark = pytest.mark.django_db

# Who is not signed in gets a page here; every other address leads to the sign-in or asks for a credential.
OPEN = {
    *(
        "account_login",
        "account_request_login_code",
        "account_inactive",
        "account_signup",
        "account_email_verification_sent",
    ),
    *("account_reset_password", "account_reset_password_done", "account_reset_password_from_key"),
    *("account_reset_password_from_key_done", "account_confirm_email"),
    *("account-company:find", "ask:types"),
    *("manifest", "offline", "worker"),  # what a phone installs is the same for all
    *("idp:oidc:configuration", "idp:oidc:jwks"),
    *("api-partners:schema", "api-partners:docs"),
    "mailbox:mails",  # in development only
}
# Proven by a credential in the request and not by a session, so no other site can borrow it. Authorization and
# logout of OpenID Connect are posted by other sites; allauth asks for the token where something would follow.
WITHOUT_CSRF = ("/tmf-api/", "/api/", "/identity/o/")
POSTED_BY_PROVIDERS = "/acs/"  # proven by what the provider signed; the session plays no part
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def mallory() -> Client:
    """Somebody of a partner that plays no part in the matter of the test."""
    return browser_of(a_person_of(a_partner("Initech Carriers"), "Mallory Kerr", is_administrator=True))


@pytest.fixture
def ada() -> Client:
    """A representative who may do everything."""
    return browser_of(an_administrator())


def browser_of(user: User) -> Client:
    client = signed_in(user)
    client.raise_request_exception = False
    return client


def visitor() -> Client:
    return Client(raise_request_exception=False)


def test_who_is_not_signed_in_sees_the_written_list_and_nothing_else() -> None:
    seen = set()
    strange = []
    client = visitor()
    for door, address in pages(is_admin_whole=True):
        answer = client.get(address)
        if answer.status_code == 200:
            seen.add(door.name)
        elif answer.status_code not in {302, 401, 404, 405} and not door.name.startswith("idp:"):
            strange.append((address, answer.status_code))

    assert seen == OPEN - {"account_reset_password_from_key"} | (seen & {"account_reset_password_from_key"})
    assert strange == []


def test_everything_of_ours_that_is_not_open_leads_to_the_sign_in_or_asks_for_a_credential() -> None:
    mine = ("/console", "/portal", "/admin")
    ours = [address for _, address in pages(is_admin_whole=True) if address.startswith(mine)]

    client = visitor()
    led = {address: client.get(address) for address in ours if not address.startswith("/admin/login")}
    asked = [client.get(address).status_code for address in (
        "/tmf-api/partyInteraction/v4/partyInteraction",
        "/tmf-api/partyInteraction/v4/partyInteraction/BPI-0000001",
        "/api/attachments/1",
    )]  # fmt: skip

    assert {a for a, answer in led.items() if not answer.headers.get("Location", "").startswith("/a")} == set()
    assert asked == [401, 401, 401]


def test_no_unsafe_method_of_a_session_passes_without_its_csrf_token(ada: Client) -> None:
    ada.handler.enforce_csrf_checks = True

    passed = [
        (method, address, answer.status_code)
        for _, address in pages()
        if not address.startswith(WITHOUT_CSRF) and not address.endswith(POSTED_BY_PROVIDERS)
        for method in UNSAFE
        if (answer := ada.generic(method, address)).status_code != 403
    ]

    assert passed == []


def test_a_session_opens_no_api(ada: Client) -> None:
    methods = ("GET", *UNSAFE)
    answers = {ada.generic(m, "/tmf-api/partyInteraction/v4/partyInteraction").status_code for m in methods}

    assert answers == {401}


def test_a_download_carries_the_headers_of_safety_and_is_never_shown(ada: Client) -> None:
    interaction = an_interaction(
        files=(File(name="page.html", content=b"<script>1</script>", content_type="text/html"),)
    )
    attachment = Attachment.objects.get(interaction=interaction)

    answer = ada.get(f"/console/files/{attachment.pk}/")

    answer.close()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert missing_headers(answer.headers, "") == []


def test_a_file_of_the_product_may_be_kept_by_caches_and_carries_the_headers_too() -> None:
    answer = visitor().get("/static/logo.svg")

    answer.close()
    assert answer.status_code == 200
    assert "no-store" not in answer.headers["Cache-Control"]
    assert missing_headers(answer.headers, "") == ["X-Frame-Options", "Cache-Control"]


def test_nobody_gives_themselves_another_address(mallory: Client) -> None:
    """Mail is recognised by its sender's address: whoever took another's would be handed what that one writes."""
    told = {"email": "olga@globex.example.org", "action_add": ""}
    answers = [mallory.get("/account/email/"), mallory.post("/account/email/", told)]

    assert [answer.headers["Location"] for answer in answers] == ["/account/2fa/", "/account/2fa/"]
    assert not EmailAddress.objects.filter(email="olga@globex.example.org").exists()
