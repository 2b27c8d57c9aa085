"""The closed lists of interactions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
    CLOSE = "close", _("Close")
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


class Comparison(models.TextChoices):
    """How a condition looks at the value of a field."""

    IS = "is", _("is")
    IS_NOT = "is_not", _("is not")
    ONE_OF = "one_of", _("is one of")
    FILLED = "filled", _("is filled in")
    EMPTY = "empty", _("is empty")
    AT_LEAST = "at_least", _("is at least")
    BELOW = "below", _("is below")


class LineState(models.TextChoices):
    """Where one line of an order stands (TMF622 `orderItem.state`)."""

    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    IN_PROGRESS = "in_progress", _("In progress")
    HELD = "held", _("Held")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


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


class LinkKind(models.TextChoices):
    """How two interactions belong together (TMF683 `interactionRelationship.relationshipType`)."""

    PARENT = "parent", _("Parent")
    HANDOVER = "handover", _("Handover")
    RESPONSE_TO = "response-to", _("Response to")
    FOLLOW_UP = "follow-up", _("Follow-up")
    MERGED_INTO = "merged-into", _("Merged into")


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


class FieldKind(models.TextChoices):
    """What a field of an interaction type holds."""

    TEXT = "text", _("Text")
    LONG_TEXT = "long_text", _("Long text")
    CHOICE = "choice", _("Choice")
    DATE = "date", _("Date")
    AMOUNT = "amount", _("Amount")
    REFERENCE = "reference", _("Reference")
    FILE = "file", _("File")


class Subject(models.TextChoices):
    """What a reference leads to in another system."""

    ORDER = "order", _("Order")
    BILL = "bill", _("Bill")
    SERVICE = "service", _("Service")
    TICKET = "ticket", _("Ticket")
    AGREEMENT = "agreement", _("Agreement")


class Visibility(models.TextChoices):  # who of the partner may know of a matter, beside its administrators
    COMPANY = "company", _("My company")
    NAMED = "named", _("Named colleagues and me")
    OWN = "own", _("Only me")


class Event(models.TextChoices):
    """What the record calls what happened to an interaction; the label is how a timeline says it."""

    RECEIVED = "interaction.received", _("Received")
    RAISED = "interaction.raised", _("Raised to the partner")
    STARTED = "interaction.started", _("Work started")
    WAITING = "interaction.waiting", _("Waiting for an answer")
    ANSWERED = "interaction.answered", _("Answered")
    RESUMED = "interaction.resumed", _("Resumed without an answer")
    RESOLVED = "interaction.resolved", _("Resolved")
    CONFIRMED = "interaction.confirmed", _("Solution confirmed")
    REOPENED = "interaction.reopened", _("Reopened")
    CLOSED = "interaction.closed", _("Closed")
    CANCELLED = "interaction.cancelled", _("Cancelled")
    ANNULLED = "interaction.annulled", _("Annulled")
    MERGED = "interaction.merged", _("Merged into another matter")
    UNMERGED = "interaction.unmerged", _("Taken apart again")
    PASSED_ON = "interaction.passed_on", _("Passed on as another matter")
    LINES_ADDED = "order.lines_added", _("Order lines added")
    LINE_CHANGED = "order.line_changed", _("Order line changed")
    SELF_SERVED = "interaction.self_served", _("Answered without staff")
    LEFT_TO_STAFF = "interaction.left_to_staff", _("Left to people")
    PARTS_ENDED = "parts.ended", _("All parts ended: close the loop")
    CHANGE_ASKED = "change.asked", _("A change was asked for")
    CHANGE_DECIDED = "change.decided", _("A change was decided on")
    CHANGE_WITHDRAWN = "change.withdrawn", _("A wish for a change was withdrawn")
    ASSIGNED = "interaction.assigned", _("Assigned")
    HANDED_OVER = "interaction.handed_over", _("Handed over to another team")
    LINKED = "interaction.linked", _("Linked")
    UNLINKED = "interaction.unlinked", _("Link ended")
    CHANGED = "interaction.changed", _("Changed")
    SHARED = "interaction.shared", _("Who of the partner sees it was changed")
    ITEM_ADDED = "item.added", _("Message added")
    NOTE_ADDED = "note.added", _("Internal note added")
    REPLY_SCHEDULED = "reply.scheduled", _("A reply is to leave later")
    REPLY_TAKEN_BACK = "reply.taken_back", _("A reply was taken back before it left")
    REPLY_STOPPED = "reply.stopped", _("A reply did not leave")
    NOTICE_SENT = "notice.queued", _("Notice sent")
    NOTICE_FAILED = "notice.failed", _("Notice not delivered")
    NOTICE_REDRIVEN = "notice.redriven", _("Notice sent again")
    NOTICE_CANCELLED = "notice.cancelled", _("Notice cancelled")
    PROGRESS_TOLD = "progress.told", _("Progress told")
    STEP_OPENED = "step.opened", _("Step opened")
    STEP_TAKEN = "step.taken", _("Step taken")
    STEP_ASSIGNED = "step.assigned", _("Step assigned")
    STEP_RETURNED = "step.returned", _("Step given back to the queue")
    STEP_ESCALATED = "step.escalated", _("Step escalated")
    STEP_FINISHED = "step.finished", _("Step finished")
    STEP_LEFT = "step.left", _("Left to people")
    STEP_SKIPPED = "step.skipped", _("Step left out")
    APPROVAL_ASKED = "approval.asked", _("Approval by a second person asked for")
    APPROVAL_DECIDED = "approval.decided", _("Approval decided on")
    APPROVAL_VOIDED = "approval.voided", _("Approval void: what was to be approved has changed")
    STEP_HANDED_OVER = "step.handed_over", _("Step handed over")
    STEP_WARNED = "step.warned", _("A step is at risk")
    STEP_LATE = "step.late", _("A step is late")
    STEPS_ENDED = "steps.ended", _("All steps ended: close the loop")
    CLOCK_WARNED = "clock.warned", _("A promise is at risk")
    CLOCK_BREACHED = "clock.breached", _("A promise was not kept")
    REMINDED = "waiting.reminded", _("Reminded of what we wait for")
    ANSWER_LATE = "waiting.late", _("The answer we wait for is late")
    UNANSWERED = "waiting.unanswered", _("Still no answer")
    LAPSED = "interaction.lapsed", _("Closed without an answer")
    DATE_MOVED = "interaction.date_moved", _("Date moved")
    CLOCK_ESCALATED = "clock.escalated", _("A broken promise is still open")
    MESSAGE_REFUSED = "message.refused", _("A message was not accepted")
    MESSAGE_ACCEPTED = "message.accepted", _("A message that was set aside was let in")
    MESSAGE_REJECTED = "message.rejected", _("A message that was set aside was refused")
    MESSAGE_IGNORED = "message.ignored", _("An automatic mail arrived")
    NOTICE_BOUNCED = "notice.bounced", _("A notice could not be delivered")
    CALL_TOLD = "call.told", _("Phone call")
    CALLER_VERIFIED = "caller.verified", _("Caller verified")
    CALLER_NOT_VERIFIED = "caller.not_verified", _("Caller not verified")
    CALLER_CODE_SENT = "caller.code_sent", _("One-time code sent for a caller")
    ENQUIRY_ASKED = "enquiry.asked", _("Request without signing in, to be confirmed by mail")
