"""What the database holds of partners even against our own mistakes."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from partners.models import CalendarVersion, Contact, Credential, Membership, Partner, PartnerRole, User
from partners.validators import validate_time_zone
from tests.factories.partners import AgreementFactory, CalendarFactory, UserFactory
from tests.factories.world import a_contact, a_partner, a_person_of, a_role

pytestmark = pytest.mark.django_db

BEFORE = date(2019, 12, 31)


def refuses(rows: Any, constraint: str, **change: Any) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        rows.update(**change)


def test_nothing_ends_before_it_starts() -> None:
    acme = a_partner()
    a_person_of(acme)
    agreement = AgreementFactory.create(partner=acme)
    a_contact(acme, "a@example.org", valid_from=date(2020, 1, 1))

    refuses(PartnerRole.objects.filter(partner=acme), "role_ends_after_it_starts", valid_until=BEFORE)
    refuses(Membership.objects.filter(partner=acme), "membership_ends_after_it_starts", valid_until=BEFORE)
    refuses(type(agreement).objects.all(), "agreement_ends_after_it_starts", valid_until=BEFORE)
    refuses(Contact.objects.filter(partner=acme), "contact_ends_after_it_starts", valid_until=BEFORE)


def test_a_partner_plays_a_role_once_at_a_time() -> None:
    acme = a_partner(role="mvno")

    with pytest.raises(IntegrityError, match="one_active_role_of_a_kind"), transaction.atomic():
        a_role(acme, "mvno")
    assert a_role(acme, "mvno", status="ended").pk


def test_an_address_belongs_to_one_user_however_it_is_written() -> None:
    paul = UserFactory.create(email="Paul@Example.org")

    assert paul.email == "paul@example.org"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email="PAUL@example.org", name="Other")])
    assert User.objects.get_by_natural_key("PAUL@EXAMPLE.ORG") == paul


def test_a_contact_is_listed_once_for_a_purpose() -> None:
    acme = a_partner()
    a_contact(acme, "a@example.org")

    with pytest.raises(IntegrityError, match="one_contact_per_address_and_purpose"), transaction.atomic():
        a_contact(acme, "A@example.org")


def test_a_version_of_a_calendar_has_its_own_number() -> None:
    version = CalendarFactory.create().versions.get()
    version.pk = None

    with pytest.raises(IntegrityError, match="one_calendar_version_per_number"), transaction.atomic():
        CalendarVersion.objects.bulk_create([version])


def test_a_credential_of_a_machine_is_no_password() -> None:
    role = a_partner().roles.get()

    with pytest.raises(IntegrityError, match="credential_is_a_machine_s"), transaction.atomic():
        Credential.objects.create(role=role, kind="password", name="x", identifier="x")


def test_a_partner_with_roles_is_not_deleted() -> None:
    acme = a_partner()

    with pytest.raises(ProtectedError):
        acme.delete()
    assert Partner.objects.filter(pk=acme.pk).exists()


@pytest.mark.parametrize("name", ["", "Mars/Base", "../etc/passwd", "UTC\x00"])
def test_a_time_zone_is_one_that_exists(name: str) -> None:
    with pytest.raises(ValidationError):
        validate_time_zone(name)


@pytest.mark.parametrize(("name", "initials"), [("Rosa Lindqvist", "RL"), ("Rosa", "R"), ("", "?"), ("A b c", "AC")])
def test_initials(name: str, initials: str) -> None:
    assert User(name=name).initials == initials
