"""Bills, disputes, settlements and credits."""

from django.utils.translation import gettext_noop as _

from interactions.domain.default_plans.stages import Stage
from interactions.enums import Comparison, StepKind

BILL_CHECK = [
    Stage(
        name=_("Check form and references"),
        wording=_("We check the invoice"),
        team="billing",
        hours=16,
        instructions=_("Order, agreement, period and tax number."),
    ),
    Stage(
        name=_("Compare with what was delivered"),
        wording=_("We compare it with the delivery"),
        team="fulfilment",
        hours=24,
        instructions=_("Counters, delivery notes."),
        after=[1],
    ),
    Stage(
        name=_("Compare with the price list"),
        wording=_("We compare the prices"),
        team="billing",
        hours=24,
        instructions=_("Rates, discounts and tax of the agreement."),
        after=[1],
    ),
    Stage(
        name=_("Agree to a large payment"),
        wording=_("The payment awaits approval"),
        team="billing",
        hours=8,
        instructions=_("A second person looks at amount and payee."),
        after=[2, 3],
        kind=StepKind.APPROVAL,
        when=("amount", Comparison.AT_LEAST, "50000"),
    ),
    Stage(
        name=_("Release for payment"), wording=_("The payment is being released"), team="billing", hours=16, after=[4]
    ),
]

DISPUTE_REVIEW = [
    Stage(
        name=_("Compare the figures"),
        wording=_("We compare the figures"),
        team="billing",
        hours=24,
        instructions=_("Ask for call records where totals differ."),
    ),
    Stage(
        name=_("Ask the service side"),
        wording=_("Our experts look at it"),
        team="assurance",
        hours=24,
        instructions=_("Routes, outages and rerating in the period."),
        after=[],
    ),
    Stage(
        name=_("Decide on the dispute"),
        wording=_("We prepare our decision"),
        team="billing",
        hours=24,
        instructions=_("Approve what we credit; refuse with the rule of the agreement."),
        after=[1, 2],
        kind=StepKind.APPROVAL,
    ),
    Stage(
        name=_("Write the credit note"),
        wording=_("The credit note is being written"),
        team="billing",
        hours=16,
        when=("decision_3", Comparison.IS, "approved"),
    ),
]

SETTLEMENT = [
    Stage(
        name=_("Prepare the statement"),
        wording=_("The statement is prepared"),
        team="billing",
        hours=16,
        instructions=_("Traffic both ways, discounts, open disputes."),
    ),
    Stage(
        name=_("Approve"),
        wording=_("The statement awaits approval"),
        team="billing",
        hours=16,
        instructions=_("Amount and payee are confirmed by a second person."),
        kind=StepKind.APPROVAL,
    ),
    Stage(name=_("Have it paid"), wording=_("The payment is being released"), team="billing", hours=16),
]

CREDIT = [
    Stage(
        name=_("Check what is claimed"),
        wording=_("We check your claim"),
        team="billing",
        hours=16,
        instructions=_("The invoice, the promise and what was credited for it before."),
    ),
    Stage(
        name=_("Approve the credit"),
        wording=_("The credit awaits approval"),
        team="billing",
        hours=16,
        instructions=_("Amount and payee are confirmed by a second person."),
        kind=StepKind.APPROVAL,
    ),
    Stage(
        name=_("Write the credit note"),
        wording=_("The credit note is being written"),
        team="billing",
        hours=16,
        when=("decision_2", Comparison.IS, "approved"),
    ),
]

PLANS = {
    "bill-check": (_("Check of an invoice"), BILL_CHECK),
    "dispute-review": (_("Review of a dispute"), DISPUTE_REVIEW),
    "settlement": (_("Settlement"), SETTLEMENT),
    "credit": (_("Credit"), CREDIT),
}
