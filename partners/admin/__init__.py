"""The workshop for configuration; what the product records by itself is here only to be looked at."""

from partners.admin import (
    absences,
    bank_accounts,
    calendars,
    credentials,
    invitations,
    partners,
    policies,
    record,
    role_kinds,
    sign_ons,
    site,
    staff_roles,
    translations,
    users,
)

__all__ = [
    "absences",
    "bank_accounts",
    "calendars",
    "credentials",
    "invitations",
    "partners",
    "policies",
    "record",
    "role_kinds",
    "sign_ons",
    "site",
    "staff_roles",
    "translations",
    "users",
]
