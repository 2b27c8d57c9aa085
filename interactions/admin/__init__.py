"""Configuration of the work: teams, plans and types. What happened is here only to be looked at."""

from interactions.admin import history, interactions, teams, types

__all__ = ["history", "interactions", "teams", "types"]
