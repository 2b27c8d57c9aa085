"""The types of interaction that every installation starts with, and what each asks for."""

from dataclasses import dataclass, field
from typing import Any

from interactions.enums import Direction, FieldKind
from partners.enums import AssuranceLevel, Permission, Vertical

Field = dict[str, Any]

INBOUND = [Direction.INBOUND]
OUTBOUND = [Direction.OUTBOUND]
BOTH = [Direction.INBOUND, Direction.OUTBOUND]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A default type; `plan` and `team` are codes."""

    code: str
    name: str
    description: str
    vertical: Vertical
    team: str
    directions: list[Direction] = field(default_factory=lambda: INBOUND)
    plan: str = ""
    fields: list[Field] = field(default_factory=list)
    partner_may_raise: bool = True
    login_needed: bool = True
    minimum_level: AssuranceLevel = AssuranceLevel.SINGLE
    permission: Permission | None = None


def asked(name: str, label: str, kind: FieldKind = FieldKind.TEXT, *, required: bool = False, **more: Any) -> Field:
    return {"name": name, "label": label, "kind": kind.value, "required": required, **more}


BILL = asked("bill", "Invoice number", FieldKind.REFERENCE, required=True)
AMOUNT = asked("amount", "Amount", FieldKind.AMOUNT)
CURRENCY = asked("currency", "Currency", FieldKind.CHOICE, choices=["EUR", "USD", "GBP", "CHF", "SEK"])
PERIOD = asked("period", "Billing period", help="Such as 2026-04.")
ORDER = asked("order", "Order number", FieldKind.REFERENCE)

TYPES = [
    Kind(
        code="general-query",
        name="General question",
        description="Anything that fits nowhere else; we pass it on to the right team.",
        vertical=Vertical.FULFILMENT,
        team="front-desk",
        directions=BOTH,
        login_needed=False,
    ),
    Kind(
        code="fault-report",
        name="Fault report",
        description="A service, link or interface between us does not work as it should.",
        vertical=Vertical.ASSURANCE,
        team="assurance",
        permission=Permission.REPORT_FAULT,
        plan="fault-repair",
        fields=[
            asked("service", "Service or circuit", FieldKind.REFERENCE, required=True),
            asked("impact", "Impact", FieldKind.CHOICE, required=True, choices=["Outage", "Degraded", "Minor"]),
            asked("since", "Since", help="When it was first seen, with the time zone."),
        ],
    ),
    Kind(
        code="service-query",
        name="Question about a service",
        description="How a service is set up, used or monitored.",
        vertical=Vertical.ASSURANCE,
        team="assurance",
        fields=[asked("service", "Service or circuit", FieldKind.REFERENCE)],
    ),
    Kind(
        code="planned-work",
        name="Planned work",
        description="Work in your network or ours that may touch a service.",
        vertical=Vertical.ASSURANCE,
        team="assurance",
        permission=Permission.ANNOUNCE_WORK,
        directions=BOTH,
        plan="planned-work-check",
        fields=[
            asked("window", "Window", required=True, help="Begin and end with the time zone."),
            asked("services", "Services affected", FieldKind.LONG_TEXT),
        ],
    ),
    Kind(
        code="bill-received",
        name="Invoice",
        description="An invoice from you to us.",
        vertical=Vertical.BILLING,
        team="billing",
        permission=Permission.SUBMIT_BILL,
        plan="bill-check",
        fields=[BILL, asked("amount", "Amount", FieldKind.AMOUNT, required=True), CURRENCY, PERIOD, ORDER],
    ),
    Kind(
        code="credit-note",
        name="Credit note",
        description="A credit for an invoice that was too high.",
        vertical=Vertical.BILLING,
        team="billing",
        directions=BOTH,
        fields=[BILL, AMOUNT, CURRENCY],
    ),
    Kind(
        code="billing-dispute",
        name="Billing dispute",
        description="An amount on an invoice is wrong, whoever wrote the invoice.",
        vertical=Vertical.BILLING,
        team="billing",
        directions=BOTH,
        plan="dispute-review",
        fields=[BILL, AMOUNT, CURRENCY, PERIOD],
    ),
    Kind(
        code="settlement-approval",
        name="Settlement approval",
        description="A settlement between us is to be agreed before it is paid.",
        vertical=Vertical.BILLING,
        team="billing",
        permission=Permission.APPROVE_SETTLEMENT,
        minimum_level=AssuranceLevel.DOUBLE,
        directions=BOTH,
        plan="settlement",
        fields=[PERIOD, AMOUNT, CURRENCY],
    ),
    Kind(
        code="order",
        name="Order",
        description="Order a service, capacity, SIM cards or devices.",
        vertical=Vertical.FULFILMENT,
        team="fulfilment",
        permission=Permission.SUBMIT_ORDER,
        plan="order-delivery",
        fields=[
            asked("order", "Your order number", FieldKind.REFERENCE, required=True),
            asked("product", "Product", required=True),
            asked("quantity", "Quantity"),
            asked("wanted_on", "Wanted on", FieldKind.DATE),
        ],
    ),
    Kind(
        code="order-change",
        name="Change or cancel an order",
        description="A date, quantity or site of an order is to change.",
        vertical=Vertical.FULFILMENT,
        team="fulfilment",
        permission=Permission.CHANGE_ORDER,
        fields=[
            asked("order", "Order number", FieldKind.REFERENCE, required=True),
            asked("change", "What is to change", FieldKind.LONG_TEXT),
        ],
    ),
    Kind(
        code="number-porting",
        name="Number porting",
        description="A number that moves between our networks, or a porting that was rejected.",
        vertical=Vertical.FULFILMENT,
        team="fulfilment",
        permission=Permission.PORT_NUMBER,
        directions=BOTH,
        plan="porting",
        fields=[
            asked("number", "Number or range", required=True),
            asked("porting_date", "Porting date", FieldKind.DATE),
            asked("reason_code", "Reason code"),
        ],
    ),
    Kind(
        code="contract-notice",
        name="Contract notice",
        description="Terms, prices or contacts of an agreement change.",
        vertical=Vertical.FULFILMENT,
        team="front-desk",
        directions=BOTH,
        fields=[asked("agreement", "Agreement", FieldKind.REFERENCE), asked("effective", "Effective", FieldKind.DATE)],
    ),
    Kind(
        code="enterprise-query",
        name="Our question to a partner",
        description="We ask you something and wait for your answer.",
        vertical=Vertical.ASSURANCE,
        team="front-desk",
        directions=OUTBOUND,
        partner_may_raise=False,
    ),
    Kind(
        code="enterprise-complaint",
        name="Our complaint to a partner",
        description="We are not satisfied with what was delivered and ask you to put it right.",
        vertical=Vertical.ASSURANCE,
        team="assurance",
        directions=OUTBOUND,
        partner_may_raise=False,
        fields=[asked("subject_matter", "What it is about", FieldKind.REFERENCE)],
    ),
]
