"""What a telephone system tells about a call, signed with a shared secret.

    {"call_id": "c-1", "event": "ringing", "from": "+49 30 901820", "to": "030 5550100",
     "at": "2025-02-03T10:15:00Z", "agent": "rosa@example.org", "duration": 95, "direction": "inbound"}

`event` is ringing, answered or ended; `from` may be absent or say "anonymous" when the caller hides the number;
`agent`, `duration` (whole seconds) and `direction` (inbound when absent) may be absent.
Two headers carry the signature: the time in seconds since 1970, and HMAC-SHA256 over `<time>.<body>` in hexadecimal.
"""

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import phonenumbers

from interactions.channels import attributes
from interactions.enums import CallState, Direction
from interactions.errors import Unreadable

SIGNATURE_TOLERANCE = timedelta(minutes=5)
MOST_DURATION = timedelta(days=2)

_HIDDEN = {"", "anonymous", "unknown", "private", "restricted", "unavailable", "withheld", "blocked", "+266696687"}
_EXTENSION = re.compile(r"[1-9][0-9]{1,5}")
_SCHEME = re.compile(r"^(?:sips?|tel):", re.IGNORECASE)
_SECONDS = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, kw_only=True)
class CallEvent:
    """One event of one call; numbers are in E.164, an extension (2 to 6 digits) as told, empty when hidden."""

    call_id: str
    state: CallState
    direction: Direction
    caller: str
    callee: str
    happened_at: datetime
    agent: str = ""
    duration: timedelta | None = None

    @property
    def partner_number(self) -> str:
        """The number on the other side of the line, empty when it is hidden."""
        return self.caller if self.direction is Direction.INBOUND else self.callee


def read(body: bytes, *, region: str, received_at: datetime) -> CallEvent:
    """`region` is the country of numbers without a prefix, such as DE. Raises `Unreadable`, naming the attribute."""
    call = attributes.read_object(body)
    return CallEvent(
        call_id=attributes.text(call, "call_id", most=100),
        state=_state(call),
        direction=_direction(call),
        caller=_number(call, "from", region),
        callee=_number(call, "to", region),
        happened_at=attributes.moment(call, "at", now=received_at),
        agent=attributes.text(call, "agent", most=254, required=False).strip(),
        duration=_duration(call),
    )


def normalise(number: str, region: str) -> str:
    """The number in E.164, empty when it is hidden; raises `Unreadable` when it is no number."""
    told = _bare(number)
    if told.lower() in _HIDDEN:
        return ""
    try:
        found = phonenumbers.parse(told, region.upper() or None)
    except phonenumbers.NumberParseException as error:
        raise Unreadable("This is not a phone number.") from error
    if not phonenumbers.is_possible_number(found):
        raise Unreadable("This is not a phone number.")
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def _bare(number: str) -> str:
    """Without scheme, host and parameters of a SIP or tel address."""
    return _SCHEME.sub("", number.strip()).split("@", 1)[0].split(";", 1)[0].strip()


def sign(body: bytes, *, timestamp: str, secret: bytes) -> str:
    """The signature that belongs into the header, in hexadecimal."""
    return hmac.digest(secret, timestamp.encode() + b"." + body, "sha256").hex()


def is_signed(body: bytes, *, timestamp: str, signature: str, secrets: Sequence[bytes], now: datetime) -> bool:
    """Whether one of the secrets made the signature, at most five minutes ago; several while one is replaced."""
    if not _SECONDS.fullmatch(timestamp) or not timestamp.isascii():
        return False
    if abs(now.timestamp() - int(timestamp)) > SIGNATURE_TOLERANCE.total_seconds():
        return False
    told = signature.strip().lower().encode("utf-8", "replace")
    # every secret is tried, so that the time taken does not tell which one fits
    matches = [
        hmac.compare_digest(told, sign(body, timestamp=timestamp, secret=one).encode()) for one in secrets if one
    ]
    return any(matches)


def _number(call: Mapping[str, Any], name: str, region: str) -> str:
    told = attributes.text(call, name, most=100, required=False)
    if _EXTENSION.fullmatch(_bare(told)):
        return _bare(told)  # a colleague; as a number of the region it would be somebody else's
    try:
        return normalise(told, region)
    except Unreadable as error:
        raise Unreadable(error.reason, attribute=name) from error


def _direction(call: Mapping[str, Any]) -> Direction:
    try:
        return Direction(attributes.text(call, "direction", most=20, required=False) or Direction.INBOUND)
    except ValueError as error:
        raise Unreadable("This attribute must be inbound or outbound.", attribute="direction") from error


def _state(call: Mapping[str, Any]) -> CallState:
    try:
        return CallState(attributes.text(call, "event", most=20))
    except ValueError as error:
        raise Unreadable("This attribute must be ringing, answered or ended.", attribute="event") from error


def _duration(call: Mapping[str, Any]) -> timedelta | None:
    told = call.get("duration")
    if told is None:
        return None
    if isinstance(told, bool) or not isinstance(told, int) or not 0 <= told <= MOST_DURATION.total_seconds():
        raise Unreadable("This attribute must be a whole number of seconds.", attribute="duration")
    return timedelta(seconds=told)
