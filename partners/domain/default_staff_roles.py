"""What people of the enterprise are here for besides everyday work, in every new installation."""

from partners.enums import AssuranceLevel, Permission

# code, name, description, permissions, least level
STAFF_ROLES: list[tuple[str, str, str, list[Permission], AssuranceLevel]] = [
    (
        "auditor",
        "Auditor",
        "Looks at everything, the record included, and changes nothing.",
        [Permission.READ_MATTERS, Permission.READ_REPORTS],
        AssuranceLevel.DOUBLE,
    ),
    (
        "analyst",
        "Analyst",
        "Works with figures and reports, and sees no matter, no text and no person of a partner.",
        [Permission.READ_REPORTS],
        AssuranceLevel.DOUBLE,
    ),
]
