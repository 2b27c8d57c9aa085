"""Steps of a plan, the lines of an order, and who is given them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StepStatus(models.TextChoices):
    """The life of one piece of back-office work."""

    PENDING = "pending", _("Not yet")
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Left out")
    CANCELLED = "cancelled", _("Cancelled")


class StepKind(models.TextChoices):
    """Who or what does a step."""

    WORK = "work", _("Work of a team")
    APPROVAL = "approval", _("Approval")
    WAIT = "wait", _("Wait for somebody outside")
    AUTOMATIC = "automatic", _("Automatic")


class AssignmentRule(models.TextChoices):
    """Who in a team is given a piece of work when it comes in."""

    NOBODY = "nobody", _("Nobody: people take work themselves")
    LEAST_LOADED = "least_loaded", _("Who has least")
    ROUND_ROBIN = "round_robin", _("One after the other")
    MOST_SPECIAL = "most_special", _("Who has the skill and few others")


class LineState(models.TextChoices):
    """Where one line of an order stands (TMF622 `orderItem.state`)."""

    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    IN_PROGRESS = "in_progress", _("In progress")
    HELD = "held", _("Held")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


class ChangeKind(models.TextChoices):
    """What a partner asks to be changed in a matter that is worked on."""

    CANCEL = "cancel", _("Cancel it")
    DATE = "date", _("Another date")
    CONTENT = "content", _("Other content")


class ChangeState(models.TextChoices):
    """Where such a request stands."""

    OPEN = "open", _("To be decided")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    OVERTAKEN = "overtaken", _("It ended before")
