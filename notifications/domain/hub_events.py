"""Which of what happens in a matter its partner's systems are told, in the events of TMF683, and with which attributes.

Nothing stands in an event that the API does not show; what the API does not show is told by none.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from interactions.domain.outward import words
from interactions.domain.outward.parts import moment
from interactions.enums import Event, Status
from notifications.domain.queries import Query
from notifications.enums import HubEvent
from partners.models import RecordEntry

Json = dict[str, Any]
Choice = Callable[[RecordEntry, Json], bool]

TEST = "TestEvent"
DOMAIN = "Commercial"
PRIORITY = "3"  # how urgent a matter is to us is ours
TITLES: Mapping[str, str] = {
    HubEvent.CREATE: "Party interaction created",
    HubEvent.STATUS: "Status of a party interaction changed",
    HubEvent.CHANGE: "Party interaction changed",
    HubEvent.DELETE: "Party interaction annulled",
    TEST: "Test of a webhook endpoint",
}
STATUS = ("status", "statusChangeDate")


@dataclass(frozen=True)
class Told:
    """One event of the standard, the attributes that changed with it, and whether it happened for the partner at all.

    Of a Create event these are all.
    """

    event: HubEvent
    attributes: tuple[str, ...] = ()
    only: Choice = lambda _entry, _resource: True


def is_shown_link(entry: RecordEntry, resource: Json) -> bool:
    """Most links lead to what the partner sees; those that do not are none of its business."""
    other = f"BPI-{entry.facts.get('other', 0):07d}"
    return other in {link["id"] for link in resource["interactionRelationship"]}


def changes_details(entry: RecordEntry, _resource: Json) -> bool:
    return bool(entry.facts.get("field") == "details")


TOLD: Mapping[str, Told] = {
    Event.RECEIVED: Told(HubEvent.CREATE),
    Event.RAISED: Told(HubEvent.CREATE),
    Event.JOINED_PARTNER: Told(HubEvent.CREATE),
    Event.STARTED: Told(HubEvent.STATUS, STATUS),
    Event.WAITING: Told(HubEvent.STATUS, (*STATUS, "waitingFor")),
    Event.ANSWERED: Told(HubEvent.STATUS, (*STATUS, "waitingFor")),
    Event.RESUMED: Told(HubEvent.STATUS, (*STATUS, "waitingFor")),
    Event.RESOLVED: Told(HubEvent.STATUS, (*STATUS, "resolution")),
    Event.CONFIRMED: Told(HubEvent.STATUS, STATUS),
    Event.REOPENED: Told(HubEvent.STATUS, (*STATUS, "reopenCount")),
    Event.CLOSED: Told(HubEvent.STATUS, STATUS),
    Event.CANCELLED: Told(HubEvent.STATUS, STATUS),
    Event.LAPSED: Told(HubEvent.STATUS, STATUS),
    Event.MERGED: Told(HubEvent.STATUS, STATUS),
    Event.UNMERGED: Told(HubEvent.STATUS, STATUS),
    Event.PASSED_ON: Told(HubEvent.STATUS, STATUS),
    Event.ANNULLED: Told(HubEvent.DELETE),
    Event.ITEM_ADDED: Told(HubEvent.CHANGE, ("interactionItem", "note")),
    Event.LINES_ADDED: Told(HubEvent.CHANGE, ("orderItem",)),
    Event.LINE_CHANGED: Told(HubEvent.CHANGE, ("orderItem",)),
    Event.LINKED: Told(HubEvent.CHANGE, ("interactionRelationship",), only=is_shown_link),
    Event.CHANGED: Told(HubEvent.CHANGE, ("characteristic",), only=changes_details),
}

# what the API does not show, or shows in what another event tells
UNTOLD = frozenset(
    {
        *(Event.SELF_SERVED, Event.LEFT_TO_STAFF, Event.PARTS_ENDED, Event.STEPS_ENDED, Event.SHARED, Event.UNLINKED),
        *(Event.CHANGE_ASKED, Event.CHANGE_DECIDED, Event.CHANGE_WITHDRAWN, Event.DATE_MOVED, Event.PROGRESS_TOLD),
        *(Event.ASSIGNED, Event.HANDED_OVER, Event.NOTE_ADDED),
        *(Event.REPLY_SCHEDULED, Event.REPLY_TAKEN_BACK, Event.REPLY_STOPPED),
        *(Event.NOTICE_SENT, Event.NOTICE_FAILED, Event.NOTICE_REDRIVEN, Event.NOTICE_CANCELLED, Event.NOTICE_BOUNCED),
        *(Event.NOTICE_NOT_TAKEN, Event.NOTICE_RETRIED, Event.NOTICE_TAKEN),
        *(Event.STEP_OPENED, Event.STEP_TAKEN, Event.STEP_ASSIGNED, Event.STEP_RETURNED, Event.STEP_ESCALATED),
        *(Event.STEP_FINISHED, Event.STEP_LEFT, Event.STEP_SKIPPED, Event.STEP_HANDED_OVER, Event.STEP_WARNED),
        *(Event.STEP_LATE, Event.APPROVAL_ASKED, Event.APPROVAL_DECIDED, Event.APPROVAL_VOIDED),
        *(Event.CLOCK_WARNED, Event.CLOCK_BREACHED, Event.CLOCK_ESCALATED),
        *(Event.REMINDED, Event.ANSWER_LATE, Event.UNANSWERED),
        *(Event.MESSAGE_REFUSED, Event.MESSAGE_ACCEPTED, Event.MESSAGE_REJECTED, Event.MESSAGE_IGNORED),
        *(Event.CALL_TOLD, Event.CALLER_VERIFIED, Event.CALLER_NOT_VERIFIED, Event.CALLER_CODE_SENT),
        Event.ENQUIRY_ASKED,
    }
)


def id_of(entry: RecordEntry) -> str:
    """The event's lasting id: where it stands on the track record. The same to every endpoint and over every try."""
    return f"{entry.stream.replace(':', '-')}-{entry.sequence}"


def body_of(entry: RecordEntry, resource: Json, query: Query) -> str:
    """The event about a matter as JSON; `resource` is the matter whole, as the API shows it."""
    told = TOLD[entry.event]
    if told.event == HubEvent.CREATE:
        shown = {name: resource[name] for name in resource if name in query.wanted_of(resource)}
    else:
        changed = dict(resource) | happened(entry)
        wanted = query.wanted_of(told.attributes)
        shown = {name: narrowed(entry, name, value) for name, value in changed.items() if name in wanted}
    extra = {"fieldPath": ",".join(told.attributes)} if told.event == HubEvent.CHANGE else {}
    return written(entry, told.event, {"partyInteraction": shown}, **extra)


def written(entry: RecordEntry, event: str, content: Json, **extra: str) -> str:
    at = moment(entry.at)
    envelope = {
        "eventId": id_of(entry),
        "eventTime": at,
        "eventType": event,
        "correlationId": f"{entry.stream.replace(':', '-')}-t{entry.transaction_id}",
        "domain": DOMAIN,
        "title": TITLES[event],
        "description": f"{TITLES[event]}, reported by {settings.ENTERPRISE_NAME}",
        "priority": PRIORITY,
        "timeOcurred": at,  # spelled as version 4 of the standard has it
        **extra,
        "event": content,
        "@type": event,
    }
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))


def happened(entry: RecordEntry) -> Json:
    """What became of the matter by this very entry, whatever has happened to it since."""
    found: Json = {}
    if (status := entry.facts.get("status")) in Status.values:
        found = {"status": words.STATUS[Status(status)], "statusChangeDate": moment(entry.at)}
    if entry.event == Event.RESOLVED and (resolution := entry.text("resolution")):
        found["resolution"] = resolution
    if entry.event == Event.WAITING:
        found["waitingFor"] = entry.text("waiting_for")
    return found


def narrowed(entry: RecordEntry, name: str, value: Any) -> Any:
    """Of a list that grows those members that came or changed."""
    if entry.event == Event.ITEM_ADDED and name in {"interactionItem", "note"}:
        return [one for one in value if one["id"] == str(entry.facts.get("item"))]
    if entry.event in {Event.LINES_ADDED, Event.LINE_CHANGED} and name == "orderItem":
        numbers = {str(number) for number in [*entry.facts.get("lines", []), entry.facts.get("line")]}
        return [one for one in value if one["id"] in numbers]
    return value
