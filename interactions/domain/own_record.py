"""What of the record of a matter its partner may take along: facts and words that the portal shows it, no others."""

from collections.abc import Mapping

from interactions.domain.thread import TOLD, TURNS
from interactions.enums import Event

LEADS_ELSEWHERE = {Event.MERGED, Event.UNMERGED, Event.PASSED_ON}  # to a matter that not everybody may know of
DISCLOSED: Mapping[str, tuple[str, ...]] = {
    **{event: (TOLD[Event(event)],) if event in TOLD else () for event in TURNS if event not in LEADS_ELSEWHERE},
    Event.RECEIVED: ("subject", "text"),
    Event.RAISED: ("subject", "text"),
    Event.ITEM_ADDED: ("text", "actor"),
    Event.WAITING: ("waiting_for",),
    Event.ANSWERED: (),
    Event.RESUMED: (),
    Event.CHANGE_ASKED: ("wanted", "reason"),
    Event.CHANGE_DECIDED: ("decision", "consequence"),
    Event.CHANGE_WITHDRAWN: (),
    Event.DATE_MOVED: ("reason",),
    Event.PROGRESS_TOLD: (),
}
