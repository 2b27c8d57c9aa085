"""Rows of the app partners, for tests that need one and do not care about the rest of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from partners.domain import contacts
from partners.domain.default_staff_roles import STAFF_ROLES
from partners.enums import ContactMedium, CredentialKind, Permission
from partners.models import (
    Agreement,
    BusinessCalendar,
    CalendarVersion,
    Contact,
    Membership,
    Partner,
    PartnerRole,
    PolicyVersion,
    RoleKind,
    ServicePolicy,
    StaffRole,
    User,
)

LONG_AGO = date(2020, 1, 1)
ROUND_THE_CLOCK = [[["00:00", "24:00"]]] * 7
OFFICE_HOURS = [[["09:00", "17:00"]]] * 5 + [[], []]


class UserFactory(DjangoModelFactory[User]):
    """A person; without a password unless one is given."""

    class Meta:
        model = User

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.LazyAttribute(lambda user: f"{user.name.lower().replace(' ', '.')}@example.org")
    time_zone = "UTC"

    @classmethod
    def _create(cls, _model: type[User], *_args: Any, **fields: Any) -> User:
        return User.objects.create_user(fields.pop("email"), fields.pop("password", None), **fields)


class RepresentativeFactory(UserFactory):
    """Somebody of the enterprise."""

    name = factory.Sequence(lambda n: f"Representative {n}")
    is_representative = True


class PartnerFactory(DjangoModelFactory[Partner]):
    class Meta:
        model = Partner

    name = factory.Sequence(lambda n: f"Partner {n}")
    country = "DE"
    time_zone = "Europe/Berlin"


class RoleKindFactory(DjangoModelFactory[RoleKind]):
    """The kind that is there already when its code is."""

    class Meta:
        model = RoleKind
        django_get_or_create = ("code",)

    code = "wholesaler"
    name = factory.LazyAttribute(lambda kind: kind.code.replace("-", " ").capitalize())
    permissions = sorted(Permission)
    credential_kinds = sorted(CredentialKind)


class StaffRoleFactory(DjangoModelFactory[StaffRole]):
    """As every installation starts with it; the one that is there already when its code is."""

    class Meta:
        model = StaffRole
        django_get_or_create = ("code",)

    code = "auditor"
    name = factory.LazyAttribute(lambda role: role.code.capitalize())
    permissions = factory.LazyAttribute(
        lambda role: next(given for code, _, _, given, _ in STAFF_ROLES if code == role.code)
    )


class PartnerRoleFactory(DjangoModelFactory[PartnerRole]):
    class Meta:
        model = PartnerRole

    partner = factory.SubFactory(PartnerFactory)
    kind = factory.SubFactory(RoleKindFactory)
    valid_from = LONG_AGO


class MembershipFactory(DjangoModelFactory[Membership]):
    """A person acting for a partner; `roles=[…]` gives the roles, without it all that the partner plays."""

    class Meta:
        model = Membership
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    partner = factory.SubFactory(PartnerFactory)
    valid_from = LONG_AGO

    @factory.post_generation
    def roles(self: Any, create: bool, given: list[PartnerRole] | None, **_: object) -> None:
        if create:
            self.roles.set(self.partner.roles.all() if given is None else given)


class ContactFactory(DjangoModelFactory[Contact]):
    class Meta:
        model = Contact

    partner = factory.SubFactory(PartnerFactory)
    medium = ContactMedium.EMAIL
    value = factory.Sequence(lambda n: f"office-{n}@example.org")
    key = factory.LazyAttribute(lambda contact: contacts.key_of(ContactMedium(contact.medium), contact.value))


class AgreementFactory(DjangoModelFactory[Agreement]):
    class Meta:
        model = Agreement

    partner = factory.SubFactory(PartnerFactory)
    reference = factory.Sequence(lambda n: f"AGR-{n:04d}")
    title = "Framework agreement"
    valid_from = LONG_AGO


class CalendarFactory(DjangoModelFactory[BusinessCalendar]):
    """Open round the clock, so that business time is plain time; `version__…` says otherwise."""

    class Meta:
        model = BusinessCalendar
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"calendar-{n}")
    name = factory.LazyAttribute(lambda calendar: calendar.code.replace("-", " ").capitalize())
    version = factory.RelatedFactory("tests.factories.partners.CalendarVersionFactory", factory_related_name="calendar")


class OfficeCalendarFactory(CalendarFactory):
    """Monday to Friday, nine to five in Berlin, with the holidays of Germany."""

    version = factory.RelatedFactory(
        "tests.factories.partners.CalendarVersionFactory",
        factory_related_name="calendar",
        time_zone="Europe/Berlin",
        weekly_hours=OFFICE_HOURS,
        country="DE",
    )


class CalendarVersionFactory(DjangoModelFactory[CalendarVersion]):
    class Meta:
        model = CalendarVersion

    calendar = factory.SubFactory(CalendarFactory, version=None)
    number = 1
    time_zone = "UTC"
    weekly_hours = ROUND_THE_CLOCK


class ServicePolicyFactory(DjangoModelFactory[ServicePolicy]):
    class Meta:
        model = ServicePolicy

    name = "Test promise"


class PolicyVersionFactory(DjangoModelFactory[PolicyVersion]):
    """The first version of a policy: four hours to the first response, sixteen to the end, round the clock."""

    class Meta:
        model = PolicyVersion

    policy = factory.SubFactory(ServicePolicyFactory)
    number = 1
    calendar = factory.SubFactory(CalendarFactory)
    first_response = timedelta(hours=4)
    resolution = timedelta(hours=16)
    silence_limit = timedelta(hours=24)
    effective_from = LONG_AGO


def moment(text: str) -> datetime:
    """A moment in UTC, such as moment("2026-06-01 09:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
