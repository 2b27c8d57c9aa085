"""The closed lists of notifications."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    """Where one message stands (TMF681 `state`)."""

    INITIAL = "initial", _("To be sent")
    IN_PROGRESS = "inProgress", _("Being sent")
    COMPLETED = "completed", _("Sent")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


class Medium(models.TextChoices):
    """How a notice reaches somebody."""

    EMAIL = "email", _("E-mail")


class Audience(models.TextChoices):
    """Who hears of an event; `routing.RULES` says which event reaches whom."""

    PARTNER_PEOPLE = "partner_people", _("People of the partner in the interaction")
    OWNER = "owner", _("Assignee, or else the team")
    TEAM = "team", _("The team")
    LEADS = "leads", _("Leads of the team")
    ABOVE = "above", _("Leads of the team above")
    PARTNER_ESCALATION = "partner_escalation", _("Escalation contacts of the partner")
    WATCHERS = "watchers", _("Who watches the interaction")
    MENTIONED = "mentioned", _("Who was called in a note")
    STEP_TEAM = "step_team", _("The team of the step")
    STEP_LEADS = "step_leads", _("Leads of the team of the step")
    STEP_ABOVE = "step_above", _("Leads of the team above that of the step")
