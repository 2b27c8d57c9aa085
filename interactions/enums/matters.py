"""What an interaction is, where it stands, and what can be done to it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Direction(models.TextChoices):
    """Who started the matter, seen from the enterprise; it never changes."""

    INBOUND = "inbound", _("Inbound")
    OUTBOUND = "outbound", _("Outbound")


class Status(models.TextChoices):
    """Where an interaction stands; `lifecycle.MOVES` says how it gets from one to another."""

    RECEIVED = "received", _("Received")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING = "waiting", _("Waiting")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")
    ANNULLED = "annulled", _("Annulled")


class Phase(models.TextChoices):
    """How far an interaction is, for whoever need not know our statuses; the database derives it from the status."""

    OPEN = "open", _("Open")
    UNDER_WAY = "under_way", _("Under way")
    COMPLETED = "completed", _("Completed")


PHASE_OF = {
    Status.RECEIVED: Phase.OPEN,
    **dict.fromkeys((Status.IN_PROGRESS, Status.WAITING, Status.RESOLVED), Phase.UNDER_WAY),
    **dict.fromkeys((Status.CLOSED, Status.CANCELLED, Status.ANNULLED), Phase.COMPLETED),
}


class Move(models.TextChoices):  # what can be done to the status of an interaction
    START = "start", _("Start work")
    ASK = "ask", _("Wait for an answer")
    ANSWER = "answer", _("Answer")
    RESUME = "resume", _("Resume")
    RESOLVE = "resolve", _("Resolve")
    CONFIRM = "confirm", _("Confirm")
    REOPEN = "reopen", _("Reopen")
    CLOSE = "close", pgettext_lazy("a matter", "Close")
    CANCEL = "cancel", _("Cancel")
    ANNUL = "annul", _("Annul")
    MERGE = "merge", _("Merge into another")
    UNMERGE = "unmerge", _("Take apart again")
    PASS_ON = "pass_on", _("Pass on as another matter")
    LAPSE = "lapse", _("Close without an answer")


class Side(models.TextChoices):
    """A side of the conversation."""

    ENTERPRISE = "enterprise", _("Us")
    PARTNER = "partner", _("Partner")
    THIRD_PARTY = "third_party", _("Third party")


class ItemKind(models.TextChoices):
    """What one item of a conversation is."""

    REQUEST = "request", _("Request")
    RESPONSE = "response", _("Response")
    NOTIFICATION = "notification", _("Notification")
    WAITING = "waiting", _("Waiting")
    BROADCAST = "broadcast", _("Broadcast")


class ParticipantRole(models.TextChoices):
    """The part somebody plays in an interaction."""

    REQUESTER = "requester", _("Requester")
    CONTACT = "contact", _("Contact")
    OWNER = "owner", _("Owner")
    WATCHER = "watcher", _("Watcher")
    THIRD_PARTY = "third_party", _("Third party")


class LinkKind(models.TextChoices):
    """How two interactions belong together (TMF683 `interactionRelationship.relationshipType`)."""

    PARENT = "parent", _("Parent")
    HANDOVER = "handover", _("Handover")
    RESPONSE_TO = "response-to", _("Response to")
    FOLLOW_UP = "follow-up", _("Follow-up")
    MERGED_INTO = "merged-into", _("Merged into")


class Visibility(models.TextChoices):  # who of the partner may know of a matter, beside its administrators
    COMPANY = "company", _("My company")
    NAMED = "named", _("Named colleagues and me")
    OWN = "own", _("Only me")
