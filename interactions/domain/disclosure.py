"""What a caller may hear: what is public always, anything of a partner only once verified as its type asks."""

from interactions.errors import CallerNotVerified
from interactions.models import CallerCheck, Interaction, InteractionType
from partners.domain import access
from partners.enums import AssuranceLevel, Permission


def needed(type_: InteractionType, *, is_new: bool) -> AssuranceLevel:
    """How strongly a caller must be verified to be answered: as strongly as in the portal, by what the type asks there.

    A new matter of a type without login is public; what is between us already never is.
    """
    if is_new and not type_.login_needed:
        return AssuranceLevel.NONE
    asked = access.LEAST_LEVEL[Permission(type_.permission)] if type_.permission else AssuranceLevel.SINGLE
    return AssuranceLevel(max(AssuranceLevel.SINGLE, type_.minimum_level, asked))


def may_hear(check: CallerCheck | None, type_: InteractionType, *, is_new: bool) -> bool:
    return (check.level if check else AssuranceLevel.NONE) >= needed(type_, is_new=is_new)


def refuse_unverified(interaction: Interaction, check: CallerCheck | None, *, is_new: bool) -> None:
    """Raise CallerNotVerified when the answer was not for this caller."""
    if not may_hear(check, interaction.type, is_new=is_new):
        raise CallerNotVerified(needed(interaction.type, is_new=is_new))
