"""Who hears what: a table from each event to those it concerns, with the wording they are told in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from interactions.enums import Event, ItemKind, Side, Status
from interactions.models import Interaction
from notifications.enums import Audience
from partners.enums import ActorKind, Channel
from partners.models import RecordEntry

Condition = Callable[[RecordEntry, Interaction], bool]


def always(_entry: RecordEntry, _interaction: Interaction) -> bool:
    return True


def came_by_mail(entry: RecordEntry, _interaction: Interaction) -> bool:
    """The portal and the API answer with the number at once; who wrote a mail has nothing yet."""
    return entry.channel in {Channel.EMAIL, Channel.POST}


def is_said_by_enterprise(entry: RecordEntry, _interaction: Interaction) -> bool:
    return entry.facts.get("side") == Side.ENTERPRISE and entry.facts.get("kind") in {
        ItemKind.REQUEST,
        ItemKind.RESPONSE,
    }


def is_said_to_enterprise(entry: RecordEntry, _interaction: Interaction) -> bool:
    return entry.facts.get("side") in {Side.PARTNER, Side.THIRD_PARTY}


def is_partners_turn(_entry: RecordEntry, interaction: Interaction) -> bool:
    """Somebody else may be waited for, or the answer may have come meanwhile."""
    return interaction.status == Status.WAITING and interaction.ball == Side.PARTNER


def moves_the_date(entry: RecordEntry, _interaction: Interaction) -> bool:
    return entry.facts.get("field") in {"due_at", "expected_at", "waiting_until"}


def names_somebody(entry: RecordEntry, _interaction: Interaction) -> bool:
    return entry.facts.get("assignee") is not None


def is_by_machine(entry: RecordEntry) -> bool:
    return entry.actor_kind == ActorKind.MACHINE


@dataclass(frozen=True)
class Rule:
    """One audience of an event, told in a wording (templates/notifications/<wording>.txt), if the condition holds.

    `tells_actor`: whoever acted is told too where this holds; nobody else ever hears of what they did themselves.
    """

    audience: Audience
    wording: str
    only: Condition = always
    tells_actor: Condition | None = None


def partner(wording: str, only: Condition = always, tells_actor: Condition | None = None) -> Rule:
    return Rule(Audience.PARTNER_PEOPLE, wording, only, tells_actor)


def owner(wording: str, only: Condition = always) -> Rule:
    return Rule(Audience.OWNER, wording, only)


RULES: dict[str, tuple[Rule, ...]] = {
    Event.RECEIVED: (partner("received", tells_actor=came_by_mail), owner("received_by_us")),
    Event.RAISED: (partner("raised"),),
    Event.WAITING: (partner("waiting", only=is_partners_turn),),
    Event.ANSWERED: (owner("answered"),),
    Event.RESOLVED: (partner("resolved"),),
    Event.CONFIRMED: (partner("closed"), owner("confirmed")),
    Event.REOPENED: (partner("reopened"), owner("reopened_for_us")),
    Event.CLOSED: (partner("closed"),),
    Event.CANCELLED: (partner("cancelled"), owner("cancelled")),
    Event.MERGED: (partner("continued"),),
    Event.UNMERGED: (partner("unmerged"),),
    Event.PASSED_ON: (partner("continued"),),
    Event.PARTS_ENDED: (owner("parts_ended"),),
    Event.CHANGE_ASKED: (owner("change_asked"),),
    Event.CHANGE_DECIDED: (partner("change_decided"),),
    Event.CHANGE_WITHDRAWN: (owner("change_withdrawn"),),
    Event.CHANGED: (partner("date_moved", only=moves_the_date), owner("date_moved", only=moves_the_date)),
    Event.ASSIGNED: (owner("assigned", only=names_somebody),),
    Event.HANDED_OVER: (Rule(Audience.TEAM, "handed_over"),),
    Event.ITEM_ADDED: (partner("said", only=is_said_by_enterprise), owner("answered", only=is_said_to_enterprise)),
    Event.PROGRESS_TOLD: (partner("progress"), owner("progress_for_us")),
    Event.STEP_OPENED: (Rule(Audience.STEP_TEAM, "step_opened"),),
    Event.STEP_HANDED_OVER: (Rule(Audience.STEP_TEAM, "step_opened"),),
    Event.STEP_ASSIGNED: (Rule(Audience.STEP_TEAM, "step_assigned"),),
    Event.STEP_ESCALATED: (Rule(Audience.STEP_TEAM, "step_escalated"),),
    Event.STEP_RETURNED: (Rule(Audience.STEP_TEAM, "step_returned"),),
    Event.STEPS_ENDED: (owner("steps_ended"),),
    Event.CLOCK_WARNED: (owner("clock_warned"),),
    Event.CLOCK_BREACHED: (owner("clock_breached"), Rule(Audience.LEADS, "clock_breached")),
    Event.NOTICE_FAILED: (owner("notice_failed"),),
}

SILENT = frozenset(
    {
        Event.STARTED,
        Event.RESUMED,
        Event.ANNULLED,
        Event.LINKED,
        Event.UNLINKED,
        Event.STEP_SKIPPED,
        Event.NOTE_ADDED,
        Event.NOTICE_SENT,
        Event.NOTICE_REDRIVEN,
        Event.NOTICE_CANCELLED,
        Event.NOTICE_BOUNCED,  # a notice about it could bounce in turn
        Event.STEP_TAKEN,
        Event.STEP_SKIPPED,
        Event.STEP_FINISHED,
        Event.MESSAGE_REFUSED,
        Event.MESSAGE_ACCEPTED,
        Event.MESSAGE_REJECTED,
        Event.MESSAGE_IGNORED,
        Event.CALL_TOLD,
    }
)


def rules_for(entry: RecordEntry, interaction: Interaction) -> Iterable[Rule]:
    """The rules that hold for an entry; a partner never hears of what was annulled."""
    for rule in RULES.get(entry.event, ()):
        is_hidden = rule.audience == Audience.PARTNER_PEOPLE and interaction.status == Status.ANNULLED
        if not is_hidden and rule.only(entry, interaction):
            yield rule


WORDS, MOVE, REQUEST, NEW_REQUEST, END = range(5)
WEIGHTS: dict[str, int] = {
    Event.ITEM_ADDED: WORDS,
    Event.WAITING: REQUEST,
    Event.RAISED: NEW_REQUEST,
    Event.RESOLVED: END,
    Event.CLOSED: END,
    Event.CONFIRMED: END,
    Event.CANCELLED: END,
}


def weight(entry: RecordEntry) -> tuple[int, int]:
    """Which of several events of one moment is worth the one message: an end, then what is asked, then other moves."""
    return WEIGHTS.get(entry.event, MOVE), entry.sequence
