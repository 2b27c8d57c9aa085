"""What every installation starts with: teams, plans over them, and types of interaction. It edits them as it likes."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from interactions.domain import catalogue
from interactions.domain.default_types import TYPES
from interactions.models import InteractionType, Plan, PlanStep, Team
from partners.domain.defaults import ASSURANCE_SHIFT, ENTERPRISE_HOURS
from partners.models import BusinessCalendar

# code, name, calendar
TEAMS = [
    ("front-desk", "Front desk", ENTERPRISE_HOURS),
    ("billing", "Billing", ENTERPRISE_HOURS),
    ("assurance", "Assurance", ASSURANCE_SHIFT),
    ("fulfilment", "Fulfilment", ENTERPRISE_HOURS),
]

# plan: its name, and per step: name, wording for the partner, team, business hours, instructions
PLANS: dict[str, tuple[str, list[tuple[str, str, str, float, str]]]] = {
    "fault-repair": (
        "Fault repair",
        [
            (
                "Localise the fault",
                "We are looking for the cause",
                "assurance",
                4,
                "Test both directions; keep the traces.",
            ),
            (
                "Repair or have it repaired",
                "The repair is under way",
                "assurance",
                16,
                "Open a ticket with the owner of the part.",
            ),
            ("Check with measurements", "We check that it works", "assurance", 4, "Fifteen minutes without errors."),
        ],
    ),
    "planned-work-check": (
        "Planned work",
        [
            ("Check what is touched", "We check what is affected", "assurance", 8, "Compare with our change calendar."),
            ("Tell those affected", "We prepare for the window", "front-desk", 8, "Name the window in local time."),
        ],
    ),
    "bill-check": (
        "Check of an invoice",
        [
            (
                "Check form and references",
                "We check the invoice",
                "billing",
                16,
                "Order, agreement, period and tax number.",
            ),
            (
                "Compare with what was delivered",
                "We compare it with the delivery",
                "fulfilment",
                24,
                "Counters, delivery notes.",
            ),
            ("Release for payment", "The payment is being released", "billing", 16, "Two persons above 50,000 EUR."),
        ],
    ),
    "dispute-review": (
        "Review of a dispute",
        [
            (
                "Compare the figures",
                "We compare the figures",
                "billing",
                24,
                "Ask for call records where totals differ.",
            ),
            (
                "Ask the service side",
                "Our experts look at it",
                "assurance",
                24,
                "Routes, outages and rerating in the period.",
            ),
            ("Decide and settle", "We prepare our decision", "billing", 24, "State the rule of the agreement."),
        ],
    ),
    "settlement": (
        "Settlement",
        [
            (
                "Prepare the statement",
                "The statement is prepared",
                "billing",
                16,
                "Traffic both ways, discounts, open disputes.",
            ),
            (
                "Approve",
                "The statement awaits approval",
                "billing",
                16,
                "Amount and payee are confirmed by a second person.",
            ),
        ],
    ),
    "order-delivery": (
        "Delivery of an order",
        [
            ("Check the order", "We check the order", "front-desk", 8, "Contract, credit line, address."),
            ("Plan the capacity", "We plan the delivery", "fulfilment", 16, "Stock, ports, numbers."),
            ("Deliver", "The delivery is under way", "fulfilment", 24, "Confirm date and consignment number."),
            ("Prepare the billing", "We prepare the billing", "billing", 8, "Start of charges as delivered."),
        ],
    ),
    "porting": (
        "Number porting",
        [
            ("Check data and reason", "We check the data", "fulfilment", 4, "Owner, contract end, open portings."),
            (
                "Exchange with the other network",
                "We settle it with the other network",
                "fulfilment",
                6,
                "New window if missed.",
            ),
        ],
    ),
}


@transaction.atomic
def load() -> dict[str, int]:
    """Add what is missing; what is there stays as somebody made it. The calendars must be there already."""
    return {"teams": load_teams(), "plans": load_plans(), "interaction types": load_types()}


def load_teams() -> int:
    by_code = {calendar.code: calendar for calendar in BusinessCalendar.objects.all()}
    made = [
        Team.objects.get_or_create(code=code, defaults={"name": name, "calendar": by_code[calendar]})
        for code, name, calendar in TEAMS
    ]
    return sum(is_new for _team, is_new in made)


def load_plans() -> int:
    """A plan that is there keeps its steps, even if somebody took them all away."""
    teams = {team.code: team for team in Team.objects.all()}
    added = 0
    for code, (name, steps) in PLANS.items():
        plan, is_new = Plan.objects.get_or_create(code=code, defaults={"name": name})
        if is_new:
            PlanStep.objects.bulk_create(
                PlanStep(
                    plan=plan,
                    position=position,
                    after=[position - 1] if position > 1 else [],
                    name=step,
                    partner_wording=wording,
                    team=teams[team],
                    within=timedelta(hours=hours),
                    instructions=instructions,
                )
                for position, (step, wording, team, hours, instructions) in enumerate(steps, start=1)
            )
        added += is_new
    return added


def load_types() -> int:
    """A type that is there keeps its versions."""
    teams = {team.code: team for team in Team.objects.all()}
    plans = {plan.code: plan for plan in Plan.objects.all()}
    added = 0
    for kind in TYPES:
        type_, is_new = InteractionType.objects.get_or_create(
            code=kind.code,
            defaults={
                "name": kind.name,
                "description": kind.description,
                "vertical": kind.vertical,
                "directions": kind.directions,
                "team": teams[kind.team],
                "partner_may_raise": kind.partner_may_raise,
                "login_needed": kind.login_needed,
                "minimum_level": kind.minimum_level,
                "permission": kind.permission or "",
            },
        )
        if is_new:
            catalogue.publish(type_, fields=kind.fields, plan=plans.get(kind.plan), at=timezone.now())
        added += is_new
    return added
