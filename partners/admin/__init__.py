"""The workshop for configuration; what the product records by itself is here only to be looked at."""

from partners.admin import calendars, credentials, invitations, partners, policies, record, role_kinds, site, users

__all__ = ["calendars", "credentials", "invitations", "partners", "policies", "record", "role_kinds", "site", "users"]
