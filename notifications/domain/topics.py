"""What each event is about, as people choose how to hear of it. Who hears of it at all stands in `routing`."""

from collections.abc import Iterable, Mapping

from interactions.enums import Event
from notifications.enums import Pace, Topic

TOPICS: Mapping[str, Topic] = {
    event: topic
    for topic, events in {
        Topic.YOUR_TURN: (
            *(Event.RAISED, Event.WAITING, Event.RESOLVED, Event.REMINDED, Event.UNANSWERED, Event.ANSWER_LATE),
            *(Event.LAPSED, Event.CHANGE_ASKED, Event.PARTS_ENDED, Event.STEPS_ENDED, Event.ASSIGNED),
            *(Event.HANDED_OVER, Event.STEP_OPENED, Event.STEP_HANDED_OVER, Event.STEP_ASSIGNED),
            *(Event.STEP_ESCALATED, Event.STEP_RETURNED, Event.APPROVAL_VOIDED, Event.NOTE_ADDED),
            *(Event.NOTICE_FAILED, Event.REPLY_STOPPED),
        ),
        Topic.SAID: (Event.ITEM_ADDED, Event.ANSWERED),
        Topic.STATUS: (
            *(Event.RECEIVED, Event.CONFIRMED, Event.REOPENED, Event.CLOSED, Event.CANCELLED, Event.MERGED),
            *(Event.UNMERGED, Event.PASSED_ON, Event.CHANGE_DECIDED, Event.CHANGE_WITHDRAWN, Event.LINE_CHANGED),
        ),
        Topic.PROGRESS: (Event.PROGRESS_TOLD,),
        Topic.PROMISES: (
            *(Event.CLOCK_WARNED, Event.CLOCK_BREACHED, Event.CLOCK_ESCALATED),
            *(Event.STEP_WARNED, Event.STEP_LATE, Event.DATE_MOVED),
        ),
    }.items()
    for event in events
}


def paces(topic: Topic, *, is_ours: bool) -> Iterable[Pace]:
    """What can be chosen: nothing of security; and nobody is left without what waits for them, or we without delays."""
    if topic == Topic.SECURITY:
        return (Pace.AT_ONCE,)
    is_needed = topic == Topic.YOUR_TURN or (is_ours and topic == Topic.PROMISES)
    return (Pace.AT_ONCE, Pace.DAILY) if is_needed else tuple(Pace)
