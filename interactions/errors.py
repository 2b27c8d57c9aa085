"""What can go wrong in interactions, named for what happened."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from interactions.enums import ChangeState, MessageState, Move, Status
from partners.enums import AssuranceLevel, in_sentence


class Unreadable(Exception):
    """Something came in that cannot be understood; the original is still worth keeping.

    `attribute` names the part that is wrong, empty when it is the whole; `reason` is a sentence for the sender.
    """

    def __init__(self, reason: str, *, attribute: str = "") -> None:
        super().__init__(f"{attribute}: {reason}" if attribute else reason)
        self.reason = reason
        self.attribute = attribute


class MoveNotAllowed(Exception):
    """The interaction is not in a status this move starts from."""

    def __init__(self, move: Move, status: Status) -> None:
        super().__init__(
            _("“%(move)s” is not possible: the interaction is %(status)s.")
            % {"move": move.label, "status": in_sentence(status.label)}
        )
        self.move = move
        self.status = status


class ReasonMissing(Exception):
    """A move that must be explained was not; `field` names what is missing."""

    def __init__(self, move: Move, field: str) -> None:
        super().__init__(_("“%(move)s” needs a %(field)s.") % {"move": move.label, "field": field.replace("_", " ")})
        self.move = move
        self.field = field


class NotFinished(Exception):
    """Something must end or be filled in before a matter is solved or closed."""


class StepsOpen(NotFinished):
    """An interaction cannot close while a team still works on it."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(_("Still open: %(steps)s. Finish or cancel them first.") % {"steps": ", ".join(names)})
        self.names = names


class PartsOpen(NotFinished):
    """A matter cannot end before its parts have."""

    def __init__(self, numbers: Sequence[str]) -> None:
        super().__init__(_("Parts of it are still open: %(numbers)s.") % {"numbers": ", ".join(numbers)})
        self.numbers = numbers


class LinesOpen(NotFinished):
    """An order cannot be solved while lines of it are still to be delivered."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(_("Order lines are still open: %(lines)s.") % {"lines": ", ".join(names)})
        self.names = names


class FieldsMissing(NotFinished):
    """A matter cannot be solved while something that its type needs is not filled in."""

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(
            _("Not filled in yet: %(labels)s. Complete the details first.") % {"labels": ", ".join(labels)}
        )
        self.labels = labels


class ContinuedElsewhere(Exception):
    """The matter goes on in another one; `number` names that one."""

    def __init__(self, number: str) -> None:
        super().__init__(_("This goes on in %(number)s.") % {"number": number})
        self.number = number


class ReopenTooLate(Exception):
    """The period in which an ended interaction may be reopened is over."""

    def __init__(self, days: int) -> None:
        super().__init__(
            _("It ended more than %(days)d days ago. Raise a new request and refer to it.") % {"days": days}
        )
        self.days = days


class ChangedMeanwhile(Exception):
    """Somebody else changed the interaction after it was read."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else changed this meanwhile. Look at it again, then repeat what you wanted."))


class DraftChanged(Exception):
    """What is being written was changed in another window or on another device."""

    def __init__(self) -> None:
        super().__init__(_("You went on writing this in another window. Load the page again to see it."))


class AlreadyLeft(Exception):
    """A reply cannot be taken back once it has left."""

    def __init__(self) -> None:
        super().__init__(_("It has left already. Say in another message what you want to put right."))


class StepNotOpen(Exception):
    """Work that is not open cannot be done, taken or handed over."""

    def __init__(self, name: str) -> None:
        super().__init__(_("The step “%(name)s” is not open.") % {"name": name})


class AlreadyTaken(Exception):
    """Two people cannot work on the same thing: somebody else has it."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(_("%(name)s has “%(what)s” already.") % {"name": name, "what": what})


class NotAccepted(Exception):
    """What was handed in cannot become an interaction; `attribute` names the part that is wrong."""

    def __init__(self, attribute: str, reason: str) -> None:
        super().__init__(reason)
        self.attribute = attribute
        self.reason = reason


class MessageDecided(Exception):
    """Staff decided on a message that somebody else decided on before, or that never waited for a decision."""

    def __init__(self, state: MessageState) -> None:
        super().__init__(_("This message was decided on already: %(state)s.") % {"state": in_sentence(state.label)})
        self.state = state


class ChangeDecided(Exception):
    """Somebody decides on a wish that was decided on before."""

    def __init__(self, state: ChangeState) -> None:
        super().__init__(_("This was decided on already: %(state)s.") % {"state": in_sentence(state.label)})
        self.state = state


class SecondPersonNeeded(Exception):
    """Whoever asked for an act that moves money, or stands in for that person, cannot be the one who approves it."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else decides this: you asked for it, or act for who did."))


class TermsChanged(Exception):
    """What is to be approved is not what whoever decides has seen."""

    def __init__(self) -> None:
        super().__init__(_("The amount or the payee has changed meanwhile. Look at it again before you decide."))


class NotWaiting(Exception):
    """The approval was decided on, or is void."""

    def __init__(self) -> None:
        super().__init__(_("This no longer waits for anybody's approval."))


class AlreadyHeld(Exception):
    """An external identifier belongs to another interaction of the same partner.

    `number` names that one; it is empty where whoever asks may not know of it.
    """

    def __init__(self, value: str, number: str) -> None:
        holder = number or _("another interaction")
        super().__init__(
            _("The external identifier “%(value)s” belongs to %(number)s.") % {"value": value, "number": holder}
        )
        self.number = number


class CallerNotVerified(Exception):
    """Something would be told to a caller who has not proven strongly enough who they are."""

    def __init__(self, needed: AssuranceLevel) -> None:
        super().__init__(
            _(
                "This caller has not been verified for it (needed: %(level)s). "
                "Verify the caller first, or take a message and keep it open."
            )
            % {"level": in_sentence(needed.label)}
        )
        self.needed = needed


class EnquiryOver(Exception):
    """What somebody without an account handed in was not confirmed in time, or is no longer taken."""

    def __init__(self) -> None:
        super().__init__(_("This request can no longer be confirmed. Please send it again."))
