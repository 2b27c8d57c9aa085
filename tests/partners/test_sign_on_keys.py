"""Our key pair towards a SAML provider is there from the start and changes while sign-ins go on."""

import re
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from partners.domain import sign_on_keys, single_sign_on
from partners.enums import PartnerEvent
from partners.errors import KeyNotPrepared, KeyPrepared
from partners.models import RecordEntry, SingleSignOn
from partners.payloads import SYSTEM
from partners.transports import key_pairs
from tests.factories.sign_ons import a_saml_sign_on, a_sign_on
from tests.factories.world import a_partner

pytestmark = pytest.mark.django_db

HERE = "https://partners.example.org/account/company/acme/"


@pytest.fixture
def sign_on() -> SingleSignOn:
    return a_saml_sign_on(a_partner("Acme Wholesale"))


def certificates_told(sign_on: SingleSignOn) -> list[str]:
    sign_on.refresh_from_db()
    told = single_sign_on.description(sign_on, at_address=HERE).decode()
    return ["".join(found.split()) for found in re.findall(r"<ds:X509Certificate>(.+?)</", told, re.DOTALL)]


def bare(certificate: str) -> str:
    return "".join(certificate.split("-----")[2].split())


def test_a_pair_belongs_together_and_its_certificate_lasts_three_years() -> None:
    now = timezone.now()

    key, certificate = key_pairs.make("Partner interactions: acme", at=now)

    read = load_pem_x509_certificate(certificate.encode())
    assert load_pem_private_key(key.encode(), None).public_key() == read.public_key()
    ends_at = key_pairs.ends_at(certificate)
    assert ends_at is not None
    assert timedelta(days=1094) < ends_at - now < timedelta(days=1096)
    assert re.fullmatch(r"([0-9A-F]{2}:){31}[0-9A-F]{2}", key_pairs.fingerprint(certificate))


def test_the_next_pair_stands_beside_the_present_one_until_it_takes_over(sign_on: SingleSignOn) -> None:
    first = sign_on.signing_certificate

    sign_on_keys.prepare(sign_on, actor=SYSTEM, at=timezone.now())
    both = certificates_told(sign_on)
    following = sign_on.next_certificate
    signed_with = sign_on.signing_certificate
    sign_on_keys.change_over(sign_on, actor=SYSTEM, at=timezone.now())
    after = certificates_told(sign_on)

    assert (set(both), signed_with) == ({bare(first), bare(following)}, first)
    assert (after, sign_on.signing_certificate) == ([bare(following)], following)
    events = RecordEntry.objects.filter(event__startswith="single_sign_on.key").order_by("id")
    assert [entry.event for entry in events] == [PartnerEvent.SIGN_ON_KEY_PREPARED, PartnerEvent.SIGN_ON_KEY_CHANGED]
    assert {entry.facts["fingerprint"] for entry in events} == {key_pairs.fingerprint(following)}


def test_a_pair_that_others_have_read_is_not_replaced_and_none_is_made_up(sign_on: SingleSignOn) -> None:
    with pytest.raises(KeyNotPrepared):
        sign_on_keys.change_over(sign_on, actor=SYSTEM, at=timezone.now())
    sign_on_keys.prepare(sign_on, actor=SYSTEM, at=timezone.now())

    with pytest.raises(KeyPrepared):
        sign_on_keys.prepare(sign_on, actor=SYSTEM, at=timezone.now())


def test_private_keys_are_encrypted_at_rest(sign_on: SingleSignOn) -> None:
    sign_on_keys.prepare(sign_on, actor=SYSTEM, at=timezone.now())

    with connection.cursor() as cursor:
        cursor.execute("SELECT signing_key || next_key FROM partners_singlesignon")
        (kept,) = cursor.fetchone()

    assert "PRIVATE KEY" not in kept
    sign_on.refresh_from_db()
    assert "PRIVATE KEY" in (sign_on.next_key or "")


def test_saml_is_not_opened_without_a_key_and_openid_needs_none(sign_on: SingleSignOn) -> None:
    openid = a_sign_on(a_partner("Globex Mobile"))
    sign_on_keys.equip(openid, at=timezone.now())
    assert openid.signing_certificate == ""

    with pytest.raises(IntegrityError), transaction.atomic():
        SingleSignOn.objects.filter(pk=sign_on.pk).update(signing_certificate="")
