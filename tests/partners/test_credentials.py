"""The life of a key: made, shown once, given a new secret beside the old, warned of its end, ended."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from allauth.idp.oidc.models import Token
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.domain import credentials, expiry, proofs, scopes, tokens, uses
from partners.domain.credentials import Issued
from partners.enums import CredentialKind, Permission, Scope
from partners.errors import (
    ClientRefused,
    CredentialEnded,
    CredentialMade,
    EndNotAllowed,
    RoleNotInForce,
    ScopeBeyondRole,
)
from partners.models import Credential, OutboxMessage, Partner, RecordEntry
from partners.payloads import SYSTEM, Actor
from tests.factories.partners import LONG_AGO, RoleKindFactory
from tests.factories.world import a_partner, a_person_of, a_role, an_actor_for
from tests.interactions.stages import at_once

NOW = timezone.now()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def acme(db: None) -> Partner:
    return a_partner("Acme Wholesale", role="infrastructure-provider")  # which lets devices in


@pytest.fixture
def anna(acme: Partner) -> Actor:
    return an_actor_for(a_person_of(acme, "Anna Acheson", is_administrator=True))


def a_client(partner: Partner, **fields: Any) -> Issued:
    given: dict[str, Any] = {"actor": SYSTEM, "at": NOW} | fields
    return credentials.issue_client(partner.roles.get(), "Order system", **given)


def a_device(partner: Partner, **fields: Any) -> Issued:
    given: dict[str, Any] = {"actor": SYSTEM, "at": NOW} | fields
    return credentials.issue_device_key(partner.roles.get(), "Line card", **given)


def opens(issued: Issued, at: Any = NOW) -> bool:
    """Whether a secret is worth something."""
    if issued.credential.kind == CredentialKind.CLIENT:
        return proofs.by_client_secret(issued.identifier, issued.secret, at=at) is not None
    return proofs.by_device_key(issued.key, at=at) is not None


def token_of(issued: Issued, *wanted: str, at: Any = NOW) -> str:
    return tokens.buy(issued.identifier, issued.secret, wanted, address=None, at=at).value


def events(partner: Partner) -> list[str]:
    return [entry.event for entry in RecordEntry.objects.of_stream(partner.stream)]


@pytest.fixture(params=[a_client, a_device])
def issued(request: pytest.FixtureRequest, acme: Partner) -> Issued:
    """A key of either kind."""
    made: Issued = request.param(acme)
    return made


class TestIssuing:
    def test_a_secret_of_256_bits_opens_and_no_other(self, issued: Issued) -> None:
        assert len(issued.secret) >= 43
        assert opens(issued)
        assert not opens(Issued(credential=issued.credential, secret=issued.secret + "x"))
        assert not opens(Issued(credential=issued.credential, secret=""))

    def test_a_role_out_of_force_gets_no_key(self, acme: Partner) -> None:
        acme.roles.update(valid_until=LONG_AGO)
        with pytest.raises(RoleNotInForce):
            a_client(acme)

        acme.roles.update(valid_until=None)
        Partner.objects.update(status="suspended")
        with pytest.raises(RoleNotInForce):
            a_device(acme)

    def test_the_same_form_sent_twice_makes_one_key(self, acme: Partner, anna: Actor) -> None:
        first = a_client(acme, actor=anna, once="form-1", expires_at=NOW + DAY)

        with pytest.raises(CredentialMade) as made:
            a_client(acme, actor=anna, once="form-1", expires_at=NOW + DAY)

        assert made.value.credential_id == first.credential.pk
        a_client(acme, actor=anna, once="form-2", expires_at=NOW + DAY)
        a_client(acme, once="form-1")
        assert Credential.objects.count() == 3

    @pytest.mark.parametrize("expires_at", [None, NOW, NOW - DAY, NOW + timedelta(days=400)])
    def test_a_key_that_a_partner_makes_ends_within_a_year(self, acme: Partner, anna: Actor, expires_at: Any) -> None:
        with pytest.raises(EndNotAllowed):
            a_client(acme, actor=anna, expires_at=expires_at)

    def test_the_enterprise_may_make_one_without_end_but_none_that_is_over(self, acme: Partner) -> None:
        assert a_client(acme).credential.expires_at is None
        with pytest.raises(EndNotAllowed):
            a_client(acme, expires_at=NOW - DAY)

    def test_the_secret_is_in_no_text_that_a_log_could_show(self, issued: Issued) -> None:
        assert issued.secret not in repr(issued)


class TestScopes:
    @pytest.mark.parametrize(
        ("permissions", "reach"),
        [
            ([], {Scope.READ, Scope.SUBSCRIBE}),
            ([Permission.RAISE], {Scope.READ, Scope.WRITE, Scope.SUBSCRIBE}),
            ([Permission.APPROVE_SETTLEMENT], {Scope.READ, Scope.SUBSCRIBE}),
        ],
    )
    def test_a_scope_follows_from_what_the_role_allows(self, permissions: list[str], reach: set[str]) -> None:
        assert scopes.within(permissions) == reach

    @pytest.mark.django_db
    def test_no_key_is_made_for_more_than_its_role_allows(self) -> None:
        RoleKindFactory.create(code="reader", permissions=[])
        reader = a_partner("Globex Mobile", role="reader")

        with pytest.raises(ScopeBeyondRole):
            a_client(reader)
        with pytest.raises(ScopeBeyondRole):
            a_client(reader, wanted=["everything"])
        assert a_client(reader, wanted=[Scope.READ]).credential.scopes == [Scope.READ]

    def test_a_token_asking_for_more_than_the_key_is_refused(self, acme: Partner) -> None:
        issued = a_client(acme, wanted=[Scope.READ])

        with pytest.raises(ScopeBeyondRole):
            token_of(issued, Scope.READ, Scope.WRITE)
        grant = proofs.by_token(token_of(issued), at=NOW)
        assert grant is not None
        assert grant.scopes == {Scope.READ}

    def test_what_is_taken_from_the_key_or_the_role_is_taken_from_its_tokens_at_once(self, acme: Partner) -> None:
        issued = a_client(acme)
        token = token_of(issued)

        credentials.change(issued.credential, name="Reader", wanted=[Scope.READ], expires_at=None, actor=SYSTEM, at=NOW)
        of_key = proofs.by_token(token, at=NOW)
        credentials.change(issued.credential, name="Writer", wanted=list(Scope), expires_at=None, actor=SYSTEM, at=NOW)
        kind = acme.roles.get().kind
        kind.permissions = []
        kind.save()
        of_role = proofs.by_token(token, at=NOW)

        assert of_key is not None
        assert of_role is not None
        assert of_key.scopes == of_role.scopes == {Scope.READ}
        with pytest.raises(ScopeBeyondRole):
            token_of(issued, Scope.WRITE)


class TestRotating:
    def test_the_old_secret_works_as_long_as_was_chosen(self, issued: Issued) -> None:
        fresh = credentials.rotate(issued.credential, overlap=HOUR, actor=SYSTEM, at=NOW)

        assert fresh.identifier == issued.identifier
        assert (opens(fresh), opens(issued), opens(issued, NOW + HOUR - timedelta(seconds=1))) == (True, True, True)
        assert (opens(fresh, NOW + HOUR), opens(issued, NOW + HOUR)) == (True, False)

    def test_without_overlap_it_ends_at_once_and_its_tokens_too(self, acme: Partner) -> None:
        issued = a_client(acme)
        token = token_of(issued)

        fresh = credentials.rotate(issued.credential, actor=SYSTEM, at=NOW)

        assert (opens(fresh), opens(issued), proofs.by_token(token, at=NOW)) == (True, False, None)

    def test_with_overlap_a_token_goes_on(self, acme: Partner) -> None:
        issued = a_client(acme)
        token = token_of(issued)

        credentials.rotate(issued.credential, overlap=HOUR, actor=SYSTEM, at=NOW)

        assert proofs.by_token(token, at=NOW) is not None

    def test_at_most_two_secrets_work(self, issued: Issued) -> None:
        second = credentials.rotate(issued.credential, overlap=HOUR, actor=SYSTEM, at=NOW)
        third = credentials.rotate(issued.credential, overlap=HOUR, actor=SYSTEM, at=NOW)

        assert [opens(one) for one in (issued, second, third)] == [False, True, True]

    def test_an_overlap_is_bounded(self, issued: Issued) -> None:
        credentials.rotate(issued.credential, overlap=timedelta(days=400), actor=SYSTEM, at=NOW)

        assert not opens(issued, NOW + credentials.MOST_OVERLAP)

    def test_a_key_may_live_longer_with_its_new_secret(self, acme: Partner, anna: Actor) -> None:
        issued = a_client(acme, actor=anna, expires_at=NOW + DAY)
        Credential.objects.update(warned_at=NOW)

        fresh = credentials.rotate(issued.credential, expires_at=NOW + 90 * DAY, actor=anna, at=NOW)

        assert (fresh.credential.expires_at, fresh.credential.warned_at) == (NOW + 90 * DAY, None)
        with pytest.raises(EndNotAllowed):
            credentials.rotate(issued.credential, expires_at=NOW + 900 * DAY, actor=anna, at=NOW)

    @pytest.mark.parametrize("ended", [{"revoked_at": NOW}, {"expires_at": NOW}])
    def test_what_has_ended_is_not_brought_back(self, issued: Issued, ended: dict[str, Any]) -> None:
        Credential.objects.update(**ended)

        with pytest.raises(CredentialEnded):
            credentials.rotate(issued.credential, actor=SYSTEM, at=NOW)
        with pytest.raises(CredentialEnded):
            credentials.change(issued.credential, name="X", wanted=[], expires_at=None, actor=SYSTEM, at=NOW)

    @pytest.mark.usefixtures("issued")
    def test_an_old_secret_without_an_end_cannot_be_kept(self) -> None:
        with pytest.raises(IntegrityError, match="previous_secret_has_an_end"), transaction.atomic():
            Credential.objects.update(previous_digest="0" * 64)

    @pytest.mark.usefixtures("committed_db")
    def test_two_who_rotate_at_once_leave_two_secrets_that_work(self) -> None:
        issued = a_client(a_partner())

        outcomes = at_once(*[partial(credentials.rotate, issued.credential, overlap=HOUR, actor=SYSTEM, at=NOW)] * 2)

        assert [opens(outcome) for outcome in outcomes if isinstance(outcome, Issued)] == [True, True]
        assert not opens(issued)


class TestEnding:
    def test_revoked_it_opens_nothing_and_sells_nothing(self, issued: Issued) -> None:
        credentials.revoke(issued.credential, actor=SYSTEM, at=NOW)
        credentials.revoke(issued.credential, actor=SYSTEM, at=NOW)

        assert not opens(issued)
        with pytest.raises(ClientRefused):
            token_of(issued)
        assert not Token.objects.exists()

    def test_an_end_that_is_near_is_told_once_and_the_end_itself_is_noted(self, acme: Partner) -> None:
        issued = a_client(acme, expires_at=NOW + 20 * DAY)

        swept = [expiry.sweep(at=NOW + days * DAY) for days in (0, 5, 6, 7, 20, 21)]

        assert swept == [0, 0, 1, 0, 1, 0]
        assert events(acme) == ["credential.issued", "credential.expiring", "credential.expired"]
        told = OutboxMessage.objects.values_list("entry__event", flat=True)
        assert set(told) == {"credential.expiring", "credential.expired"}
        assert not opens(issued, NOW + 20 * DAY)

    def test_a_later_end_is_warned_of_anew(self, acme: Partner) -> None:
        issued = a_client(acme, expires_at=NOW + DAY)
        expiry.sweep(at=NOW)

        credentials.rotate(issued.credential, expires_at=NOW + 100 * DAY, actor=SYSTEM, at=NOW)

        assert [expiry.sweep(at=NOW), expiry.sweep(at=NOW + 90 * DAY)] == [0, 1]

    def test_of_what_was_revoked_nobody_is_warned(self, acme: Partner) -> None:
        issued = a_client(acme, expires_at=NOW + DAY)
        credentials.revoke(issued.credential, actor=SYSTEM, at=NOW)

        assert expiry.sweep(at=NOW) == 0

    @pytest.mark.usefixtures("committed_db")
    def test_two_sweeps_at_once_warn_once(self) -> None:
        acme = a_partner()
        for number in range(5):
            credentials.issue_client(acme.roles.get(), f"System {number}", actor=SYSTEM, at=NOW, expires_at=NOW + DAY)

        at_once(*[partial(expiry.sweep, at=NOW)] * 3)

        assert events(acme).count("credential.expiring") == 5


class TestLastUse:
    def test_it_is_noted_at_most_once_a_minute(self, issued: Issued) -> None:
        credential = issued.credential
        minute = timedelta(minutes=1)

        noted = [
            uses.note(credential.pk, address="192.0.2.7", at=NOW + offset)
            for offset in (timedelta(0), minute / 2, minute, minute * 1.5)
        ]

        credential.refresh_from_db()
        assert noted == [True, False, True, False]
        assert (credential.last_used_at, credential.last_used_from) == (NOW + minute, "192.0.2.7")

    def test_between_two_notes_a_request_writes_nothing(self, acme: Partner) -> None:
        token = token_of(a_client(acme))

        with CaptureQueriesContext(connection) as queries:
            grant = proofs.by_token(token, at=NOW)

        assert grant is not None
        assert not uses.is_to_be_noted(grant.last_used_at, at=NOW)
        assert len(queries) == 1

    @pytest.mark.usefixtures("committed_db")
    def test_nobody_waits_for_somebody_who_is_noting(self) -> None:
        issued = a_client(a_partner())
        with transaction.atomic():
            assert uses.note(issued.credential.pk, address=None, at=NOW)
            (other,) = at_once(partial(uses.note, issued.credential.pk, address=None, at=NOW))

        assert other is False


class TestTheRecord:
    def test_it_tells_the_life_of_a_key_and_no_secret(self, acme: Partner, anna: Actor) -> None:
        issued = a_client(acme, actor=anna, expires_at=NOW + DAY)
        terms: dict[str, Any] = {"wanted": [Scope.READ], "expires_at": NOW + DAY, "actor": anna, "at": NOW}
        credentials.change(issued.credential, name="Reader", **terms)
        credentials.change(issued.credential, name="Reader", **terms)
        fresh = credentials.rotate(issued.credential, overlap=HOUR, actor=anna, at=NOW)
        credentials.revoke(issued.credential, actor=anna, at=NOW)

        entries = list(RecordEntry.objects.of_stream(acme.stream))
        assert [entry.event.removeprefix("credential.") for entry in entries] == [
            *("issued", "changed", "rotated", "revoked")
        ]
        assert entries[2].facts["overlap"] == 3600
        assert {entry.actor_id for entry in entries} == {anna.user_id}
        stored = str([list(model.objects.values()) for model in (RecordEntry, Credential, Token)])
        assert issued.secret not in stored
        assert fresh.secret not in stored


def test_keys_are_seen_by_the_own_partner_and_the_enterprise(acme: Partner, anna: Actor) -> None:
    a_client(acme)
    mallory = an_actor_for(a_person_of(a_partner("Initech"), "Mallory Voss", is_administrator=True))

    seen: Callable[[Actor], int] = lambda actor: Credential.objects.visible_to(actor).count()  # noqa: E731

    assert (seen(anna), seen(mallory), seen(Actor(kind=anna.kind))) == (1, 0, 0)


def test_a_key_of_one_role_is_made_in_no_other(acme: Partner) -> None:
    dealer = a_role(a_partner("Globex Mobile"), "supplier")
    issued = credentials.issue_client(dealer, "Till", actor=SYSTEM, at=NOW)

    grant = proofs.by_token(token_of(issued), at=NOW)
    assert grant is not None
    assert (grant.actor.partner_id, grant.actor.role_id) == (dealer.partner_id, dealer.pk)
