"""Bills, credits, disputes and settlements."""

from interactions.domain.default_types.kinds import (
    AMOUNT,
    BILL,
    BOTH,
    CURRENCIES,
    ORDER,
    PERIOD,
    Kind,
    asked,
    ends,
    only_if,
)
from interactions.enums import FieldKind
from interactions.models.type_version import Unanswered
from partners.enums import AssuranceLevel, Permission, Vertical

TYPES = [
    Kind(
        code="bill-received",
        name="Invoice",
        description="An invoice from you to us.",
        vertical=Vertical.BILLING,
        team="billing",
        permission=Permission.SUBMIT_BILL,
        plan="bill-check",
        fields=[BILL, AMOUNT | {"required": True}, PERIOD, ORDER],
        resolution_codes=ends(accepted="Accepted", corrected="Accepted after correction", refused="Refused"),
    ),
    Kind(
        code="credit-note",
        name="Credit note",
        description="A credit for an invoice that was too high.",
        vertical=Vertical.BILLING,
        team="billing",
        directions=BOTH,
        fields=[BILL, AMOUNT],
        resolution_codes=ends(booked="Booked", refused="Refused"),
    ),
    Kind(
        code="billing-dispute",
        name="Billing dispute",
        description="An amount on an invoice is wrong, whoever wrote the invoice.",
        when_unanswered=Unanswered.ESCALATE,
        vertical=Vertical.BILLING,
        team="billing",
        directions=BOTH,
        plan="dispute-review",
        fields=[
            BILL,
            asked("reason", "What is wrong", FieldKind.CHOICE, choices=["Price", "Quantity", "Not delivered", "Other"]),
            asked(
                "agreed_price", "Agreed price", FieldKind.AMOUNT, currencies=CURRENCIES, when=only_if("reason", "Price")
            ),
            AMOUNT,
            PERIOD,
        ],
        resolution_codes=ends(
            credited="Credited", in_part="Credited in part", refused="Refused", withdrawn="Withdrawn"
        ),
        close_after_days=15,
        reopen_within_days=30,
    ),
    Kind(
        code="settlement-approval",
        name="Settlement approval",
        description="A settlement between us is to be agreed before it is paid.",
        when_unanswered=Unanswered.ESCALATE,
        vertical=Vertical.BILLING,
        team="billing",
        permission=Permission.APPROVE_SETTLEMENT,
        minimum_level=AssuranceLevel.DOUBLE,
        directions=BOTH,
        plan="settlement",
        fields=[PERIOD, AMOUNT],
        resolution_codes=ends(agreed="Agreed", refused="Refused"),
    ),
    Kind(
        code="credit",
        name="Credit",
        description="Money that we give back: a price too high, a promise not kept, goodwill.",
        when_unanswered=Unanswered.ESCALATE,
        vertical=Vertical.BILLING,
        team="billing",
        permission=Permission.APPROVE_CREDIT,
        minimum_level=AssuranceLevel.DOUBLE,
        directions=BOTH,
        plan="credit",
        fields=[
            BILL,
            asked("cause", "Why", FieldKind.CHOICE, choices=["Price", "Promise not kept", "Goodwill", "Other"]),
            AMOUNT | {"required": True},
        ],
        resolution_codes=ends(credited="Credited", in_part="Credited in part", refused="Refused"),
    ),
    Kind(
        code="bill-copy",
        name="Copy of a bill",
        description="The files that we hold about a bill, sent again at once.",
        vertical=Vertical.BILLING,
        team="billing",
        permission=Permission.QUERY_BILL,
        fields=[BILL],
        self_service="bill-copy",
        asks_confirmation=False,
    ),
]
