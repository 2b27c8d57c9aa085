"""What can go wrong with partners, access and the record, named for what happened."""

from django.utils.translation import gettext as _

from partners.enums import AssuranceLevel, CredentialKind, Permission


class RecordBroken(Exception):
    """The record does not verify; says where it breaks first."""

    def __init__(self, stream: str, sequence: int, what: str) -> None:
        super().__init__(f"{stream} entry {sequence}: {what}")
        self.stream = stream
        self.sequence = sequence
        self.what = what


class CredentialNotAccepted(Exception):
    """The role kind does not accept credentials of this kind."""

    def __init__(self, role_kind: str, kind: CredentialKind) -> None:
        super().__init__(_("%(role)s does not accept “%(kind)s”.") % {"role": role_kind, "kind": kind.label})
        self.kind = kind


class KeyInFlight(Exception):
    """A request with the same idempotency key is still being answered."""


class KeyReused(Exception):
    """The idempotency key was used before, with another request."""


class ChoiceNotOffered(Exception):
    """Somebody wanted to act for a partner, or in a role, that is not theirs."""


class NotPermitted(Exception):
    """The role somebody acts in does not allow this, however strongly they prove who they are."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(_("Your role does not allow this: %(permission)s.") % {"permission": permission.label})
        self.permission = permission


class StepUpNeeded(Exception):
    """The role allows this, but only to somebody who proved more strongly who they are."""

    def __init__(self, level: AssuranceLevel, permission: Permission | None = None) -> None:
        super().__init__(_("This needs a stronger sign-in: %(level)s.") % {"level": level.label.lower()})
        self.level = level
        self.permission = permission
