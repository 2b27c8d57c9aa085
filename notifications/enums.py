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
    WEBHOOK = "webhook", _("Webhook")


class SubscriptionState(models.TextChoices):
    """Where a webhook endpoint stands; what happens while it is paused waits."""

    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


class Ending(models.TextChoices):
    """Why nothing is sent to a webhook endpoint any more."""

    BY_HAND = "by_hand", _("Ended by hand")
    GONE = "gone", _("The endpoint answered 410 Gone")


class HubEvent(models.TextChoices):
    """The events of TMF683 version 4."""

    CREATE = "PartyInteractionCreateEvent", _("A matter begins")
    STATUS = "PartyInteractionStatusChangeEvent", _("Its status changes")
    CHANGE = "PartyInteractionAttributeValueChangeEvent", _("A message, a file or a detail is added or changed")
    DELETE = "PartyInteractionDeleteEvent", _("It is annulled")


class Topic(models.TextChoices):
    """What a notice is about, as people choose how to hear of it; `topics.TOPICS` says which event is about what."""

    YOUR_TURN = "your_turn", _("What waits for you")
    SAID = "said", _("Messages")
    STATUS = "status", _("How matters stand")
    PROGRESS = "progress", _("Progress of long matters")
    PROMISES = "promises", _("Dates and delays")
    SECURITY = "security", _("Security")


class Pace(models.TextChoices):
    """How somebody wishes to hear of a topic."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("In the daily mail")
    OFF = "off", _("Not by e-mail")


class Manner(models.TextChoices):
    """How one message leaves."""

    AT_ONCE = "at_once", _("At once")
    HELD = "held", _("After the quiet hours")
    GATHERED = "gathered", _("In the daily mail")


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
