"""What can go wrong with partners, access and the record, named for what happened."""

from django.conf import settings
from django.utils.translation import gettext as _

from partners.enums import AssuranceLevel, CredentialKind, Permission, in_sentence


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
    """The role allows this, but only to somebody who proved more strongly, or more lately, who they are."""

    def __init__(self, level: AssuranceLevel, permission: Permission | None = None, *, is_stale: bool = False) -> None:
        super().__init__(_("This needs a stronger sign-in: %(level)s.") % {"level": in_sentence(level.label)})
        self.level = level
        self.permission = permission
        self.is_stale = is_stale


class RoleNotGrantable(Exception):
    """The role is not one that the partner plays now, or not one that whoever gives it has to give."""

    def __init__(self) -> None:
        super().__init__(_("You can give only roles that are in force and that you have yourself."))


class AlreadyThere(Exception):
    """Whoever is invited is one of the partner's people already."""

    def __init__(self, *, is_blocked: bool) -> None:
        blocked = _("This person is one of your people and blocked; unblock them instead.")
        super().__init__(blocked if is_blocked else _("This person is one of your people already."))


class NotANewcomer(Exception):
    """Somebody has decided meanwhile who it is."""

    def __init__(self) -> None:
        super().__init__(_("Somebody has already decided who this is."))


class NotJoinable(Exception):
    """The newcomer cannot become part of that partner; the message says why."""


class TooManyInvitations(Exception):
    """The partner has as many open invitations, or sent as many mails within an hour, as are allowed."""

    def __init__(self) -> None:
        super().__init__(_("There are too many invitations at the moment. Withdraw some, or try again in an hour."))


class InvitationSpent(Exception):
    """The invitation was accepted, withdrawn or replaced, has run out, or what it promised is no longer in force."""

    def __init__(self) -> None:
        super().__init__(_("This invitation can no longer be used."))


class InvitedAsSomebodyElse(Exception):
    """Whoever is signed in is not whom the invitation was sent to, or works for the enterprise."""


class AccountExists(Exception):
    """The address has an account, which is to be used instead of a new one."""


class LastAdministrator(Exception):
    """Nobody would be left who can administer the partner's people and keys."""

    def __init__(self, partner: str = "") -> None:
        here = _("This is the only administrator. Make somebody else administrator first.")
        of_one = _("This is the only administrator of %(partner)s. Make somebody else administrator first.")
        super().__init__(of_one % {"partner": partner} if partner else here)


class OwnPlace(Exception):
    """Nobody blocks or removes themselves."""

    def __init__(self) -> None:
        super().__init__(_("You cannot do this to yourself. Ask another administrator."))


class BlockedByEnterprise(Exception):
    """The enterprise shut the person out, and the partner wants them in again."""

    def __init__(self) -> None:
        super().__init__(
            _("%(enterprise)s has blocked this person, and only %(enterprise)s can lift it.")
            % {"enterprise": settings.ENTERPRISE_NAME}
        )


class NotTheirs(Exception):
    """The person is no longer one of the partner's people."""

    def __init__(self) -> None:
        super().__init__(_("This person is no longer one of the partner's people."))


class SubstituteUnfit(Exception):
    """Somebody was named as a substitute who does not belong to the same side."""

    def __init__(self, substitute: str, absent: str) -> None:
        super().__init__(
            _("%(substitute)s cannot stand in for %(absent)s.") % {"substitute": substitute, "absent": absent}
        )


class NotSubstitute(Exception):
    """Somebody wanted to act for a person who is not away, or for whom somebody else stands in."""

    def __init__(self) -> None:
        super().__init__(_("You do not stand in for this person now."))


class ScopeBeyondRole(Exception):
    """A key, or a token, was to be used for more than its role allows."""

    def __init__(self, scope: str) -> None:
        super().__init__(_("“%(scope)s” is more than this role allows.") % {"scope": scope[:60]})
        self.scope = scope


class CredentialEnded(Exception):
    """The key was revoked or has expired; a new one takes its place."""

    def __init__(self) -> None:
        super().__init__(_("This key has ended. Make a new one."))


class CredentialMade(Exception):
    """The same form was sent before; the key that it made is there, and its secret was shown then."""

    def __init__(self, credential_id: int) -> None:
        super().__init__(_("This key was made already. Its secret was shown then, and is not shown again."))
        self.credential_id = credential_id


class SecretRenewed(Exception):
    """The key was given a new secret since whoever asks for one has looked; another would end what was just shown."""

    def __init__(self) -> None:
        super().__init__(_("This key has a new secret already. It was shown when it was made, and is not shown again."))


class RoleNotInForce(Exception):
    """A key belongs to a role that the partner plays now."""

    def __init__(self) -> None:
        super().__init__(_("This role is not in force."))


class EndNotAllowed(Exception):
    """A key ends in the future, and one that a partner makes for itself within a year."""

    def __init__(self, days: int) -> None:
        super().__init__(_("Choose a day after today, at most %(days)d days ahead.") % {"days": days})


class ClientRefused(Exception):
    """No such client, a wrong secret, or nothing in force beneath it: which one is not told."""


class KeyPrepared(Exception):
    """The next key pair waits to be changed over to; another one would strand whoever has read its certificate."""

    def __init__(self) -> None:
        super().__init__(_("The next key pair is there already. Change over to it first."))


class KeyNotPrepared(Exception):
    """There is no next key pair to change over to."""

    def __init__(self) -> None:
        super().__init__(_("Make the next key pair first, and let the partner's provider read our metadata."))


class CriterionNotAccepted(Exception):
    """Something to narrow by cannot be read; `name` is the attribute, "" where it is all of them together."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}" if name else why)
        self.name, self.why = name, why
