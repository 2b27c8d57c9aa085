"""Reads the attributes of a JSON object, one by one; what is wrong is named, so that the sender can mend it."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from interactions.channels.text import has_unwanted
from interactions.errors import Unreadable

MOST_BYTES = 256 * 1024
MOST_VALUES = 100
MOST_KEY = 64
MOST_VALUE = 1_000
_SAFE_INTEGER = 2**53  # beyond it, other JSON readers round


def read_object(body: bytes) -> Mapping[str, Any]:
    """The object in a body of UTF-8 JSON."""
    if len(body) > MOST_BYTES:
        raise Unreadable("The body is larger than 256 kB.")
    try:
        content = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_object)
    except Unreadable:
        raise
    except (ValueError, RecursionError) as error:
        raise Unreadable("The body is not valid JSON in UTF-8.") from error
    if not isinstance(content, dict):
        raise Unreadable("The body is not a JSON object.")
    return content


def _refuse_constant(constant: str) -> NoReturn:
    raise Unreadable(f"{constant} is not JSON.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name given twice means two things to two readers."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("An attribute is given twice.")
    return found


def text(content: Mapping[str, Any], name: str, *, most: int, required: bool = True) -> str:
    """A string without control characters but tab and newline."""
    value = content.get(name)
    if value is None or value == "":
        if required:
            raise Unreadable("This attribute is required.", attribute=name)
        return ""
    if not isinstance(value, str):
        raise Unreadable("This attribute must be a string.", attribute=name)
    _check_text(value, most=most, name=name)
    return value


def _check_text(value: str, *, most: int, name: str) -> None:
    if len(value) > most:
        raise Unreadable(f"This attribute is longer than {most} characters.", attribute=name)
    if has_unwanted(value):
        raise Unreadable("This attribute contains characters that are not allowed.", attribute=name)


def moment(content: Mapping[str, Any], name: str, *, now: datetime) -> datetime:
    """A date and time of ISO 8601 with its offset, in UTC; neither before 2000 nor more than a day ahead."""
    told = text(content, name, most=40)
    try:
        found = datetime.fromisoformat(told)
        if found.tzinfo is None:
            raise Unreadable("This date and time has no offset from UTC.", attribute=name)
        found = found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable("This attribute must be a date and time of ISO 8601.", attribute=name) from error
    if found.year < 2000 or found > now + timedelta(days=1):
        raise Unreadable("This date and time is out of range.", attribute=name)
    return found


def values(content: Mapping[str, Any], name: str) -> dict[str, str | int | float | bool | None]:
    """A flat object of strings, finite numbers, booleans and nulls; empty when absent."""
    found = content.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise Unreadable("This attribute must be an object.", attribute=name)
    if len(found) > MOST_VALUES:
        raise Unreadable(f"This attribute has more than {MOST_VALUES} members.", attribute=name)
    for key, value in found.items():
        _check_text(key, most=MOST_KEY, name=name)
        _check_value(value, name=f"{name}.{key}")
    return dict(found)


def _check_value(value: object, *, name: str) -> None:
    if isinstance(value, str):
        _check_text(value, most=MOST_VALUE, name=name)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise Unreadable("This number is too large.", attribute=name)
    elif isinstance(value, int):
        if abs(value) > _SAFE_INTEGER:
            raise Unreadable("This number is too large.", attribute=name)
    elif value is not None:
        raise Unreadable("This must be a string, a number, a boolean or null.", attribute=name)
