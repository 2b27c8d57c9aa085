"""What is counted, and whether it can still be kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ClockKind(models.TextChoices):
    """A promise that is counted: ours to the partner, a team's to us, or the other side's to answer."""

    FIRST_RESPONSE = "first_response", _("First response")
    NEXT_RESPONSE = "next_response", _("Next response")
    RESOLUTION = "resolution", _("Resolution")
    STEP = "step", _("Step")
    PARTNER_ANSWER = "partner_answer", _("Answer of the partner")
    THIRD_PARTY_ANSWER = "third_party_answer", _("Answer of a third party")


class SegmentState(models.TextChoices):
    """What a clock did for a while."""

    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")


class Jeopardy(models.TextChoices):
    """Whether what is promised can still be kept."""

    ON_TRACK = "on_track", _("On track")
    AT_RISK = "at_risk", _("At risk")
    LATE = "late", _("Late")
