from interactions.models.approval import Approval, ApprovalKind, ApprovalStatus
from interactions.models.attachment import Attachment
from interactions.models.attention import Mention, Visit, Watcher
from interactions.models.batch import Batch, BatchAction, BatchRow, Outcome
from interactions.models.call import Call
from interactions.models.caller_check import CallerCheck
from interactions.models.change_request import ChangeRequest
from interactions.models.clock import Clock
from interactions.models.clock_segment import ClockSegment
from interactions.models.clock_warning import ClockWarning
from interactions.models.draft import Draft, DraftFile, DraftMode, Following
from interactions.models.enquiry import Enquiry, EnquiryFile
from interactions.models.interaction import ENDED, Interaction
from interactions.models.interaction_type import InteractionType
from interactions.models.item import Item
from interactions.models.link import ExternalIdentifier, Link, Reference
from interactions.models.message import InboundMessage
from interactions.models.note import Note
from interactions.models.order_line import OrderLine
from interactions.models.participant import Participant
from interactions.models.plan import Plan, PlanStep
from interactions.models.reader import Reader
from interactions.models.request_draft import RequestDraft, RequestDraftFile
from interactions.models.saved_view import Desk, SavedView
from interactions.models.snippet import Snippet
from interactions.models.step import Step
from interactions.models.step_pace import StepPace
from interactions.models.team import Skill, Team, TeamMember
from interactions.models.turn import Turn
from interactions.models.type_version import TypeVersion

__all__ = [
    "ENDED",
    "Approval",
    "ApprovalKind",
    "ApprovalStatus",
    "Attachment",
    "Batch",
    "BatchAction",
    "BatchRow",
    "Call",
    "CallerCheck",
    "ChangeRequest",
    "Clock",
    "ClockSegment",
    "ClockWarning",
    "Desk",
    "Draft",
    "DraftFile",
    "DraftMode",
    "Enquiry",
    "EnquiryFile",
    "ExternalIdentifier",
    "Following",
    "InboundMessage",
    "Interaction",
    "InteractionType",
    "Item",
    "Link",
    "Mention",
    "Note",
    "OrderLine",
    "Outcome",
    "Participant",
    "Plan",
    "PlanStep",
    "Reader",
    "Reference",
    "RequestDraft",
    "RequestDraftFile",
    "SavedView",
    "Skill",
    "Snippet",
    "Step",
    "StepPace",
    "Team",
    "TeamMember",
    "Turn",
    "TypeVersion",
    "Visit",
    "Watcher",
]
