"""Which icon and which word stands for a status, a channel, a direction, a priority: decided here, once."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from interactions.enums import Direction, Side, Status
from partners.enums import Channel, Priority

STATUS: Mapping[str, str] = {
    Status.RECEIVED: "circle",
    Status.IN_PROGRESS: "contrast",
    Status.WAITING: "circle-pause",
    Status.RESOLVED: "circle-check",
    Status.CLOSED: "circle-check",
    Status.CANCELLED: "circle-x",
    Status.ANNULLED: "ban",
}
CHANNEL: Mapping[str, str] = {
    Channel.PHONE: "phone",
    Channel.EMAIL: "mail",
    Channel.WEB: "globe",
    Channel.DEVICE: "radio-tower",
    Channel.API: "webhook",
    Channel.DOCUMENT: "file-text",
    Channel.POST: "mailbox",
}
DIRECTION: Mapping[str, str] = {Direction.INBOUND: "arrow-down-left", Direction.OUTBOUND: "arrow-up-right"}
PRIORITY: Mapping[str, str] = {
    str(Priority.URGENT.value): "chevrons-up",
    str(Priority.HIGH.value): "chevron-up",
    str(Priority.NORMAL.value): "equal",
    str(Priority.LOW.value): "chevron-down",
}
BALL: Mapping[str, str] = {
    Side.ENTERPRISE: "arrow-right",
    Side.PARTNER: "hourglass",
    Side.THIRD_PARTY: "hourglass",
    "nobody": "check",
}
DUE: Mapping[str, str] = {
    "on_track": "clock",
    "soon": "timer",
    "overdue": "triangle-alert",
    "paused": "circle-pause",
    "met": "check",
    "missed": "x",
}
TONE: Mapping[str, str] = {
    "info": "info",
    "success": "circle-check",
    "warning": "triangle-alert",
    "error": "circle-alert",
    "debug": "info",
}
EMPTY: Mapping[str, str] = {
    "first": "sparkles",
    "filter": "search-x",
    "done": "check",
    "forbidden": "lock-keyhole",
    "error": "triangle-alert",
}
ICONS: Mapping[str, Mapping[str, str]] = {
    "status": STATUS,
    "channel": CHANNEL,
    "direction": DIRECTION,
    "priority": PRIORITY,
    "ball": BALL,
    "due": DUE,
    "tone": TONE,
    "empty": EMPTY,
}
WORDS: Mapping[str, Mapping[str, object]] = {
    "status": {status.value: status.label for status in Status},
    "channel": {channel.value: channel.label for channel in Channel},
    "direction": {direction.value: direction.label for direction in Direction},
    "priority": {str(priority.value): priority.label for priority in Priority},
    "ball": {
        Side.ENTERPRISE: _("Our turn"),
        Side.PARTNER: _("Partner's turn"),
        Side.THIRD_PARTY: _("Third party's turn"),
        "nobody": _("Nobody's turn"),
    },
}


def sign(kind: str, value: object) -> str:
    """The icon of a value; something unknown is a plain circle rather than an error on the page."""
    return ICONS[kind].get(str(value), "circle")


def word(kind: str, value: object) -> str:
    return str(WORDS[kind].get(str(value), value))
