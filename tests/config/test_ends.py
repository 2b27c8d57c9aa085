"""Whatever ends, ends at once: the next request of a browser that is signed in, of a token and of a device key."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from interactions.models import Interaction
from partners.domain import credentials, people, sign_ins
from partners.enums import AgreementStatus, AssuranceLevel, PartnerStatus, RoleStatus
from partners.models import Agreement, Membership, Partner, PartnerRole, RoleKind, User
from partners.payloads import SYSTEM
from tests.factories.machines import INTERACTIONS, a_client_of, a_token_for
from tests.factories.partners import LONG_AGO, AgreementFactory
from tests.factories.world import a_partner, a_person_of, an_interaction, signed_in

pytestmark = pytest.mark.django_db
REPORTS = "/api/devices/reports"
YESTERDAY = timedelta(days=1)


def today() -> date:
    return timezone.now().date()


def end_role(_acme: Partner) -> None:
    PartnerRole.objects.update(status=RoleStatus.ENDED)


def let_role_run_out(_acme: Partner) -> None:
    PartnerRole.objects.update(valid_until=today() - YESTERDAY)


def end_agreement(_acme: Partner) -> None:
    Agreement.objects.update(status=AgreementStatus.ENDED)


def let_agreement_run_out(_acme: Partner) -> None:
    Agreement.objects.update(valid_until=today() - YESTERDAY)


def suspend(acme: Partner) -> None:
    Partner.objects.filter(pk=acme.pk).update(status=PartnerStatus.SUSPENDED)


def end_partner(acme: Partner) -> None:
    Partner.objects.filter(pk=acme.pk).update(status=PartnerStatus.ENDED)


def deactivate(_acme: Partner) -> None:
    User.objects.update(is_active=False)


def remove(acme: Partner) -> None:
    people.remove(acme.memberships.get(is_administrator=False), actor=SYSTEM, at=timezone.now())


def block(acme: Partner) -> None:
    people.block(acme.memberships.get(is_administrator=False), actor=SYSTEM, at=timezone.now())


def let_place_run_out(_acme: Partner) -> None:
    Membership.objects.filter(is_administrator=False).update(valid_until=today() - YESTERDAY)


def sign_out_everywhere(_acme: Partner) -> None:
    sign_ins.end_sessions(User.objects.get(name="Paul Acheson"), actor=SYSTEM, at=timezone.now())


def revoke(acme: Partner) -> None:
    for credential in acme.roles.get().credentials.all():
        credentials.revoke(credential, actor=SYSTEM, at=timezone.now())


BOTH = [end_role, let_role_run_out, end_agreement, let_agreement_run_out, suspend, end_partner]
PERSONS = [deactivate, remove, block, let_place_run_out]


@pytest.fixture
def acme() -> Partner:
    """A partner in one role under one agreement, with somebody else who administers it."""
    acme = a_partner("Acme Wholesale")
    RoleKind.objects.filter(code="wholesaler").update(credential_kinds=["password", "client", "device_key"])
    AgreementFactory.create(partner=acme, role=acme.roles.get(), valid_from=LONG_AGO)
    a_person_of(acme, "Grace Whitlock", is_administrator=True)
    return acme


@pytest.fixture
def paul(acme: Partner) -> Client:
    return signed_in(a_person_of(acme, "Paul Acheson"), level=AssuranceLevel.DOUBLE)


@pytest.fixture
def matter(acme: Partner) -> Interaction:
    return an_interaction(acme, subject="Quixotic matter")


def statuses_of_machines(token: str, key: str) -> tuple[int, int]:
    machine = Client(raise_request_exception=False)
    told = {"id": f"r-{timezone.now().timestamp()}", "at": timezone.now().isoformat(), "kind": "fault", "code": "E42"}
    reported = machine.post(
        REPORTS, {**told, "text": "Down"}, content_type="application/json", headers={"Authorization": f"Device {key}"}
    )
    listed = machine.get(INTERACTIONS, headers={"Authorization": f"Bearer {token}"})
    return listed.status_code, reported.status_code


@pytest.mark.parametrize("end", [*BOTH, *PERSONS], ids=lambda end: end.__name__)
def test_a_session_reaches_nothing_of_the_partner_from_the_next_request_on(
    acme: Partner, paul: Client, matter: Interaction, end: Callable[[Partner], None]
) -> None:
    page = f"/portal/interactions/{matter.number}/"
    assert "Quixotic matter" in paul.get(page).text

    end(acme)

    for path in (page, "/portal/", "/portal/interactions/", "/portal/organisation/"):
        answer = paul.get(path)
        assert answer.status_code in {302, 403, 404}, path
        assert "Quixotic" not in answer.text
        assert "Acme" not in answer.text
    assert paul.post(f"{page}answer/", {"text": "Still here", "version": matter.version}).status_code in {302, 403, 404}
    assert not matter.items.filter(text="Still here").exists()


@pytest.mark.parametrize("end", [*BOTH, revoke], ids=lambda end: end.__name__)
def test_tokens_and_device_keys_are_dead_on_the_next_request(acme: Partner, end: Callable[[Partner], None]) -> None:
    token = a_token_for(a_client_of(acme))
    key = credentials.issue_device_key(acme.roles.get(), "Probe", actor=SYSTEM, at=timezone.now()).key
    assert statuses_of_machines(token, key) == (200, 201)

    end(acme)

    assert statuses_of_machines(token, key) == (401, 401)


def test_who_is_signed_out_everywhere_signs_in_anew(acme: Partner, paul: Client) -> None:
    user = User.objects.get(name="Paul Acheson")
    UserSession.objects.create(user=user, ip="127.0.0.1", session_key=paul.session.session_key, user_agent="")
    assert paul.get("/portal/").status_code == 200

    sign_out_everywhere(acme)

    assert paul.get("/portal/").headers["Location"].startswith("/account/login/")
