"""Machines prove who they are, and lose their access at once."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from allauth.idp.oidc.models import Client as OAuthClient
from allauth.idp.oidc.models import Token
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners import tasks
from partners.domain import credentials
from partners.enums import AgreementStatus, CredentialKind, PartnerStatus, RoleStatus
from partners.errors import CredentialNotAccepted
from partners.models import Credential, IdempotencyKey, RecordEntry
from partners.payloads import SYSTEM
from tests.factories.machines import INTERACTIONS, Machine, a_client_of, a_token_for, minimal
from tests.factories.partners import LONG_AGO, AgreementFactory, PartnerRoleFactory, RoleKindFactory
from tests.factories.world import a_partner, a_person_of, a_representative, a_role, signed_in

pytestmark = pytest.mark.django_db

TOKEN = "/identity/o/api/token"


@pytest.fixture
def machine() -> Machine:
    return Machine(a_partner())


def basic(name: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


def bought(issued: credentials.Issued, **form: str) -> dict[str, Any]:
    """What the endpoint tells a client that shows its secret."""
    headers = {"Authorization": basic(issued.identifier, issued.secret)}
    return dict(Client().post(TOKEN, {"grant_type": "client_credentials", **form}, headers=headers).json())


class TestTheTokenEndpoint:
    @pytest.fixture
    def issued(self) -> credentials.Issued:
        role = a_partner().roles.get()
        return credentials.issue_client(role, "Order system", actor=SYSTEM, at=timezone.now())

    @pytest.mark.parametrize("how", ["client_secret_basic", "client_secret_post"])
    def test_a_secret_buys_a_token_that_opens_the_api(self, issued: credentials.Issued, how: str) -> None:
        form = {"grant_type": "client_credentials"}
        headers = {}
        if how == "client_secret_basic":
            headers["Authorization"] = basic(issued.identifier, issued.secret)
        else:
            form |= {"client_id": issued.identifier, "client_secret": issued.secret}

        answer = Client().post(TOKEN, form, headers=headers)

        told = answer.json()
        assert answer.status_code == 200, told
        assert told["token_type"] == "Bearer"
        assert told["expires_in"] == 3600
        assert set(told["scope"].split()) == {credentials.READ, credentials.WRITE}
        read = Client().get(INTERACTIONS, headers={"Authorization": f"Bearer {told['access_token']}"})
        assert read.status_code == 200
        assert told["access_token"] not in str(Token.objects.values())

    def test_a_token_for_reading_does_not_write(self, issued: credentials.Issued) -> None:
        form = {"grant_type": "client_credentials", "scope": credentials.READ}
        told = Client().post(TOKEN, form, headers={"Authorization": basic(issued.identifier, issued.secret)}).json()
        headers = {"Authorization": f"Bearer {told['access_token']}"}

        assert Client().get(INTERACTIONS, headers=headers).status_code == 200
        refused = Client().post(INTERACTIONS, b"{}", content_type="application/json", headers=headers)
        assert refused.status_code == 403
        assert credentials.WRITE in refused.json()["message"]

    @pytest.mark.parametrize("scope", ["admin", "openid", "interactions:read admin"])
    def test_no_other_scope_is_to_be_had(self, issued: credentials.Issued, scope: str) -> None:
        form = {"grant_type": "client_credentials", "scope": scope}

        answer = Client().post(TOKEN, form, headers={"Authorization": basic(issued.identifier, issued.secret)})

        assert answer.status_code == 400
        assert "access_token" not in answer.json()

    def test_without_a_scope_all_that_are_to_be_had_are_given(self, issued: credentials.Issued) -> None:
        kind = issued.credential.role.kind
        kind.permissions = []
        kind.save()

        told = bought(issued)
        refused = bought(issued, scope=credentials.WRITE)

        assert told["scope"] == credentials.READ
        assert refused["error"] == "invalid_scope"

    def test_both_secrets_buy_tokens_while_one_replaces_the_other(self, issued: credentials.Issued) -> None:
        now, day = timezone.now(), timedelta(days=1)
        fresh = credentials.rotate(issued.credential, overlap=day, actor=SYSTEM, at=now - day / 2)
        both = [bought(one) for one in (issued, fresh)]
        Credential.objects.update(previous_until=now - timedelta(seconds=1))
        later = [bought(one) for one in (issued, fresh)]

        assert ["access_token" in told for told in both + later] == [True, True, False, True]

    @pytest.mark.parametrize("scheme", ["", "Basic", "Basic %%%", "Basic Zm9v", "Bearer x", "Basic AGE6Yg=="])
    def test_what_cannot_be_read_buys_nothing(self, scheme: str) -> None:
        answer = Client().post(TOKEN, {"grant_type": "client_credentials"}, headers={"Authorization": scheme})

        assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})
        assert answer["WWW-Authenticate"].startswith("Basic")

    @pytest.mark.parametrize("grant", ["", "password", "authorization_code", "refresh_token"])
    def test_no_other_grant_leads_to_a_token_of_a_machine(self, issued: credentials.Issued, grant: str) -> None:
        form = {"grant_type": grant, "code": "x", "refresh_token": "x", "username": "x", "password": "x"}

        answer = Client().post(TOKEN, form, headers={"Authorization": basic(issued.identifier, issued.secret)})

        assert answer.status_code in {400, 401}
        assert not Token.objects.exists()

    def test_a_token_is_given_back_by_its_own_client_alone(self, issued: credentials.Issued) -> None:
        token = bought(issued)["access_token"]
        other = credentials.issue_client(a_partner("Globex").roles.get(), "Other", actor=SYSTEM, at=timezone.now())

        def give_back(who: credentials.Issued, secret: str) -> int:
            headers = {"Authorization": basic(who.identifier, secret)}
            return Client().post("/identity/o/api/revoke", {"token": token}, headers=headers).status_code

        assert (give_back(issued, "guess"), give_back(other, other.secret)) == (401, 200)
        assert Token.objects.exists()
        assert give_back(issued, issued.secret) == 200
        assert not Token.objects.exists()

    def test_a_use_is_noted_with_where_it_came_from(self, issued: credentials.Issued) -> None:
        bought(issued)

        issued.credential.refresh_from_db()
        assert issued.credential.last_used_from == "127.0.0.1"
        assert issued.credential.last_used_at is not None

    def test_a_wrong_secret_buys_nothing(self, issued: credentials.Issued) -> None:
        form = {"grant_type": "client_credentials"}

        answer = Client().post(TOKEN, form, headers={"Authorization": basic(issued.identifier, "guess")})

        assert answer.status_code == 401
        assert not Token.objects.exists()


def test_a_secret_is_kept_as_a_digest_only() -> None:
    role = a_role(a_partner(), "infrastructure-provider")
    client = credentials.issue_client(role, "Order system", actor=SYSTEM, at=timezone.now())
    device = credentials.issue_device_key(role, "Line card", actor=SYSTEM, at=timezone.now())

    rows = [list(model.objects.values()) for model in (OAuthClient, Credential, RecordEntry)]
    stored = str(rows)
    assert client.secret not in stored
    assert device.secret not in stored


def test_credentials_are_on_the_partners_record() -> None:
    partner = a_partner()
    issued = a_client_of(partner, "Order system")
    credentials.revoke(issued.credential, actor=SYSTEM, at=timezone.now())
    credentials.revoke(issued.credential, actor=SYSTEM, at=timezone.now())

    entries = RecordEntry.objects.of_stream(partner.stream)
    assert [entry.event for entry in entries] == ["credential.issued", "credential.revoked"]
    assert entries[0].text("name") == "Order system"


def test_a_role_kind_says_which_credentials_it_accepts() -> None:
    dealer = PartnerRoleFactory(kind=RoleKindFactory(code="persons-only", credential_kinds=[CredentialKind.PASSWORD]))

    with pytest.raises(CredentialNotAccepted):
        credentials.issue_client(dealer, "Till", actor=SYSTEM, at=timezone.now())
    with pytest.raises(CredentialNotAccepted):
        credentials.issue_device_key(dealer, "Till", actor=SYSTEM, at=timezone.now())


def revoke(machine: Machine) -> None:
    credentials.revoke(machine.issued.credential, actor=SYSTEM, at=timezone.now())


def revoke_the_row_alone(machine: Machine) -> None:
    Credential.objects.update(revoked_at=timezone.now())


def expire_the_token(machine: Machine) -> None:
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def expire_the_credential(machine: Machine) -> None:
    Credential.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def remove_the_credential(machine: Machine) -> None:
    Credential.objects.all().delete()


def suspend_the_role(machine: Machine) -> None:
    machine.partner.roles.update(status=RoleStatus.SUSPENDED)


def end_the_role(machine: Machine) -> None:
    machine.partner.roles.update(valid_until=LONG_AGO)


def let_the_role_begin_later(machine: Machine) -> None:
    machine.partner.roles.update(valid_from=timezone.now().date() + timedelta(days=2))


def suspend_the_partner(machine: Machine) -> None:
    type(machine.partner).objects.update(status=PartnerStatus.SUSPENDED)


def make_it_a_prospect(machine: Machine) -> None:
    type(machine.partner).objects.update(status=PartnerStatus.PROSPECT)


def end_the_partner(machine: Machine) -> None:
    type(machine.partner).objects.update(status=PartnerStatus.ENDED)


def forbid_clients_in_the_role(machine: Machine) -> None:
    kind = machine.partner.roles.get().kind
    kind.credential_kinds = [CredentialKind.PASSWORD]
    kind.save()


def give_the_token_to_a_person(machine: Machine) -> None:
    Token.objects.update(user=a_person_of(machine.partner))


def end_the_agreement(machine: Machine) -> None:
    AgreementFactory.create(partner=machine.partner, role=machine.partner.roles.get(), status=AgreementStatus.ENDED)


def let_the_agreement_run_out(machine: Machine) -> None:
    AgreementFactory.create(partner=machine.partner, role=machine.partner.roles.get(), valid_until=LONG_AGO)


def make_it_a_refresh_token(machine: Machine) -> None:
    Token.objects.update(type=Token.Type.REFRESH_TOKEN)


OF_THE_TOKEN_ALONE = (expire_the_token, give_the_token_to_a_person, make_it_a_refresh_token)


@pytest.mark.parametrize(
    "happens",
    [
        revoke,
        revoke_the_row_alone,
        expire_the_token,
        expire_the_credential,
        remove_the_credential,
        suspend_the_role,
        end_the_role,
        end_the_agreement,
        let_the_agreement_run_out,
        let_the_role_begin_later,
        suspend_the_partner,
        end_the_partner,
        make_it_a_prospect,
        forbid_clients_in_the_role,
        give_the_token_to_a_person,
        make_it_a_refresh_token,
    ],
)
def test_access_ends_at_once_when_anything_beneath_it_does(machine: Machine, happens: Any) -> None:
    assert machine.get().status_code == 200

    happens(machine)

    answer = machine.get()
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer.json()["code"] == "41"
    if happens not in OF_THE_TOKEN_ALONE:
        assert bought(machine.issued) == {"error": "invalid_client"}


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "40"),
        ("", "40"),
        ("Basic Zm9vOmJhcg==", "40"),
        ("Token abc", "40"),
        ("Bearer", "41"),
        ("Bearer  ", "41"),
        ("Bearer nonsense", "41"),
        ("Bearer a b", "41"),
        ("Bearer " + "x" * 5000, "41"),
        ("Bearer \x00", "41"),
        ("Bearer é", "41"),
    ],
)
def test_without_a_token_that_is_known_nothing_opens(header: str | None, code: str) -> None:
    answer = Client().get(INTERACTIONS, headers={} if header is None else {"Authorization": header})

    assert answer.status_code == 401
    assert answer.json()["code"] == code
    assert "WWW-Authenticate" in answer


def test_expired_tokens_and_old_keys_are_forgotten(machine: Machine) -> None:
    machine.post(minimal(), **{"Idempotency-Key": "old"})
    machine.post(minimal(), **{"Idempotency-Key": "new"})
    IdempotencyKey.objects.filter(key="old").update(created_at=timezone.now() - timedelta(days=8))
    a_token_for(machine.issued, "old", minutes=-1)

    assert tasks.forget() == 2

    assert IdempotencyKey.objects.get().key == "new"
    assert machine.get().status_code == 200


def test_a_session_opens_no_api() -> None:
    partner = a_partner()
    for person in [a_representative(), a_person_of(partner)]:
        browser = signed_in(person)
        assert browser.get(INTERACTIONS).status_code == 401
        assert browser.post(INTERACTIONS, b"{}", content_type="application/json").status_code == 401


def test_a_session_beside_a_token_changes_nothing(machine: Machine) -> None:
    machine.create(reason="Ours")
    Machine(a_partner("Globex")).create(reason="Theirs")
    browser = signed_in(a_representative())

    rows = browser.get(INTERACTIONS, headers={"Authorization": f"Bearer {machine.token}"}).json()

    assert [row["reason"] for row in rows] == ["Ours"]


def test_a_device_key_opens_nothing_but_its_own_door() -> None:
    role = a_role(a_partner(), "infrastructure-provider")
    device = credentials.issue_device_key(role, "Line card", actor=SYSTEM, at=timezone.now())

    for header in [{"Authorization": f"Device {device.key}"}, {"X-Device-Key": device.key}]:
        assert Client().get(INTERACTIONS, headers=header).status_code == 401


def test_a_token_opens_no_door_for_devices(machine: Machine) -> None:
    assert machine.post({}, "/api/devices/reports").status_code == 401


def test_a_token_without_scopes_opens_nothing(machine: Machine) -> None:
    machine.token = a_token_for(machine.issued, "bare", scopes="")

    assert machine.get().status_code == 403


def test_proving_a_token_takes_one_query(machine: Machine) -> None:
    machine.get()  # the first use of a minute is noted

    with CaptureQueriesContext(connection) as queries:
        assert machine.get(f"{INTERACTIONS}/BPI-0000000").status_code == 404

    assert len([query for query in queries if "idp_oidc_token" in query["sql"].replace("allauth_", "")]) == 1
    assert len(queries) == 2
