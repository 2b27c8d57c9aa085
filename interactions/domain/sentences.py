"""What the record tells, in words: one entry becomes one line that a colleague understands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from interactions.domain import promise_sentences, webhook_sentences
from interactions.domain.event_icons import ICONS
from interactions.enums import CallerMeans, ChangeKind, ChangeState, Event, LineState, LinkKind
from partners.domain.translations import words_of
from partners.enums import ActorKind, Priority, in_sentence
from partners.models import RecordEntry


@dataclass(frozen=True, kw_only=True)
class Names:
    """What the record knows by id or code, by its name."""

    people: Mapping[int, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[int, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One entry of the record in words; `detail` is what somebody wrote with it, `tries` are those that it began."""

    words: str
    who: str
    at: datetime
    detail: str = ""
    icon: str = "dot"
    tries: Sequence["Happened"] = ()
    kind: str = "event"


DETAILS = ("decision", "reason", "outcome", "waiting_for", "resolution")


def of(entry: RecordEntry, names: Names) -> Happened:
    """One entry as a line; an event that nobody taught us to say is told by its name."""
    say = SENTENCES.get(entry.event)
    who = "" if entry.actor_kind == ActorKind.SYSTEM else entry.actor_label
    return Happened(
        words=say(entry, names) if say else label(entry.event),
        who=who,
        at=entry.at,
        detail=next((text for name in DETAILS if (text := words_of(entry, name))), ""),
        icon=ICONS.get(entry.event, "dot"),
    )


def label(event: str) -> str:
    return str(Event(event).label) if event in Event.values else event.replace(".", ": ").replace("_", " ")


def assigned(entry: RecordEntry, names: Names) -> str:
    person = entry.facts.get("assignee")
    if person is None:
        return _("Given back to the team's queue")
    return _("Assigned to %(name)s") % {"name": names.people.get(person, _("somebody"))}


def handed_over(entry: RecordEntry, names: Names) -> str:
    return _("Handed over from %(before)s to %(now)s") % {
        "before": team_name(entry.facts.get("came_from"), names),
        "now": team_name(entry.facts.get("team"), names),
    }


def changed(entry: RecordEntry, names: Names) -> str:
    if entry.facts.get("field") == "details":
        filled = map(str, entry.facts.get("names", []))
        labels = [names.fields.get(name, name.replace("_", " ")) for name in filled]
        return _("Details changed: %(names)s") % {"names": ", ".join(labels)}
    if entry.facts.get("field") != "priority":
        return label(entry.event)
    return _("Priority changed from %(before)s to %(now)s") % {
        "before": priority_name(entry.facts.get("came_from")),
        "now": priority_name(entry.facts.get("became")),
    }


def merged(entry: RecordEntry, _names: Names) -> str:
    return _("Merged into %(number)s") % {"number": number_of(entry)}


def passed_on(entry: RecordEntry, _names: Names) -> str:
    return _("Passed on as %(number)s") % {"number": number_of(entry)}


def joined_partner(entry: RecordEntry, _names: Names) -> str:
    names = {"newcomer": entry.text("newcomer"), "partner": entry.text("partner")}
    return _("%(newcomer)s belongs to %(partner)s, and this with it") % names


def linked(entry: RecordEntry, _names: Names) -> str:
    return _("Linked with %(number)s: %(kind)s") % {"number": number_of(entry), "kind": link_name(entry)}


def unlinked(entry: RecordEntry, _names: Names) -> str:
    return _("No longer linked with %(number)s: %(kind)s") % {"number": number_of(entry), "kind": link_name(entry)}


def change_asked(entry: RecordEntry, _names: Names) -> str:
    return _("Asked for a change: %(kind)s") % {"kind": change_name(entry)}


def change_decided(entry: RecordEntry, _names: Names) -> str:
    is_accepted = entry.facts.get("state") == ChangeState.ACCEPTED
    sentence = _("“%(kind)s” was accepted") if is_accepted else _("“%(kind)s” was refused")
    return sentence % {"kind": change_name(entry)}


def line_changed(entry: RecordEntry, _names: Names) -> str:
    state = entry.facts.get("state")
    became = LineState(state).label.lower() if state in LineState.values else str(state)
    return _("Order line “%(line)s”: %(state)s") % {"line": entry.text("line"), "state": became}


def step_opened(entry: RecordEntry, names: Names) -> str:
    return _("%(team)s: “%(step)s” begins") % about_step(entry, names)


def step_assigned(entry: RecordEntry, names: Names) -> str:
    return _("%(team)s: “%(step)s” was given to %(name)s") % about_step(entry, names)


def step_returned(entry: RecordEntry, names: Names) -> str:
    return _("“%(step)s” was given back to %(team)s") % about_step(entry, names)


def step_escalated(entry: RecordEntry, names: Names) -> str:
    return _("“%(step)s” was escalated to %(name)s") % about_step(entry, names)


def step_taken(entry: RecordEntry, names: Names) -> str:
    return _("“%(step)s” taken") % about_step(entry, names)


def step_finished(entry: RecordEntry, names: Names) -> str:
    return _("“%(step)s” finished") % about_step(entry, names)


def step_skipped(entry: RecordEntry, names: Names) -> str:
    return _("“%(step)s” left out") % about_step(entry, names)


def step_left(entry: RecordEntry, names: Names) -> str:
    return _("“%(step)s” was not possible by itself: it is with %(team)s") % about_step(entry, names)


def step_handed_over(entry: RecordEntry, names: Names) -> str:
    return _("“%(step)s” handed over to %(team)s") % about_step(entry, names)


def step_warned(entry: RecordEntry, names: Names) -> str:
    return _("“%(step)s” is at risk") % about_step(entry, names)


def step_late(entry: RecordEntry, names: Names) -> str:
    return _("“%(step)s” is late") % about_step(entry, names)


def reply_scheduled(entry: RecordEntry, _names: Names) -> str:
    moment = promise_sentences.day_of(entry.facts.get("leaves_at"))
    return _("A reply is to leave on %(moment)s") % {"moment": moment}


def notice_sent(entry: RecordEntry, _names: Names) -> str:
    return _("Told %(addresses)s: %(event)s") % {
        "addresses": entry.text("addresses") or _("nobody who is still known"),
        "event": in_sentence(label(str(entry.facts.get("of", entry.event)))),
    }


def caller_verified(entry: RecordEntry, _names: Names) -> str:
    means = [in_sentence(CallerMeans(one).label) for one in entry.facts.get("means", []) if one in CallerMeans.values]
    return _("Caller verified by %(means)s") % {"means": ", ".join(means)}


def about_step(entry: RecordEntry, names: Names) -> dict[str, str]:
    position = entry.facts.get("step")
    person = entry.facts.get("assignee")
    return {
        "name": names.people.get(person, _("somebody")) if isinstance(person, int) else _("somebody"),
        "step": names.steps.get(position, str(position)) if isinstance(position, int) else "?",
        "team": team_name(entry.facts.get("team"), names),
    }


def team_name(code: object, names: Names) -> str:
    return names.teams.get(str(code), str(code or _("another team")))


def number_of(entry: RecordEntry) -> str:
    other = entry.facts.get("other")
    return f"BPI-{other:07d}" if isinstance(other, int) else _("another matter")


def link_name(entry: RecordEntry) -> str:
    kind = entry.facts.get("kind")
    return in_sentence(LinkKind(kind).label) if kind in LinkKind.values else str(kind)


def change_name(entry: RecordEntry) -> str:
    kind = entry.facts.get("kind")
    return str(ChangeKind(kind).label) if kind in ChangeKind.values else str(kind)


def priority_name(value: object) -> str:
    return str(Priority(value).label) if value in Priority.values else str(value)


SENTENCES: Mapping[str, Callable[[RecordEntry, Names], str]] = {
    Event.ASSIGNED: assigned,
    Event.HANDED_OVER: handed_over,
    Event.CHANGED: changed,
    Event.MERGED: merged,
    Event.PASSED_ON: passed_on,
    Event.JOINED_PARTNER: joined_partner,
    Event.LINKED: linked,
    Event.UNLINKED: unlinked,
    Event.CHANGE_ASKED: change_asked,
    Event.CHANGE_DECIDED: change_decided,
    Event.LINE_CHANGED: line_changed,
    Event.STEP_OPENED: step_opened,
    Event.STEP_TAKEN: step_taken,
    Event.STEP_ASSIGNED: step_assigned,
    Event.STEP_RETURNED: step_returned,
    Event.STEP_ESCALATED: step_escalated,
    Event.STEP_FINISHED: step_finished,
    Event.STEP_HANDED_OVER: step_handed_over,
    Event.STEP_SKIPPED: step_skipped,
    Event.STEP_LEFT: step_left,
    Event.CLOCK_WARNED: promise_sentences.clock_warned,
    Event.CLOCK_BREACHED: promise_sentences.clock_breached,
    Event.CLOCK_ESCALATED: promise_sentences.clock_escalated,
    Event.STEP_WARNED: step_warned,
    Event.STEP_LATE: step_late,
    Event.DATE_MOVED: promise_sentences.date_moved,
    Event.UNANSWERED: promise_sentences.unanswered,
    Event.CALLER_VERIFIED: caller_verified,
    Event.REPLY_SCHEDULED: reply_scheduled,
    Event.NOTICE_SENT: notice_sent,
    **webhook_sentences.SENTENCES,
}
