"""Bills, disputes, settlements and credits."""

from interactions.domain.default_plans.stages import Stage
from interactions.enums import Comparison, StepKind

BILL_CHECK = [
    Stage(
        name="Check form and references",
        wording="We check the invoice",
        team="billing",
        hours=16,
        instructions="Order, agreement, period and tax number.",
    ),
    Stage(
        name="Compare with what was delivered",
        wording="We compare it with the delivery",
        team="fulfilment",
        hours=24,
        instructions="Counters, delivery notes.",
        after=[1],
    ),
    Stage(
        name="Compare with the price list",
        wording="We compare the prices",
        team="billing",
        hours=24,
        instructions="Rates, discounts and tax of the agreement.",
        after=[1],
    ),
    Stage(
        name="Agree to a large payment",
        wording="The payment awaits approval",
        team="billing",
        hours=8,
        instructions="A second person looks at amount and payee.",
        after=[2, 3],
        kind=StepKind.APPROVAL,
        when=("amount", Comparison.AT_LEAST, "50000"),
    ),
    Stage(name="Release for payment", wording="The payment is being released", team="billing", hours=16, after=[4]),
]

DISPUTE_REVIEW = [
    Stage(
        name="Compare the figures",
        wording="We compare the figures",
        team="billing",
        hours=24,
        instructions="Ask for call records where totals differ.",
    ),
    Stage(
        name="Ask the service side",
        wording="Our experts look at it",
        team="assurance",
        hours=24,
        instructions="Routes, outages and rerating in the period.",
        after=[],
    ),
    Stage(
        name="Decide on the dispute",
        wording="We prepare our decision",
        team="billing",
        hours=24,
        instructions="Approve what we credit; refuse with the rule of the agreement.",
        after=[1, 2],
        kind=StepKind.APPROVAL,
    ),
    Stage(
        name="Write the credit note",
        wording="The credit note is being written",
        team="billing",
        hours=16,
        when=("decision_3", Comparison.IS, "approved"),
    ),
]

SETTLEMENT = [
    Stage(
        name="Prepare the statement",
        wording="The statement is prepared",
        team="billing",
        hours=16,
        instructions="Traffic both ways, discounts, open disputes.",
    ),
    Stage(
        name="Approve",
        wording="The statement awaits approval",
        team="billing",
        hours=16,
        instructions="Amount and payee are confirmed by a second person.",
        kind=StepKind.APPROVAL,
    ),
    Stage(name="Have it paid", wording="The payment is being released", team="billing", hours=16),
]

CREDIT = [
    Stage(
        name="Check what is claimed",
        wording="We check your claim",
        team="billing",
        hours=16,
        instructions="The invoice, the promise and what was credited for it before.",
    ),
    Stage(
        name="Approve the credit",
        wording="The credit awaits approval",
        team="billing",
        hours=16,
        instructions="Amount and payee are confirmed by a second person.",
        kind=StepKind.APPROVAL,
    ),
    Stage(
        name="Write the credit note",
        wording="The credit note is being written",
        team="billing",
        hours=16,
        when=("decision_2", Comparison.IS, "approved"),
    ),
]

PLANS = {
    "bill-check": ("Check of an invoice", BILL_CHECK),
    "dispute-review": ("Review of a dispute", DISPUTE_REVIEW),
    "settlement": ("Settlement", SETTLEMENT),
    "credit": ("Credit", CREDIT),
}
