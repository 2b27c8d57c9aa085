"""Whoever has lost what they came in with stands at every door as a stranger does."""

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from partners.domain import credentials
from partners.models import Credential, User
from partners.payloads import SYSTEM
from tests.access import matrix
from tests.access.walk import API, addresses, asked
from tests.factories.everything import everything_of
from tests.factories.visitors import visitors
from tests.factories.world import a_partner

pytestmark = pytest.mark.django_db


def test_every_door_is_closed_to_who_was_deactivated_signed_out_or_whose_key_was_revoked() -> None:
    acme, globex = (
        everything_of(a_partner("Acme Wholesale"), "acme"),
        everything_of(a_partner("Globex Mobile"), "globex"),
    )
    everybody = visitors(acme, globex)
    lost = {name: everybody[name]() for name in ("olga", "rosa", "client", "device")}

    User.objects.filter(pk=acme.person.pk).update(is_active=False)
    Session.objects.filter(pk=lost["rosa"].client.session.session_key).delete()
    for credential in Credential.objects.filter(revoked_at=None):
        credentials.revoke(credential, actor=SYSTEM, at=timezone.now())

    wrong = []
    for door, address in addresses(acme, admin=False):
        is_api = address.startswith(API)
        for name in ("client", "device") if is_api else ("rosa" if address.startswith("/console") else "olga",):
            for method in ("GET", "POST") if is_api else ("GET",):
                got, expected = asked(lost[name], method, address).word, matrix.EXPECTED[door.name][method]["visitor"]
                if got != expected:
                    wrong.append(f"{name} {method} {door.name}: {got} instead of {expected}")

    assert not wrong, "\n".join(wrong)
