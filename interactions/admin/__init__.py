"""Configuration of the work: teams, plans and types. What happened is here only to be looked at."""

from interactions.admin import (
    approvals,
    arranging,
    attention,
    batches,
    history,
    interactions,
    plans,
    snippets,
    teams,
    types,
)

__all__ = [
    "approvals",
    "arranging",
    "attention",
    "batches",
    "history",
    "interactions",
    "plans",
    "snippets",
    "teams",
    "types",
]
