"""What the admin shows of sign-ins: no secret, and no way past the record."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client

from partners.models import RecordEntry, User
from tests.factories.world import a_representative, an_administrator, signed_in

pytestmark = pytest.mark.django_db

SECRET = "SEALEDSECRET"


@pytest.fixture
def ada() -> Client:
    return signed_in(an_administrator())


def a_second_factor() -> Authenticator:
    rosa = a_representative("Rosa Lindqvist")
    return Authenticator.objects.create(user=rosa, type=Authenticator.Type.TOTP, data={"secret": SECRET})


@pytest.mark.parametrize(
    "page", ["allauth_idp_oidc/client", "allauth_idp_oidc/token", "account/emailaddress", "usersessions/usersession"]
)
def test_nothing_is_changed_in_pages_that_keep_no_record(ada: Client, page: str) -> None:
    assert ada.get(f"/admin/{page}/").status_code == 404


def test_a_second_factor_is_shown_without_its_secret(ada: Client) -> None:
    factor = a_second_factor()

    pages = [
        ada.get(f"/admin/mfa/authenticator/{page}") for page in ("", f"{factor.pk}/change/", f"{factor.pk}/delete/")
    ]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert all(SECRET not in page.content.decode() for page in pages)
    assert ada.get("/admin/mfa/authenticator/add/").status_code == 403


def test_a_lost_second_factor_is_taken_away_on_the_record(ada: Client) -> None:
    factor = a_second_factor()

    ada.post(f"/admin/mfa/authenticator/{factor.pk}/delete/", {"post": "yes"})

    assert not Authenticator.objects.exists()
    entry = RecordEntry.objects.get(event="configuration.changed")
    assert entry.facts["kind"] == "mfa.authenticator"
    assert entry.facts["user"] == factor.user_id


def test_whose_second_factor_is_taken_away_is_signed_out_and_so_is_who_is_signed_out_everywhere(ada: Client) -> None:
    factor = a_second_factor()
    rosa = signed_in(factor.user)
    noted(rosa, factor.user)

    ada.post(f"/admin/mfa/authenticator/{factor.pk}/delete/", {"post": "yes"})
    first = rosa.get("/console/work/").status_code
    again = signed_in(factor.user)
    noted(again, factor.user)
    ada.post("/admin/partners/user/", {"action": "sign_out", "_selected_action": [factor.user.pk]})

    assert (first, again.get("/console/work/").status_code) == (302, 302)
    assert RecordEntry.objects.filter(event="access.ended").count() == 2


def noted(browser: Client, user: User) -> None:
    """As allauth notes a session when somebody signs in."""
    UserSession.objects.create(user=user, ip="127.0.0.1", session_key=browser.session.session_key, user_agent="")


def test_who_may_not_do_everything_takes_no_second_factor_away() -> None:
    factor = a_second_factor()
    tom = signed_in(a_representative("Tom Okafor", is_staff=True))

    assert tom.post(f"/admin/mfa/authenticator/{factor.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Authenticator.objects.exists()
