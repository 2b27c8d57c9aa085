"""The types of interaction that every installation starts with, and what each asks for."""

from interactions.domain.default_types import assurance, billing, fulfilment

TYPES = [*fulfilment.TYPES, *assurance.TYPES, *billing.TYPES]
