"""What comes in: messages, calls, and who calls."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    """What became of something that came in from outside."""

    ACCEPTED = "accepted", _("Accepted")
    QUARANTINED = "quarantined", _("Quarantined")
    UNREADABLE = "unreadable", _("Unreadable")
    IGNORED = "ignored", _("Automatic, not answered")
    REJECTED = "rejected", _("Rejected by staff")


class CallState(models.TextChoices):
    """Where a phone call stands, as the telephone system tells it."""

    RINGING = "ringing", _("Ringing")
    ANSWERED = "answered", _("Answered")
    ENDED = "ended", _("Ended")


class CallerMeans(models.TextChoices):
    """How a caller proves on the phone who they are."""

    QUESTIONS = "questions", _("Questions")
    CALL_BACK = "call_back", _("Call-back")
    CODE = "code", _("One-time code")
