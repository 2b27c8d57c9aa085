"""The history of one field: who changed it, when, from what to what, as the record tells it."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interactions.domain import lifecycle, sentences
from interactions.domain.sentences import Happened, Names
from interactions.enums import Event
from interactions.models import Interaction
from partners.models import RecordEntry
from partners.payloads import Actor

MOST = 200
BEGINNING = frozenset({Event.RECEIVED, Event.RAISED})
STATUS = BEGINNING | {arrow.event for arrow in lifecycle.MOVES.values()}
EVENTS: Mapping[str, frozenset[Event]] = {
    "status": STATUS,
    "assignee": frozenset({Event.ASSIGNED, Event.HANDED_OVER}),
    "team": BEGINNING | {Event.HANDED_OVER},
    "priority": BEGINNING | {Event.CHANGED},
    "due": BEGINNING | {Event.DATE_MOVED, Event.WAITING, Event.ANSWERED, Event.RESUMED, Event.CLOCK_BREACHED},
}
TITLES: Mapping[str, Promise] = {
    "status": _("History of the status"),
    "assignee": _("History of the assignee"),
    "team": _("History of the team"),
    "priority": _("History of the priority"),
    "due": _("History of the due time"),
}


def of(interaction: Interaction, field: str, names: Names, *, actor: Actor) -> Sequence[Happened]:
    """The newest first; raises KeyError for a field that has no history."""
    events = [str(event) for event in EVENTS[field]]
    entries = RecordEntry.objects.visible_to(actor).filter(stream=interaction.stream, event__in=events)
    return [sentences.of(entry, names) for entry in entries.order_by("-sequence")[:MOST]]
