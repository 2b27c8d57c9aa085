"""What every installation starts with: kinds of roles, calendars and promises; it edits them as it likes."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop as _

from partners.domain import calendars, policies
from partners.domain.default_role_kinds import ROLE_KINDS
from partners.domain.default_staff_roles import STAFF_ROLES
from partners.enums import Priority
from partners.models import BusinessCalendar, CalendarVersion, PolicyVersion, RoleKind, ServicePolicy, StaffRole

FROM_THE_START = date(2020, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Hours:
    """The first version of a default calendar."""

    code: str
    name: str
    weekly: list[list[list[str]]]
    zone: str = "Europe/Berlin"
    country: str = "DE"


ENTERPRISE_HOURS = "enterprise-hours"
ASSURANCE_SHIFT = "assurance-shift"
ROUND_THE_CLOCK = "round-the-clock"

CALENDARS = [
    Hours(
        code=ENTERPRISE_HOURS,
        name=_("Enterprise office hours"),
        weekly=[*[[["08:00", "18:00"]]] * 4, [["08:00", "16:00"]], [], []],
    ),
    Hours(
        code=ASSURANCE_SHIFT,
        name=_("Assurance shift, with a break at noon"),
        weekly=[*[[["06:00", "12:00"], ["12:30", "22:00"]]] * 5, [["08:00", "14:00"]], []],
    ),
    Hours(code=ROUND_THE_CLOCK, name=_("Round the clock"), weekly=[[["00:00", "24:00"]]] * 7, zone="UTC", country=""),
]


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A default policy, in business hours."""

    name: str
    calendar: str
    first_response: float
    resolution: float
    silence: float
    answer: float = 20
    criteria: dict[str, object] = field(default_factory=dict)


PROMISES = [
    Promise(name=_("Standard"), calendar=ENTERPRISE_HOURS, first_response=8, resolution=48, silence=20),
    Promise(
        name=_("Urgent matters"),
        calendar=ROUND_THE_CLOCK,
        first_response=1,
        resolution=12,
        silence=4,
        answer=4,
        criteria={"priority": Priority.URGENT},
    ),
    Promise(
        name=_("High priority"),
        calendar=ENTERPRISE_HOURS,
        first_response=4,
        resolution=24,
        silence=10,
        answer=10,
        criteria={"priority": Priority.HIGH},
    ),
    Promise(
        name=_("Roaming partners"),
        calendar=ROUND_THE_CLOCK,
        first_response=12,
        resolution=120,
        silence=48,
        answer=48,
        criteria={"role_kind": "roaming-partner"},
    ),
    Promise(
        name=_("Fault reports"),
        calendar=ASSURANCE_SHIFT,
        first_response=2,
        resolution=24,
        silence=6,
        answer=8,
        criteria={"interaction_type": "fault-report"},
    ),
    Promise(
        name=_("Urgent faults"),
        calendar=ROUND_THE_CLOCK,
        first_response=0.5,
        resolution=4,
        silence=1,
        answer=2,
        criteria={"interaction_type": "fault-report", "priority": Priority.URGENT},
    ),
    Promise(
        name=_("Number porting"),
        calendar=ENTERPRISE_HOURS,
        first_response=3,
        resolution=10,
        silence=5,
        answer=5,
        criteria={"interaction_type": "number-porting"},
    ),
    Promise(
        name=_("Billing disputes"),
        calendar=ENTERPRISE_HOURS,
        first_response=10,
        resolution=96,
        silence=30,
        answer=30,
        criteria={"interaction_type": "billing-dispute"},
    ),
    Promise(
        name=_("Bills"),
        calendar=ENTERPRISE_HOURS,
        first_response=20,
        resolution=72,
        silence=48,
        answer=30,
        criteria={"interaction_type": "bill-received"},
    ),
    Promise(
        name=_("Orders"),
        calendar=ENTERPRISE_HOURS,
        first_response=6,
        resolution=60,
        silence=20,
        criteria={"interaction_type": "order"},
    ),
]


@transaction.atomic
def load() -> dict[str, int]:
    """Add what is missing; what is there stays as somebody made it. Returns how many of each were added."""
    return {
        "role kinds": load_role_kinds(),
        "staff roles": load_staff_roles(),
        "calendars": load_calendars(),
        "service policies": load_policies(),
    }


def load_role_kinds() -> int:
    added = 0
    for code, name, description, permissions, credentials, level in ROLE_KINDS:
        _kind, is_new = RoleKind.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "description": description,
                "permissions": permissions,
                "credential_kinds": list(dict.fromkeys(credentials)),
                "minimum_level": level,
            },
        )
        added += is_new
    return added


def load_staff_roles() -> int:
    added = 0
    for code, name, description, permissions, level in STAFF_ROLES:
        given = {"name": name, "description": description, "permissions": permissions, "minimum_level": level}
        added += StaffRole.objects.get_or_create(code=code, defaults=given)[1]
    return added


def load_calendars() -> int:
    added = 0
    for hours in CALENDARS:
        calendar, is_new = BusinessCalendar.objects.get_or_create(code=hours.code, defaults={"name": hours.name})
        if is_new:
            version = CalendarVersion(time_zone=hours.zone, weekly_hours=hours.weekly, country=hours.country)
            calendars.revise(calendar, version)
        added += is_new
    return added


def load_policies() -> int:
    """Policies have no code: one is missing when no policy has its name."""
    by_code = {calendar.code: calendar for calendar in BusinessCalendar.objects.all()}
    added = 0
    for promise in PROMISES:
        if ServicePolicy.objects.filter(name=promise.name).exists():
            continue
        criteria = dict(promise.criteria)
        if "role_kind" in criteria:
            criteria["role_kind"] = RoleKind.objects.get(code=str(criteria["role_kind"]))
        version = PolicyVersion(
            calendar=by_code[promise.calendar],
            first_response=timedelta(hours=promise.first_response),
            next_response=timedelta(hours=promise.first_response),
            resolution=timedelta(hours=promise.resolution),
            silence_limit=timedelta(hours=promise.silence),
            answer=timedelta(hours=promise.answer),
            effective_from=FROM_THE_START,
            **criteria,
        )
        policies.revise(ServicePolicy.objects.create(name=promise.name), version)
        added += 1
    return added
