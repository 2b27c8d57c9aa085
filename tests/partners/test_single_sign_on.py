"""The way out to a company's provider and back: what is kept, what counts once, and what is believed of it."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from partners.domain import single_sign_on
from partners.enums import PartnerStatus, SignOnKind
from partners.models import Partner, SignOnAnswer, SingleSignOn, encryption
from partners.payloads import NOBODY
from partners.transports import saml
from partners.transports.identities import AnswerRefused
from tests.factories.identity_provider import Assertion, saml_answer
from tests.factories.sign_ons import a_saml_sign_on, a_sign_on
from tests.factories.world import a_partner, a_person_of, a_representative, an_actor_for

pytestmark = pytest.mark.django_db

HERE = "https://partners.example.org/account/company/acme/"
ISSUER = "https://login.acme.example"


@pytest.fixture
def sign_on() -> SingleSignOn:
    return a_saml_sign_on(a_partner("Acme Wholesale"))


def answer(**lies: Any) -> str:
    told = Assertion(**({"attributes": {saml.NAMES.email: ["paul@acme.example"], "roles": ["sales"]}} | lies))
    return saml_answer(told, issuer=ISSUER, audience=f"{HERE}metadata/", address=f"{HERE}acs/", request_id="asked-1")


def receive(sign_on: SingleSignOn, encoded: str) -> str:
    return single_sign_on.receive(sign_on, encoded, at_address=HERE, at=timezone.now())


def collect(sign_on: SingleSignOn, ticket: str, **kept: str) -> Any:
    return single_sign_on.collect(sign_on, ticket, kept, at=timezone.now())


def test_an_answer_is_collected_by_the_browser_that_asked(sign_on: SingleSignOn) -> None:
    ticket = receive(sign_on, answer())

    found = collect(sign_on, ticket, request="asked-1")

    assert (found.subject, found.email, found.roles) == ("paul-1", "paul@acme.example", {"sales"})


def test_an_answer_is_collected_once(sign_on: SingleSignOn) -> None:
    ticket = receive(sign_on, answer())
    collect(sign_on, ticket, request="asked-1")

    with pytest.raises(AnswerRefused):
        collect(sign_on, ticket, request="asked-1")


@pytest.mark.parametrize("kept", [{}, {"request": "asked-2"}, {"request": ""}])
def test_an_answer_is_worth_nothing_to_another_browser(sign_on: SingleSignOn, kept: dict[str, str]) -> None:
    ticket = receive(sign_on, answer())

    with pytest.raises(AnswerRefused, match="another browser"):
        collect(sign_on, ticket, **kept)


def test_an_assertion_that_is_sent_again_is_refused(sign_on: SingleSignOn) -> None:
    encoded = answer()
    receive(sign_on, encoded)

    with pytest.raises(AnswerRefused, match="used before"):
        receive(sign_on, encoded)


def test_an_answer_that_nobody_asked_for_is_taken_only_where_the_partner_wants_it(sign_on: SingleSignOn) -> None:
    with pytest.raises(AnswerRefused, match="nobody asked"):
        receive(sign_on, answer(in_response_to=None))

    sign_on.accepts_unasked = True
    assert collect(sign_on, receive(sign_on, answer(in_response_to=None))).subject == "paul-1"


def test_an_answer_waits_no_longer_than_it_counts(sign_on: SingleSignOn) -> None:
    ticket = receive(sign_on, answer())
    later = timezone.now() + timedelta(minutes=6)

    with pytest.raises(AnswerRefused):
        single_sign_on.collect(sign_on, ticket, {"request": "asked-1"}, at=later)
    assert single_sign_on.forget_answers(at=later) == 1


def test_a_ticket_of_one_partner_opens_nothing_at_another(sign_on: SingleSignOn) -> None:
    other = a_sign_on(a_partner("Globex Mobile"))
    ticket = receive(sign_on, answer())

    with pytest.raises(AnswerRefused):
        collect(other, ticket, request="asked-1")


def test_an_assertion_for_one_partner_is_refused_by_another_with_the_same_provider(sign_on: SingleSignOn) -> None:
    """Two companies of one group: an answer counts where it was made for."""
    other = a_saml_sign_on(a_partner("Globex Mobile"), ISSUER)

    with pytest.raises(AnswerRefused):
        single_sign_on.receive(other, answer(), at_address=HERE.replace("acme", "globex"), at=timezone.now())


def test_what_an_answer_says_is_unreadable_while_it_waits(sign_on: SingleSignOn) -> None:
    receive(sign_on, answer())

    with connection.cursor() as cursor:
        cursor.execute("SELECT identity FROM partners_signonanswer")
        assert "paul" not in cursor.fetchone()[0]


def test_secrets_of_a_sign_on_are_encrypted_and_renewed(sign_on: SingleSignOn, settings: Any) -> None:
    settings.ENCRYPTION_KEYS = ["a new key of no less than thirty-two characters", *settings.ENCRYPTION_KEYS]
    call_command("renew_secrets", verbosity=0)
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]

    sign_on.refresh_from_db()
    assert (sign_on.client_secret or "").startswith("secret-of")
    assert (sign_on.signing_key or "").startswith("-----BEGIN")
    with connection.cursor() as cursor:
        cursor.execute("SELECT client_secret, signing_key FROM partners_singlesignon")
        assert all(encryption.decrypt(sealed) and "BEGIN" not in sealed for sealed in cursor.fetchone())


def test_addresses_lead_to_the_sign_on_of_their_domain_and_to_no_other() -> None:
    acme = a_sign_on(a_partner("Acme Wholesale"))
    a_sign_on(a_partner("Globex Mobile"), is_active=False)
    ended = a_partner("Initech Carriers", status=PartnerStatus.ENDED)
    a_sign_on(ended)

    found = {
        address: list(single_sign_on.for_address(address))
        for address in (" Anybody@ACME.example ", "a@globex.example", "a@initech.example", "acme.example", "", "a@")
    }
    assert found.pop(" Anybody@ACME.example ") == [acme]
    assert not any(found.values())


def test_a_sign_on_is_its_partner_s_to_see() -> None:
    acme, globex = a_partner("Acme Wholesale"), a_partner("Globex Mobile")
    ours, theirs = a_sign_on(acme), a_sign_on(globex)

    assert set(SingleSignOn.objects.visible_to(an_actor_for(a_representative()))) == {ours, theirs}
    assert list(SingleSignOn.objects.visible_to(an_actor_for(a_person_of(acme)))) == [ours]
    assert not SingleSignOn.objects.visible_to(NOBODY)


@pytest.mark.parametrize(
    "fields",
    [
        {"client_id": ""},
        {"kind": SignOnKind.SAML},
        {"kind": SignOnKind.SAML, "sign_in_url": ISSUER},
        {"is_active": False, "is_required": True},
    ],
)
def test_half_a_sign_on_is_none(fields: dict[str, Any]) -> None:
    partner: Partner = a_partner()

    with pytest.raises(IntegrityError), transaction.atomic():
        a_sign_on(partner, **fields)


@pytest.mark.parametrize(
    "domain", ["ACME.example", "acme", "@acme.example", "acme.example.", "*.acme.example", "1.2.3.4"]
)
def test_a_domain_has_one_form(domain: str) -> None:
    sign_on = SingleSignOn(domains=[domain])

    with pytest.raises(ValidationError):
        sign_on.clean_fields(exclude={f.name for f in SingleSignOn._meta.fields} - {"domains"})


def test_what_was_said_survives_the_wait_unchanged(sign_on: SingleSignOn) -> None:
    collected = collect(sign_on, receive(sign_on, answer()), request="asked-1")

    assert single_sign_on.unpacked(single_sign_on.packed(collected)) == collected
    assert dataclasses.replace(collected, subject="other") != collected
    assert SignOnAnswer.objects.get().identity == ""
