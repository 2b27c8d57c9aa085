"""A role mandates its credentials: what a sign-in lacks before somebody may act in it."""

from dataclasses import dataclass

from django.conf import settings

from partners.domain.assurance import Proof
from partners.enums import AssuranceLevel, CredentialKind
from partners.models import Membership, PartnerRole, StaffRole

PERSONAL = frozenset(CredentialKind) - {CredentialKind.CLIENT, CredentialKind.DEVICE_KEY}


@dataclass(frozen=True, kw_only=True)
class Shortfall:
    """What is missing: one of these kinds of credential, none of which was shown, and a proof as strong as `level`."""

    level: AssuranceLevel
    kinds: frozenset[CredentialKind] = frozenset()

    @property
    def codes(self) -> list[str]:
        """What the record says of it."""
        return sorted(self.kinds) or [f"level {int(self.level)}"]


def of_role(membership: Membership, role: PartnerRole | None, proof: Proof) -> Shortfall | None:
    """What somebody lacks to act in a role of a partner, or None; without a role any credential will do."""
    accepted = PERSONAL.intersection(role.kind.credential_kinds) if role else PERSONAL
    level = AssuranceLevel(max(role.kind.minimum_level if role else 0, least(is_trusted=membership.is_administrator)))
    return lacking(proof, accepted, level)


def of_representative(staff_role: StaffRole | None, proof: Proof) -> Shortfall | None:
    """What somebody of ours lacks; a staff role may ask for more than everyday work does."""
    level = max(staff_role.minimum_level if staff_role else 0, least(is_trusted=True))
    return lacking(proof, PERSONAL, AssuranceLevel(level))


def least(*, is_trusted: bool) -> AssuranceLevel:
    """Representatives and administrators of partners need a second factor."""
    return AssuranceLevel.DOUBLE if is_trusted and settings.SECOND_FACTOR_NEEDED else AssuranceLevel.SINGLE


def lacking(proof: Proof, accepted: frozenset[CredentialKind], level: AssuranceLevel) -> Shortfall | None:
    missing = frozenset[CredentialKind]() if proof.kinds & accepted else accepted
    return Shortfall(level=level, kinds=missing) if missing or proof.level < level else None
