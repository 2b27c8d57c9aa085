"""What people of the enterprise are here for besides everyday work, in every new installation."""

from django.utils.translation import gettext_noop as _

from partners.enums import AssuranceLevel, Permission

# code, name, description, permissions, least level
STAFF_ROLES: list[tuple[str, str, str, list[Permission], AssuranceLevel]] = [
    (
        "auditor",
        _("Auditor"),
        _("Looks at everything, the record included, and changes nothing."),
        [Permission.READ_MATTERS, Permission.READ_REPORTS],
        AssuranceLevel.DOUBLE,
    ),
    (
        "analyst",
        _("Analyst"),
        _("Works with figures and reports, and sees no matter, no text and no person of a partner."),
        [Permission.READ_REPORTS],
        AssuranceLevel.DOUBLE,
    ),
]
