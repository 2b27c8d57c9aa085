"""Orders, their changes, porting, contracts and access."""

from django.utils.translation import gettext_noop as _

from interactions.domain.default_plans.stages import Stage, answer, remark
from interactions.enums import Comparison, Side, StepKind

ORDER_DELIVERY = [
    Stage(
        name=_("Check the order"),
        wording=_("We check the order"),
        team="front-desk",
        hours=8,
        instructions=_("Contract, credit line, address. Put each thing that is ordered on a line of its own."),
    ),
    Stage(
        name=_("Agree to a large order"),
        wording=_("The order awaits approval"),
        team="front-desk",
        hours=8,
        instructions=_("The credit line covers it, or a guarantee does."),
        kind=StepKind.APPROVAL,
        when=("order_value", Comparison.AT_LEAST, "100000"),
    ),
    Stage(
        name=_("Plan the capacity"),
        wording=_("We plan the delivery"),
        team="fulfilment",
        hours=16,
        instructions=_("Stock, ports, numbers."),
    ),
    Stage(
        name=_("Deliver"),
        wording=_("The delivery is under way"),
        team="fulfilment",
        hours=24,
        instructions=_("Confirm date and consignment number; tell what became of each line."),
    ),
    Stage(
        name=_("Prepare the billing"),
        wording=_("We prepare the billing"),
        team="billing",
        hours=8,
        instructions=_("Start of charges as delivered."),
        after=[3],
    ),
]

ORDER_CHANGE = [
    Stage(
        name=_("Assess the change"),
        wording=_("We look at what the change means"),
        team="fulfilment",
        hours=8,
        instructions=_("What is ordered, reserved or built already?"),
        form=[
            answer("effect", _("What it means"), [_("No charge"), _("A charge"), _("Not possible")]),
            remark("charge", _("Which charge"), ("effect", "A charge")),
        ],
    ),
    Stage(
        name=_("Decide on the change"),
        wording=_("We decide on the change"),
        team="fulfilment",
        hours=8,
        instructions=_("Tell the partner the consequence before you agree to a charge."),
        kind=StepKind.APPROVAL,
        when=("effect", Comparison.IS, "A charge"),
    ),
    Stage(
        name=_("Carry it out"),
        wording=_("The change is being made"),
        team="fulfilment",
        hours=16,
        when=("effect", Comparison.IS_NOT, "Not possible"),
    ),
]

PORTING = [
    Stage(
        name=_("Check data and reason"),
        wording=_("We check the data"),
        team="fulfilment",
        hours=4,
        instructions=_("Owner, contract end, open portings."),
    ),
    Stage(
        name=_("Exchange with the other network"),
        wording=_("We settle it with the other network"),
        team="fulfilment",
        hours=6,
        instructions=_("New window if missed."),
    ),
]

CONTRACT_REVIEW = [
    Stage(
        name=_("Take over the new contact"),
        wording=_("We take over the new contact"),
        team="front-desk",
        hours=8,
        kind=StepKind.AUTOMATIC,
        action="contact-change",
        when=("what_changes", Comparison.IS, "Contacts"),
        instructions=_("Done by itself; ask back where it was not possible."),
    ),
    Stage(
        name=_("Review the notice"),
        wording=_("We read your notice"),
        team="front-desk",
        hours=40,
        after=[],
        when=("what_changes", Comparison.IS_NOT, "Contacts"),
        instructions=_("Compare with the agreement: period of notice, form, consequences."),
    ),
]

ACCESS = [
    Stage(
        name=_("Check the request"),
        wording=_("We check your request"),
        team="fulfilment",
        hours=8,
        instructions=_("Work permit, insurance, names on the list."),
    ),
    Stage(
        name=_("Consent of the site's owner"),
        wording=_("consent of the site's owner"),
        team="fulfilment",
        hours=24,
        kind=StepKind.WAIT,
        waits_for=Side.THIRD_PARTY,
        when=("place", Comparison.IS, "Leased site"),
    ),
    Stage(
        name=_("Issue the access"),
        wording=_("We prepare the access"),
        team="fulfilment",
        hours=8,
        instructions=_("Key, badge or code; for the named people and hours only."),
    ),
]

PLANS = {
    "order-delivery": (_("Delivery of an order"), ORDER_DELIVERY),
    "order-change": (_("Change of an order"), ORDER_CHANGE),
    "porting": (_("Number porting"), PORTING),
    "contract-review": (_("Notice about a contract"), CONTRACT_REVIEW),
    "access": (_("Access to a site"), ACCESS),
}
