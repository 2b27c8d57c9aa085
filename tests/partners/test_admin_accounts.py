"""What the admin shows of sign-ins: no secret, and no way past the record."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client

from partners.enums import AssuranceLevel, Scope
from partners.models import Credential, Invitation, RecordEntry, User
from tests.factories.world import a_partner, a_representative, an_administrator, signed_in

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


def test_staff_make_renew_and_change_keys_and_invite_people_by_the_verbs_of_the_portal() -> None:
    acme, ada = a_partner(), an_administrator()
    role, near = acme.roles.get(), signed_in(ada, level=AssuranceLevel.DOUBLE)
    made = f"/admin/partners/partner/{acme.pk}/new-key/"
    given = {"kind": "client", "name": "Billing", "role": role.pk, "scopes": [Scope.READ], "once": "first-time"}
    assert "step-up" in signed_in(ada).get(made)["Location"]

    shown = near.post(made, given)
    key = Credential.objects.get()
    renewed = near.post(f"/admin/partners/credential/{key.pk}/secret/", {"overlap": "24", "after": key.mark})
    near.post(f"/admin/partners/credential/{key.pk}/terms/", {"name": "Ledger", "ends_on": "2030-01-31"})
    near.post(
        f"/admin/partners/partner/{acme.pk}/invite/",
        {"name": "Nina Ek", "address": "nina@acme.example.org", "roles": [role.pk], "language": "en"},
    )

    old, new = shown.context["issued"].secret, renewed.context["issued"].secret
    assert (shown.content.decode().count(old), renewed.content.decode().count(new)) == (1, 1)
    page = near.get(f"/admin/partners/credential/{key.pk}/change/").content.decode()
    assert old not in page
    assert new not in page
    assert f"/admin/partners/credential/{key.pk}/secret/" in page
    key.refresh_from_db()
    assert key.name == "Ledger"
    assert key.expires_at is not None
    assert key.previous_until is not None
    assert Invitation.objects.get().address == "nina@acme.example.org"
    events = set(RecordEntry.objects.of_stream(acme.stream).values_list("event", flat=True))
    assert events >= {"credential.issued", "credential.rotated", "credential.changed", "person.invited"}


def test_who_may_not_change_keys_in_the_admin_makes_none() -> None:
    acme = a_partner()
    clerk = signed_in(a_representative(is_staff=True), level=AssuranceLevel.DOUBLE)

    answers = [clerk.post(f"/admin/partners/partner/{acme.pk}/{act}/", {}) for act in ("new-key", "invite")]

    assert [answer.status_code for answer in answers] == [403, 403]
