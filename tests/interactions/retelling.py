"""What the record alone tells of an interaction: its entries folded in order, to be held against the rows."""

from dataclasses import dataclass, field
from typing import Any

from interactions.enums import Event, StepStatus
from interactions.models import Interaction
from partners.models import RecordEntry

STEP_STATES = {
    Event.STEP_OPENED: StepStatus.OPEN,
    Event.STEP_FINISHED: StepStatus.DONE,
    Event.STEP_SKIPPED: StepStatus.SKIPPED,
}
HOLDERS = {
    *(Event.STEP_OPENED, Event.STEP_TAKEN, Event.STEP_ASSIGNED, Event.STEP_RETURNED, Event.STEP_ESCALATED),
    Event.STEP_HANDED_OVER,
}


@dataclass(kw_only=True)
class Told:
    """How an interaction stands: as the record tells it, or as the rows say."""

    status: str = ""
    reopened: int = 0
    owner: int | None = None
    team: str = ""
    priority: int = 0
    items: int = 0
    notes: int = 0
    steps: dict[int, tuple[str, int | None]] = field(default_factory=dict)


def by_record(interaction: Interaction) -> Told:
    """The entries of the stream, one after the other; what begins it says who had it then."""
    told = Told()
    for entry in RecordEntry.objects.of_stream(interaction.stream):
        if entry.event in {Event.RECEIVED, Event.RAISED}:
            told.owner = entry.actor_id if entry.actor_kind == "representative" else None
            told.team, told.priority = interaction.type.team.code, entry.facts["priority"]
        tell(told, entry)
    return told


def tell(told: Told, entry: RecordEntry) -> None:
    """What one entry changes."""
    facts: dict[str, Any] = entry.facts
    if "status" in facts:
        assert facts.get("came_from", "") in {"", told.status}, f"{entry} does not follow {told.status}"
        told.status = facts["status"]
    told.reopened += entry.event == Event.REOPENED
    told.items += "item" in facts and entry.event in {Event.RECEIVED, Event.RAISED, Event.ITEM_ADDED}
    told.notes += entry.event == Event.NOTE_ADDED
    if entry.event in {Event.ASSIGNED, Event.HANDED_OVER}:
        told.owner, told.team = facts.get("assignee"), facts.get("team", told.team)
    if entry.event == Event.CHANGED and facts.get("field") == "priority":
        told.priority = facts["became"]
    if "step" in facts:
        before, holder = told.steps.get(facts["step"], (StepStatus.PENDING, None))
        after = STEP_STATES.get(Event(entry.event), before)
        told.steps[facts["step"]] = after, facts.get("assignee") if entry.event in HOLDERS else holder
    if entry.event in {Event.CANCELLED, Event.ANNULLED, Event.CLOSED, Event.CONFIRMED}:
        told.steps = {
            position: (StepStatus.CANCELLED if state in {StepStatus.OPEN, StepStatus.PENDING} else state, holder)
            for position, (state, holder) in told.steps.items()
        }


def by_rows(interaction: Interaction) -> Told:
    """The same, as the tables have it; steps that never opened are not spoken of."""
    interaction = Interaction.objects.select_related("team").get(pk=interaction.pk)
    return Told(
        status=interaction.status,
        reopened=interaction.reopen_count,
        owner=interaction.assignee_id,
        team=interaction.team.code,
        priority=interaction.priority,
        items=interaction.items.count(),
        notes=interaction.notes.count(),
        steps={
            step.position: (step.status, step.assignee_id)
            for step in interaction.steps.all()
            if step.opened_at is not None or step.status == StepStatus.SKIPPED
        },
    )
