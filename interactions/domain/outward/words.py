"""The standard's words and ours: the one place where TMF683 version 4 meets the code."""

from collections.abc import Mapping

from interactions.enums import PHASE_OF, Direction, LineState, Phase, Side, Status
from partners.enums import Channel

BASE = "/tmf-api/partyInteraction/v4/partyInteraction"
PARTY = "/tmf-api/party/v4"
CHANNELS = "/tmf-api/partyInteraction/v4/channel"
ATTACHMENTS = "/api/attachments"

PHASES: Mapping[Phase, str] = {Phase.OPEN: "open", Phase.UNDER_WAY: "inProgress", Phase.COMPLETED: "completed"}
STATUS: Mapping[Status, str] = {status: PHASES[phase] for status, phase in PHASE_OF.items()}
STATUS_SPELLINGS = {"open": "open", "opened": "open", "inProgress": "inProgress", "completed": "completed"}

LINE_STATES: Mapping[LineState, str] = {
    LineState.ACKNOWLEDGED: "acknowledged",
    LineState.IN_PROGRESS: "inProgress",
    LineState.HELD: "held",
    LineState.COMPLETED: "completed",
    LineState.CANCELLED: "cancelled",
    LineState.FAILED: "failed",
}

# what an interaction is timed by, and what its pair of columns begins with: `…_seconds` and `…_elapsed`
TIMINGS = {
    "firstResponse": "response",
    "resolution": "resolution",
    "enterprise": Side.ENTERPRISE.value,
    "partner": Side.PARTNER.value,
    "thirdParty": Side.THIRD_PARTY.value,
    "paused": "paused",
}

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


def phases_of(word: str) -> list[Phase]:
    """Our phase that an outward status stands for."""
    outward = STATUS_SPELLINGS.get(word)
    return [phase for phase, told in PHASES.items() if told == outward]


def directions_of(word: str) -> list[Direction]:
    found = DIRECTION_SPELLINGS.get(word.lower())
    return [found] if found else []


def channels_of(word: str) -> list[Channel]:
    found = CHANNEL_SPELLINGS.get(word.lower())
    return [found] if found else []


def channel_of(word: str) -> Channel:
    """Where it took place; what we have no channel for is told over the API all the same."""
    return CHANNEL_SPELLINGS.get(word.strip().lower(), Channel.API)
