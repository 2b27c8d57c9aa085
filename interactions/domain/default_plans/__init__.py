"""The plans that every installation starts with: steps in sequence and side by side, on condition, with approvals."""

from interactions.domain.default_plans import assurance, billing, fulfilment
from interactions.domain.default_plans.stages import Stage

PLANS: dict[str, tuple[str, list[Stage]]] = fulfilment.PLANS | assurance.PLANS | billing.PLANS
