"""Faults and planned work."""

from interactions.domain.default_plans.stages import Stage, answer, remark
from interactions.enums import Comparison

FAULT_REPAIR = [
    Stage(
        name="Localise the fault",
        wording="We are looking for the cause",
        team="assurance",
        hours=4,
        instructions="Test both directions; keep the traces.",
        form=[
            answer("cause", "Where the fault is", ["Our network", "The partner's side", "Another network", "No fault"]),
            remark("other_network", "Which network", ("cause", "Another network")),
        ],
    ),
    Stage(
        name="Repair or have it repaired",
        wording="The repair is under way",
        team="assurance",
        hours=16,
        instructions="Open a ticket with the owner of the part.",
        when=("cause", Comparison.ONE_OF, "Our network, Another network"),
    ),
    Stage(
        name="Check with measurements",
        wording="We check that it works",
        team="assurance",
        hours=4,
        instructions="Fifteen minutes without errors.",
        when=("cause", Comparison.IS_NOT, "No fault"),
    ),
]

PLANNED_WORK = [
    Stage(
        name="Check what is touched",
        wording="We check what is affected",
        team="assurance",
        hours=8,
        instructions="Compare with our change calendar.",
        form=[answer("touched", "Are services of ours touched", ["Yes", "No"])],
    ),
    Stage(
        name="Tell those affected",
        wording="We prepare for the window",
        team="front-desk",
        hours=8,
        instructions="Name the window in local time.",
        when=("touched", Comparison.IS, "Yes"),
    ),
]

PLANS = {
    "fault-repair": ("Fault repair", FAULT_REPAIR),
    "planned-work-check": ("Planned work", PLANNED_WORK),
}
