"""Bills, credits, disputes and settlements."""

from django.utils.translation import gettext_noop as _

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
        name=_("Invoice"),
        description=_("An invoice from you to us."),
        vertical=Vertical.BILLING,
        team="billing",
        permission=Permission.SUBMIT_BILL,
        plan="bill-check",
        fields=[BILL, AMOUNT | {"required": True}, PERIOD, ORDER],
        resolution_codes=ends(accepted=_("Accepted"), corrected=_("Accepted after correction"), refused=_("Refused")),
    ),
    Kind(
        code="credit-note",
        name=_("Credit note"),
        description=_("A credit for an invoice that was too high."),
        vertical=Vertical.BILLING,
        team="billing",
        directions=BOTH,
        fields=[BILL, AMOUNT],
        resolution_codes=ends(booked=_("Booked"), refused=_("Refused")),
    ),
    Kind(
        code="billing-dispute",
        name=_("Billing dispute"),
        description=_("An amount on an invoice is wrong, whoever wrote the invoice."),
        when_unanswered=Unanswered.ESCALATE,
        vertical=Vertical.BILLING,
        team="billing",
        directions=BOTH,
        plan="dispute-review",
        fields=[
            BILL,
            asked(
                "reason",
                _("What is wrong"),
                FieldKind.CHOICE,
                choices=[_("Price"), _("Quantity"), _("Not delivered"), _("Other")],
            ),
            asked(
                "agreed_price",
                _("Agreed price"),
                FieldKind.AMOUNT,
                currencies=CURRENCIES,
                when=only_if("reason", "Price"),
            ),
            AMOUNT,
            PERIOD,
        ],
        resolution_codes=ends(
            credited=_("Credited"), in_part=_("Credited in part"), refused=_("Refused"), withdrawn=_("Withdrawn")
        ),
        close_after_days=15,
        reopen_within_days=30,
    ),
    Kind(
        code="settlement-approval",
        name=_("Settlement approval"),
        description=_("A settlement between us is to be agreed before it is paid."),
        when_unanswered=Unanswered.ESCALATE,
        vertical=Vertical.BILLING,
        team="billing",
        permission=Permission.APPROVE_SETTLEMENT,
        minimum_level=AssuranceLevel.DOUBLE,
        directions=BOTH,
        plan="settlement",
        fields=[PERIOD, AMOUNT],
        resolution_codes=ends(agreed=_("Agreed"), refused=_("Refused")),
    ),
    Kind(
        code="credit",
        name=_("Credit"),
        description=_("Money that we give back: a price too high, a promise not kept, goodwill."),
        when_unanswered=Unanswered.ESCALATE,
        vertical=Vertical.BILLING,
        team="billing",
        permission=Permission.APPROVE_CREDIT,
        minimum_level=AssuranceLevel.DOUBLE,
        directions=BOTH,
        plan="credit",
        fields=[
            BILL,
            asked(
                "cause",
                _("Why"),
                FieldKind.CHOICE,
                choices=[_("Price"), _("Promise not kept"), _("Goodwill"), _("Other")],
            ),
            AMOUNT | {"required": True},
        ],
        resolution_codes=ends(credited=_("Credited"), in_part=_("Credited in part"), refused=_("Refused")),
    ),
    Kind(
        code="bill-copy",
        name=_("Copy of a bill"),
        description=_("The files that we hold about a bill, sent again at once."),
        vertical=Vertical.BILLING,
        team="billing",
        permission=Permission.QUERY_BILL,
        fields=[BILL],
        self_service="bill-copy",
        asks_confirmation=False,
    ),
]
