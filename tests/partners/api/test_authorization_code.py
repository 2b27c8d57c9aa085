"""We give tokens to systems, never in the name of a person: nobody is asked to consent to anything."""

import pytest
from allauth.idp.oidc.models import Client as Registered
from django.contrib import admin

from tests.factories.world import a_machine_client, a_partner, a_person_of, signed_in

pytestmark = pytest.mark.django_db

ELSEWHERE = "https://elsewhere.example/back"


def test_a_key_of_a_system_opens_no_door_by_the_authorization_code() -> None:
    acme = a_partner("Acme Wholesale")
    client_id, _secret = a_machine_client(acme)
    asked = {"client_id": client_id, "response_type": "code", "redirect_uri": ELSEWHERE, "scope": "interactions:read"}
    paul = signed_in(a_person_of(acme))

    as_issued = paul.get("/identity/o/authorize", asked)
    Registered.objects.update(redirect_uris=ELSEWHERE)
    where_an_address_was_written = paul.get("/identity/o/authorize", asked)

    assert 'name="request"' not in as_issued.content.decode()  # what a page of consent would send back
    assert "error=unauthorized_client" in where_an_address_was_written.headers["Location"]


def test_clients_are_made_by_our_own_verbs_and_not_in_the_admin() -> None:
    assert Registered not in admin.site._registry
