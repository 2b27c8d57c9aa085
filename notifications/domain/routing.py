"""Who hears what: a table from each event to those it concerns, with the wording they are told in."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from interactions.enums import Direction, Event, ItemKind, Move, Side, Status
from interactions.models import Interaction
from notifications.enums import Audience
from partners.enums import ActorKind, AssuranceLevel, Channel, EscalationTarget
from partners.models import RecordEntry

ENDS_WAITING = frozenset({Move.ANSWER, Move.RESUME})
Condition = Callable[[RecordEntry, Interaction], bool]


def always(_entry: RecordEntry, _interaction: Interaction) -> bool:
    return True


def came_by_mail(entry: RecordEntry, _interaction: Interaction) -> bool:
    """The portal and the API answer with the number at once; who wrote a mail, or did not sign in, has nothing yet."""
    is_known_by_address = entry.channel == Channel.WEB and entry.actor_level == AssuranceLevel.NONE
    return entry.channel in {Channel.EMAIL, Channel.POST} or is_known_by_address


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


def is_by_answer(entry: RecordEntry, _interaction: Interaction) -> bool:
    """Who answered what we waited for does not know yet what new date we make of it."""
    return bool(entry.facts.get("cause") == Move.ANSWER)


def is_news(entry: RecordEntry, _interaction: Interaction) -> bool:
    """A date that somebody gave; one that only went on with our waiting when that made it another day."""
    return entry.facts.get("cause") not in ENDS_WAITING or bool(entry.facts.get("other_day"))


def is_not_by_answer(entry: RecordEntry, interaction: Interaction) -> bool:
    """Where an answer moved the date, the owner hears of the answer, with the new date."""
    return is_news(entry, interaction) and not is_by_answer(entry, interaction)


def is_of_somebody(_entry: RecordEntry, interaction: Interaction) -> bool:
    """What the system gives our people to do by itself, the partner was told of before and otherwise."""
    is_by_somebody = interaction.created_by_id is not None or interaction.created_by_client
    return interaction.direction == Direction.INBOUND or bool(is_by_somebody)


def names_somebody(entry: RecordEntry, _interaction: Interaction) -> bool:
    return entry.facts.get("assignee") is not None


def calls_somebody(entry: RecordEntry, _interaction: Interaction) -> bool:
    return bool(entry.facts.get("mentioned"))


def tells(target: EscalationTarget) -> Condition:
    """Whether the chain of a promise named this target for the threshold that was passed."""

    def is_named(entry: RecordEntry, _interaction: Interaction) -> bool:
        return any(told == target for told in entry.facts.get("tell", ()))

    return is_named


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


def watchers(wording: str, only: Condition = always) -> Rule:
    return Rule(Audience.WATCHERS, wording, only)


OF_MATTER = {
    EscalationTarget.OWNER: Audience.OWNER,
    EscalationTarget.LEADS: Audience.LEADS,
    EscalationTarget.ABOVE: Audience.ABOVE,
}
OF_STEP = {
    EscalationTarget.OWNER: Audience.STEP_TEAM,
    EscalationTarget.LEADS: Audience.STEP_LEADS,
    EscalationTarget.ABOVE: Audience.STEP_ABOVE,
}
OF_PARTNER = {
    EscalationTarget.PARTNER: Audience.PARTNER_PEOPLE,
    EscalationTarget.PARTNER_ESCALATION: Audience.PARTNER_ESCALATION,
}


def chain(wording: str, audiences: Mapping[EscalationTarget, Audience]) -> tuple[Rule, ...]:
    """Whom a threshold concerns is known to the entry; this says how they hear of it."""
    return tuple(Rule(audience, wording, tells(target)) for target, audience in audiences.items())


RULES: dict[str, tuple[Rule, ...]] = {
    Event.RECEIVED: (partner("received", tells_actor=came_by_mail), owner("received_by_us")),
    Event.RAISED: (partner("raised", only=is_of_somebody),),
    Event.WAITING: (partner("waiting", only=is_partners_turn),),
    Event.ANSWERED: (owner("answered"),),
    Event.RESOLVED: (partner("resolved"),),
    Event.CONFIRMED: (partner("closed"), owner("confirmed"), watchers("confirmed")),
    Event.REOPENED: (partner("reopened"), owner("reopened_for_us"), watchers("reopened_for_us")),
    Event.CLOSED: (partner("closed"),),
    Event.CANCELLED: (partner("cancelled", only=is_of_somebody), owner("cancelled"), watchers("cancelled")),
    Event.MERGED: (partner("continued"),),
    Event.UNMERGED: (partner("unmerged"),),
    Event.PASSED_ON: (partner("continued"),),
    Event.PARTS_ENDED: (owner("parts_ended"),),
    Event.CHANGE_ASKED: (owner("change_asked"),),
    Event.CHANGE_DECIDED: (partner("change_decided"),),
    Event.CHANGE_WITHDRAWN: (owner("change_withdrawn"),),
    Event.LINE_CHANGED: (partner("order_line"),),
    Event.ASSIGNED: (owner("assigned", only=names_somebody),),
    Event.HANDED_OVER: (Rule(Audience.TEAM, "handed_over"),),
    Event.ITEM_ADDED: (
        partner("said", only=is_said_by_enterprise),
        owner("answered", only=is_said_to_enterprise),
        watchers("answered", only=is_said_to_enterprise),
    ),
    Event.PROGRESS_TOLD: (partner("progress"), owner("progress_for_us")),
    Event.STEP_OPENED: (Rule(Audience.STEP_TEAM, "step_opened"),),
    Event.STEP_HANDED_OVER: (Rule(Audience.STEP_TEAM, "step_opened"),),
    Event.STEP_ASSIGNED: (Rule(Audience.STEP_TEAM, "step_assigned"),),
    Event.STEP_ESCALATED: (Rule(Audience.STEP_TEAM, "step_escalated"),),
    Event.STEP_RETURNED: (Rule(Audience.STEP_TEAM, "step_returned"),),
    Event.STEPS_ENDED: (owner("steps_ended"),),
    Event.CLOCK_WARNED: chain("clock_warned", OF_MATTER) + chain("promise_at_risk", OF_PARTNER),
    Event.CLOCK_BREACHED: chain("clock_breached", OF_MATTER) + chain("promise_late", OF_PARTNER),
    Event.CLOCK_ESCALATED: chain("clock_escalated", OF_MATTER) + chain("promise_late", OF_PARTNER),
    Event.STEP_WARNED: chain("step_warned", OF_STEP),
    Event.STEP_LATE: chain("step_late", OF_STEP),
    Event.REMINDED: chain("reminded", OF_MATTER) + chain("reminder", OF_PARTNER),
    Event.UNANSWERED: chain("unanswered_for_us", OF_MATTER) + chain("unanswered", OF_PARTNER),
    Event.LAPSED: (partner("lapsed"), owner("lapsed_for_us")),
    Event.ANSWER_LATE: chain("answer_late", OF_MATTER) + chain("reminder_late", OF_PARTNER),
    Event.NOTE_ADDED: (Rule(Audience.MENTIONED, "mentioned", calls_somebody),),
    Event.REPLY_STOPPED: (owner("reply_stopped"),),
    Event.DATE_MOVED: (
        partner("date_moved", only=is_news, tells_actor=is_by_answer),
        owner("date_moved", only=is_not_by_answer),
    ),
    Event.APPROVAL_VOIDED: (Rule(Audience.STEP_TEAM, "approval_voided"),),
    Event.NOTICE_FAILED: (owner("notice_failed"),),
}

SILENT = frozenset(
    {
        Event.STARTED,
        Event.APPROVAL_ASKED,  # its team hears that the step opened
        Event.APPROVAL_DECIDED,
        Event.CHANGED,
        Event.SHARED,
        Event.RESUMED,
        Event.ANNULLED,
        Event.JOINED_PARTNER,
        Event.LINKED,
        Event.UNLINKED,
        Event.STEP_SKIPPED,
        Event.STEP_LEFT,  # its team hears that it opened
        Event.SELF_SERVED,
        Event.LINES_ADDED,
        Event.LEFT_TO_STAFF,
        Event.SHARED,
        Event.REPLY_SCHEDULED,
        Event.REPLY_TAKEN_BACK,
        Event.NOTICE_SENT,
        Event.NOTICE_NOT_TAKEN,  # told of by mail once the endpoint keeps failing
        Event.NOTICE_RETRIED,
        Event.NOTICE_TAKEN,
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
        Event.CALLER_VERIFIED,
        Event.CALLER_NOT_VERIFIED,
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
    Event.LAPSED: END,
}


def weight(entry: RecordEntry) -> tuple[int, int]:
    """Which of several events of one moment is worth the one message: an end, then what is asked, then other moves."""
    return WEIGHTS.get(entry.event, MOVE), entry.sequence
