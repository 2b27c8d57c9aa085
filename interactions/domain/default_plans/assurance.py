"""Faults and planned work."""

from django.utils.translation import gettext_noop as _

from interactions.domain.default_plans.stages import Stage, answer, remark
from interactions.enums import Comparison

FAULT_REPAIR = [
    Stage(
        name=_("Localise the fault"),
        wording=_("We are looking for the cause"),
        team="assurance",
        hours=4,
        instructions=_("Test both directions; keep the traces."),
        form=[
            answer(
                "cause",
                _("Where the fault is"),
                [_("Our network"), _("The partner's side"), _("Another network"), _("No fault")],
            ),
            remark("other_network", _("Which network"), ("cause", "Another network")),
        ],
    ),
    Stage(
        name=_("Repair or have it repaired"),
        wording=_("The repair is under way"),
        team="assurance",
        hours=16,
        instructions=_("Open a ticket with the owner of the part."),
        when=("cause", Comparison.ONE_OF, "Our network, Another network"),
    ),
    Stage(
        name=_("Check with measurements"),
        wording=_("We check that it works"),
        team="assurance",
        hours=4,
        instructions=_("Fifteen minutes without errors."),
        when=("cause", Comparison.IS_NOT, "No fault"),
    ),
]

PLANNED_WORK = [
    Stage(
        name=_("Check what is touched"),
        wording=_("We check what is affected"),
        team="assurance",
        hours=8,
        instructions=_("Compare with our change calendar."),
        form=[answer("touched", _("Are services of ours touched"), [_("Yes"), _("No")])],
    ),
    Stage(
        name=_("Tell those affected"),
        wording=_("We prepare for the window"),
        team="front-desk",
        hours=8,
        instructions=_("Name the window in local time."),
        when=("touched", Comparison.IS, "Yes"),
    ),
]

PLANS = {
    "fault-repair": (_("Fault repair"), FAULT_REPAIR),
    "planned-work-check": (_("Planned work"), PLANNED_WORK),
}
