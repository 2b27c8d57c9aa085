"""The closed lists of interactions."""

from interactions.enums.events import Event
from interactions.enums.forms import Comparison, FieldKind, Subject
from interactions.enums.intake import CallerMeans, CallState, MessageState
from interactions.enums.matters import (
    PHASE_OF,
    Direction,
    ItemKind,
    LinkKind,
    Move,
    ParticipantRole,
    Phase,
    Side,
    Status,
    Visibility,
)
from interactions.enums.promises import ClockKind, Jeopardy, SegmentState
from interactions.enums.work import AssignmentRule, ChangeKind, ChangeState, LineState, StepKind, StepStatus

__all__ = [
    "PHASE_OF",
    "AssignmentRule",
    "CallState",
    "CallerMeans",
    "ChangeKind",
    "ChangeState",
    "ClockKind",
    "Comparison",
    "Direction",
    "Event",
    "FieldKind",
    "ItemKind",
    "Jeopardy",
    "LineState",
    "LinkKind",
    "MessageState",
    "Move",
    "ParticipantRole",
    "Phase",
    "SegmentState",
    "Side",
    "Status",
    "StepKind",
    "StepStatus",
    "Subject",
    "Visibility",
]
