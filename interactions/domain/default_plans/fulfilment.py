"""Orders, their changes, porting, contracts and access."""

from interactions.domain.default_plans.stages import Stage, answer, remark
from interactions.enums import Comparison, Side, StepKind

ORDER_DELIVERY = [
    Stage(
        name="Check the order",
        wording="We check the order",
        team="front-desk",
        hours=8,
        instructions="Contract, credit line, address. Put each thing that is ordered on a line of its own.",
    ),
    Stage(
        name="Agree to a large order",
        wording="The order awaits approval",
        team="front-desk",
        hours=8,
        instructions="The credit line covers it, or a guarantee does.",
        kind=StepKind.APPROVAL,
        when=("order_value", Comparison.AT_LEAST, "100000"),
    ),
    Stage(
        name="Plan the capacity",
        wording="We plan the delivery",
        team="fulfilment",
        hours=16,
        instructions="Stock, ports, numbers.",
    ),
    Stage(
        name="Deliver",
        wording="The delivery is under way",
        team="fulfilment",
        hours=24,
        instructions="Confirm date and consignment number; tell what became of each line.",
    ),
    Stage(
        name="Prepare the billing",
        wording="We prepare the billing",
        team="billing",
        hours=8,
        instructions="Start of charges as delivered.",
        after=[3],
    ),
]

ORDER_CHANGE = [
    Stage(
        name="Assess the change",
        wording="We look at what the change means",
        team="fulfilment",
        hours=8,
        instructions="What is ordered, reserved or built already?",
        form=[
            answer("effect", "What it means", ["No charge", "A charge", "Not possible"]),
            remark("charge", "Which charge", ("effect", "A charge")),
        ],
    ),
    Stage(
        name="Decide on the change",
        wording="We decide on the change",
        team="fulfilment",
        hours=8,
        instructions="Tell the partner the consequence before you agree to a charge.",
        kind=StepKind.APPROVAL,
        when=("effect", Comparison.IS, "A charge"),
    ),
    Stage(
        name="Carry it out",
        wording="The change is being made",
        team="fulfilment",
        hours=16,
        when=("effect", Comparison.IS_NOT, "Not possible"),
    ),
]

PORTING = [
    Stage(
        name="Check data and reason",
        wording="We check the data",
        team="fulfilment",
        hours=4,
        instructions="Owner, contract end, open portings.",
    ),
    Stage(
        name="Exchange with the other network",
        wording="We settle it with the other network",
        team="fulfilment",
        hours=6,
        instructions="New window if missed.",
    ),
]

CONTRACT_REVIEW = [
    Stage(
        name="Take over the new contact",
        wording="We take over the new contact",
        team="front-desk",
        hours=8,
        kind=StepKind.AUTOMATIC,
        action="contact-change",
        when=("what_changes", Comparison.IS, "Contacts"),
        instructions="Done by itself; ask back where it was not possible.",
    ),
    Stage(
        name="Review the notice",
        wording="We read your notice",
        team="front-desk",
        hours=40,
        after=[],
        when=("what_changes", Comparison.IS_NOT, "Contacts"),
        instructions="Compare with the agreement: period of notice, form, consequences.",
    ),
]

ACCESS = [
    Stage(
        name="Check the request",
        wording="We check your request",
        team="fulfilment",
        hours=8,
        instructions="Work permit, insurance, names on the list.",
    ),
    Stage(
        name="Consent of the site's owner",
        wording="consent of the site's owner",
        team="fulfilment",
        hours=24,
        kind=StepKind.WAIT,
        waits_for=Side.THIRD_PARTY,
        when=("place", Comparison.IS, "Leased site"),
    ),
    Stage(
        name="Issue the access",
        wording="We prepare the access",
        team="fulfilment",
        hours=8,
        instructions="Key, badge or code; for the named people and hours only.",
    ),
]

PLANS = {
    "order-delivery": ("Delivery of an order", ORDER_DELIVERY),
    "order-change": ("Change of an order", ORDER_CHANGE),
    "porting": ("Number porting", PORTING),
    "contract-review": ("Notice about a contract", CONTRACT_REVIEW),
    "access": ("Access to a site", ACCESS),
}
