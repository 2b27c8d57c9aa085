"""Keys of machines, as a partner's administrator makes them in the portal and we in the console."""

import re
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from partners.domain import credentials, proofs
from partners.domain.credentials import Issued
from partners.enums import AssuranceLevel, Permission, Scope
from partners.models import Credential, Partner, RecordEntry, RoleKind, User
from partners.payloads import SYSTEM
from tests.factories.factors import let_pass, prove
from tests.factories.world import a_partner, a_person_of, a_representative, a_role, signed_in

pytestmark = pytest.mark.django_db
SECRET = re.compile(r'data-copy="([\w.-]{43,})"')


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Somebody who manages Acme's keys, and where."""

    browser: Client
    base: str
    user: User


@pytest.fixture
def acme() -> Partner:
    return a_partner("Acme Wholesale")


@pytest.fixture
def anna(acme: Partner) -> User:
    return a_person_of(acme, "Anna Acheson", is_administrator=True)


@pytest.fixture(params=["portal", "console"])
def desk(request: pytest.FixtureRequest, acme: Partner, anna: User) -> Desk:
    if request.param == "portal":
        return Desk(browser=strongly(anna), base="/portal/organisation/access/", user=anna)
    rosa = a_representative()
    return Desk(browser=strongly(rosa), base=f"/console/partners/{acme.pk}/access/", user=rosa)


def strongly(user: User) -> Client:
    return signed_in(user, level=AssuranceLevel.DOUBLE)


def a_client(acme: Partner, **fields: Any) -> Issued:
    given: dict[str, Any] = {"actor": SYSTEM, "at": timezone.now()} | fields
    return credentials.issue_client(acme.roles.get(), "Order system", **given)


def filled_in(acme: Partner, **fields: Any) -> dict[str, Any]:
    ends_on = timezone.now().date() + timedelta(days=90)
    role = acme.roles.order_by("pk")[0].pk
    wanted = {"kind": "client", "name": "Billing system", "role": role, "scopes": [Scope.READ], "once": "form-1"}
    return {**wanted, "ends_on": ends_on.isoformat(), **fields}


def secret_in(page: Any) -> str:
    return str(SECRET.findall(page.text)[-1])


def events(partner: Partner) -> list[str]:
    return [entry.event for entry in RecordEntry.objects.of_stream(partner.stream)]


def test_a_client_is_made_and_its_secret_shown_this_once(desk: Desk, acme: Partner) -> None:
    assert "Wholesaler" in desk.browser.get(f"{desk.base}new/").text

    shown = desk.browser.post(f"{desk.base}new/", filled_in(acme))

    made = Credential.objects.get()
    secret = secret_in(shown)
    assert proofs.by_client_secret(made.identifier, secret, at=timezone.now()) is not None
    assert (made.name, made.scopes, made.created_by) == ("Billing system", [Scope.READ], desk.user)
    assert "grant_type=client_credentials" in shown.text
    assert made.expires_at is not None
    User.objects.filter(pk=desk.user.pk).update(time_zone="Pacific/Auckland")
    assert f"until {date_format(made.expires_at.astimezone(UTC), 'j M Y')}" in desk.browser.get(desk.base).text
    assert "no-store" in shown.headers["Cache-Control"]
    for path in ("", f"{made.pk}/"):
        page = desk.browser.get(f"{desk.base}{path}")
        assert "Billing system" in page.text
        assert secret not in page.text
    assert RecordEntry.objects.of_stream(acme.stream).get().actor_id == desk.user.pk


def test_the_same_form_again_makes_no_second_key_and_shows_no_secret(desk: Desk, acme: Partner) -> None:
    first = desk.browser.post(f"{desk.base}new/", filled_in(acme))
    again = desk.browser.post(f"{desk.base}new/", filled_in(acme), follow=True)

    assert "This key was made already" in again.text
    assert secret_in(first) not in again.text
    assert Credential.objects.count() == 1


def test_a_device_gets_a_key_of_its_own(desk: Desk, acme: Partner) -> None:
    RoleKind.objects.filter(roles__partner=acme).update(credential_kinds=["device_key", "password", "totp"])

    shown = desk.browser.post(f"{desk.base}new/", filled_in(acme, kind="device_key", name="Line card"))

    assert proofs.by_device_key(secret_in(shown), at=timezone.now()) is not None
    assert "X-Device-Key" in shown.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"ends_on": ""}, "This field is required"),
        ({"ends_on": "2019-01-01"}, "Choose a day after today"),
        ({"ends_on": "2999-01-01"}, "Choose a day after today"),
        ({"ends_on": "soon"}, "Enter a valid date"),
        ({"role": "999999"}, "Select a valid choice"),
        ({"kind": "password"}, "Select a valid choice"),
        ({"scopes": ["interactions:everything"]}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(acme: Partner, anna: User, change: dict[str, Any], words: str) -> None:
    answer = strongly(anna).post("/portal/organisation/access/new/", filled_in(acme, **change))

    assert answer.status_code == 422
    assert words in answer.text
    assert not Credential.objects.exists()


def test_no_scope_beyond_the_role_and_no_kind_that_it_does_not_accept(acme: Partner, anna: User) -> None:
    RoleKind.objects.filter(roles__partner=acme).update(
        permissions=[Permission.MANAGE_CREDENTIALS], credential_kinds=["client", "password", "totp"]
    )
    browser = strongly(anna)

    too_much = browser.post("/portal/organisation/access/new/", filled_in(acme, scopes=[Scope.WRITE]))
    device = browser.post("/portal/organisation/access/new/", filled_in(acme, kind="device_key"))

    assert "is more than this role allows" in too_much.text
    assert "does not accept" in device.text
    assert not Credential.objects.exists()


def test_an_administrator_makes_no_key_for_a_role_of_others(acme: Partner, anna: User) -> None:
    supplier = a_role(acme, "supplier")
    foreign = credentials.issue_client(supplier, "Supply system", actor=SYSTEM, at=timezone.now()).credential
    browser = strongly(anna)

    page = browser.get("/portal/organisation/access/new/")
    made = browser.post("/portal/organisation/access/new/", filled_in(acme, role=supplier.pk))
    rotated = browser.post(
        f"/portal/organisation/access/{foreign.pk}/secret/", {"overlap": "0", "after": foreign.mark}, follow=True
    )

    assert "Supplier" not in page.text
    assert made.status_code == 422
    assert "roles that are in force and that you have yourself" in rotated.text
    assert Credential.objects.count() == 1


def test_a_new_secret_works_beside_the_old_and_the_same_form_makes_no_third(desk: Desk, acme: Partner) -> None:
    first = a_client(acme)
    form = {"overlap": "24", "after": first.credential.mark}
    path = f"{desk.base}{first.credential.pk}/secret/"

    shown = desk.browser.post(path, form)
    again = desk.browser.post(path, form, follow=True)

    for secret in (first.secret, secret_in(shown)):
        assert proofs.by_client_secret(first.identifier, secret, at=timezone.now()) is not None
    assert "has a new secret already" in again.text
    assert "Two secrets" in again.text
    assert events(acme) == ["credential.issued", "credential.rotated"]


@pytest.mark.parametrize("form", [{}, {"overlap": "5", "after": "first"}, {"overlap": "x\x00", "after": ""}])
def test_a_new_secret_asked_for_wrongly_is_not_made(acme: Partner, anna: User, form: dict[str, str]) -> None:
    credential = a_client(acme).credential

    strongly(anna).post(f"/portal/organisation/access/{credential.pk}/secret/", form)

    assert events(acme) == ["credential.issued"]


def test_a_key_is_changed_and_revoked(desk: Desk, acme: Partner) -> None:
    issued = a_client(acme)
    path = f"{desk.base}{issued.credential.pk}/"
    ends_on = (timezone.now() + timedelta(days=20)).date().isoformat()

    desk.browser.post(path, {"name": "Till", "scopes": [Scope.READ], "ends_on": ends_on})
    changed = Credential.objects.get()
    assert (changed.name, changed.scopes) == ("Till", [Scope.READ])
    assert changed.expires_at is not None
    revoked = desk.browser.post(f"{path}revoke/", follow=True)

    assert "Till is revoked" in revoked.text
    assert proofs.by_client_secret(issued.identifier, issued.secret, at=timezone.now()) is None
    assert "This key has ended" in desk.browser.get(path).text
    assert events(acme) == ["credential.issued", "credential.changed", "credential.revoked"]


def test_nobody_else_sees_or_touches_a_key(acme: Partner, anna: User) -> None:
    credential = a_client(acme).credential
    paul = strongly(a_person_of(acme, "Paul Acheson"))
    RoleKind.objects.filter(roles__partner=acme).update(permissions=[Permission.RAISE])
    mallory = strongly(a_person_of(a_partner("Globex Mobile"), "Mallory Voss", is_administrator=True))
    base = "/portal/organisation/access/"

    for path in ("", "new/", f"{credential.pk}/"):
        assert paul.get(base + path).status_code == 403
    for path in ("secret/", "revoke/"):
        assert paul.post(f"{base}{credential.pk}/{path}").status_code == 403
        assert mallory.post(f"{base}{credential.pk}/{path}").status_code == 404
    assert mallory.get(f"{base}{credential.pk}/").status_code == 404
    assert "Order system" not in mallory.get(base).text
    assert mallory.get(f"/console/partners/{acme.pk}/access/").status_code in {403, 404}
    assert "Access" not in paul.get("/portal/organisation/").text
    assert events(acme) == ["credential.issued"]


def test_revoking_waits_for_a_second_factor_and_resumes(acme: Partner, anna: User) -> None:
    credential = a_client(acme).credential
    browser = strongly(anna)
    let_pass(browser, minutes=20)

    held = browser.post(f"/portal/organisation/access/{credential.pk}/revoke/")
    assert held.headers["Location"].startswith("/account/step-up/")
    prove(browser)
    browser.post(held.headers["Location"])

    assert Credential.objects.get().revoked_at is not None


def test_the_number_of_queries_does_not_grow(desk: Desk, acme: Partner, django_assert_max_num_queries: Any) -> None:
    counts = []
    for _ in range(2):
        for _ in range(2):
            a_client(acme)
        with django_assert_max_num_queries(20) as queries:
            desk.browser.get(desk.base)
        counts.append(len(queries))

    assert counts[0] == counts[1]
