"""The standard's words and ours: the one place where TMF683 version 4 meets the code."""

from collections.abc import Mapping

from interactions.enums import Direction, Status
from partners.enums import Channel

BASE = "/tmf-api/partyInteraction/v4/partyInteraction"
PARTY = "/tmf-api/party/v4"
CHANNELS = "/tmf-api/partyInteraction/v4/channel"
ATTACHMENTS = "/api/attachments"

STATUS: Mapping[Status, str] = {
    Status.RECEIVED: "open",
    Status.IN_PROGRESS: "inProgress",
    Status.WAITING: "inProgress",
    Status.RESOLVED: "inProgress",
    Status.CLOSED: "completed",
    Status.CANCELLED: "completed",
    Status.ANNULLED: "completed",
}
STATUS_SPELLINGS = {"open": "open", "opened": "open", "inProgress": "inProgress", "completed": "completed"}

DIRECTION_SPELLINGS = {
    "inbound": Direction.INBOUND,
    "inbounds": Direction.INBOUND,
    "outbound": Direction.OUTBOUND,
    "outbounds": Direction.OUTBOUND,
}

CHANNEL_NAMES = {
    Channel.PHONE: "Phone",
    Channel.EMAIL: "E-mail",
    Channel.WEB: "Portal",
    Channel.DEVICE: "Device",
    Channel.API: "API",
    Channel.DOCUMENT: "Document",
    Channel.POST: "Post",
}
CHANNEL_SPELLINGS = {
    "phone": Channel.PHONE,
    "call": Channel.PHONE,
    "email": Channel.EMAIL,
    "e-mail": Channel.EMAIL,
    "mail": Channel.EMAIL,
    "web": Channel.WEB,
    "portal": Channel.WEB,
    "device": Channel.DEVICE,
    "api": Channel.API,
    "document": Channel.DOCUMENT,
    "post": Channel.POST,
    "letter": Channel.POST,
}


def statuses_of(word: str) -> list[Status]:
    """Our statuses that one outward status stands for."""
    outward = STATUS_SPELLINGS.get(word)
    return [status for status, told in STATUS.items() if told == outward]


def directions_of(word: str) -> list[Direction]:
    found = DIRECTION_SPELLINGS.get(word.lower())
    return [found] if found else []


def channels_of(word: str) -> list[Channel]:
    found = CHANNEL_SPELLINGS.get(word.lower())
    return [found] if found else []


def channel_of(word: str) -> Channel:
    """Where it took place; what we have no channel for is told over the API all the same."""
    return CHANNEL_SPELLINGS.get(word.strip().lower(), Channel.API)
