"""What went wrong, told where it happened: what it was, what to do, and with which HTTP status."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _

from interactions.console.typed_fields import OWN
from interactions.errors import (
    AlreadyTaken,
    CallerNotVerified,
    ChangeDecided,
    ChangedMeanwhile,
    ContinuedElsewhere,
    DraftChanged,
    MessageDecided,
    MoveNotAllowed,
    NotAccepted,
    NotFinished,
    NotWaiting,
    ReasonMissing,
    ReopenTooLate,
    SecondPersonNeeded,
    StepNotOpen,
    TermsChanged,
    Unreadable,
)

CONFLICTS = (
    AlreadyTaken,
    ChangeDecided,
    ChangedMeanwhile,
    ContinuedElsewhere,
    DraftChanged,
    MessageDecided,
    MoveNotAllowed,
    NotFinished,
    NotWaiting,
    ReopenTooLate,
    SecondPersonNeeded,
    StepNotOpen,
    TermsChanged,
)
REFUSALS = (*CONFLICTS, CallerNotVerified, NotAccepted, ReasonMissing, Unreadable)

UNPROCESSABLE = 422
CONFLICT = 409


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A form that had no effect, shown again with what was typed; `action` is where it is sent once more."""

    title: str
    text: str
    form: forms.Form | None = None
    action: str = ""
    button: str = ""


def status_of(error: Exception) -> int:
    return CONFLICT if isinstance(error, CONFLICTS) else UNPROCESSABLE


def tell(form: forms.Form, error: Exception) -> str:
    """Put a refusal at the field it is about; returns the sentence when it is about no field of the form."""
    field = field_of(error)
    for name in (field, OWN + field):
        if name in form.fields:
            form.add_error(name, str(error))
            return ""
    return str(error)


def field_of(error: Exception) -> str:
    if isinstance(error, ReasonMissing):
        return error.field
    if isinstance(error, CallerNotVerified):
        return "answer"
    attribute = error.attribute if isinstance(error, NotAccepted | Unreadable) else ""
    return {"attachment": "attachments"}.get(attribute, attribute)


def nothing_happened() -> str:
    """The title of every refusal that leaves all as it was."""
    return _("Nothing was changed")
