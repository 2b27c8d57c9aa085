"""The people and companies of the tests stand on their own feet."""

import pytest

from partners.domain import record
from partners.enums import AssuranceLevel
from partners.models import RecordEntry
from tests.factories.world import (
    a_contact,
    a_partner,
    a_person_of,
    a_policy,
    a_representative,
    a_role,
    a_team,
    a_type,
    an_actor_for,
    an_interaction,
    signed_in,
)

pytestmark = pytest.mark.django_db


def test_an_interaction_is_genuine() -> None:
    acme = a_partner("Acme Wholesale")
    a_policy(partner=acme)
    team = a_team("checkers")
    a_type("invoice-check", plan=[("Check the amounts", team), ("Pay", team)])

    interaction = an_interaction(acme, type="invoice-check")

    assert interaction.clocks.count() == 2
    assert interaction.steps.count() == 2
    assert RecordEntry.objects.of_stream(interaction.stream).exists()
    assert list(record.entries_in_order(interaction.stream))


def test_somebody_of_a_partner_acts_in_its_role() -> None:
    acme = a_partner("Acme Wholesale", role="wholesaler")
    paul = a_person_of(acme)

    actor = an_actor_for(paul)

    assert (actor.partner_id, actor.role) == (acme.pk, "wholesaler")


def test_a_browser_is_signed_in_as_strongly_as_asked() -> None:
    rosa = a_representative()

    client = signed_in(rosa, level=AssuranceLevel.DOUBLE)

    assert client.session["account_authentication_methods"][-1]["method"] == "mfa"


def test_a_contact_knows_its_medium_and_comparable_form() -> None:
    acme = a_partner()
    a_role(acme, "supplier")

    assert a_contact(acme, "+1 202-555-0142").key == "+12025550142"
    assert a_contact(acme, "Billing@Example.org").key == "billing@example.org"
