"""Reads the attributes of a posted resource one by one; what is wrong is named by its path."""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from interactions.payloads import File
from partners.api.errors import Problem, invalid, missing

Json = Mapping[str, Any]

MOST_OBJECTS = 50
EARLIEST = 1990
MOST_DIGITS = 30
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def body_of(content: Any, raw: bytes) -> Json:
    if not raw:
        raise Problem("21", "Send a JSON object.")
    if not isinstance(content, dict):
        raise Problem("22", "The body is not a JSON object.")
    return content


def text(content: Json, name: str, *, most: int, path: str = "", needed: bool = False) -> str:
    """A text without blanks around it, empty when absent or null."""
    value, where = content.get(name), f"{path}{name}"
    if value is None or value == "":
        value = ""
    elif not isinstance(value, str):
        raise invalid(where, "This attribute must be a string.")
    value = value.strip()
    if needed and not value:
        raise missing(where)
    if len(value) > most:
        raise invalid(where, f"This attribute is longer than {most} characters.")
    return str(value)


def word(content: Json, name: str, known: Mapping[str, Any], *, path: str = "", needed: bool = False) -> str:
    """One of a closed list of words, empty when absent."""
    value = text(content, name, most=100, path=path, needed=needed)
    if value and value not in known:
        raise invalid(f"{path}{name}", f"This attribute is one of {', '.join(known)}.")
    return value


def objects(content: Json, name: str, *, path: str = "", needed: bool = False) -> list[tuple[str, Json]]:
    """Each member of an array of objects with its path; a single object counts as an array of one."""
    value, where = content.get(name), f"{path}{name}"
    if value is None or value == []:
        if needed:
            raise missing(where)
        return []
    rows = [value] if isinstance(value, dict) else value
    if not isinstance(rows, list):
        raise invalid(where, "This attribute must be an array of objects.")
    if len(rows) > MOST_OBJECTS:
        raise invalid(where, f"This array has more than {MOST_OBJECTS} members.")
    for index, row in enumerate(rows):
        if not isinstance(row, dict):
            raise invalid(f"{where}[{index}]", "This must be an object.")
    return [(f"{where}[{index}].", row) for index, row in enumerate(rows)]


def inner(content: Json, name: str, *, path: str = "") -> tuple[str, Json]:
    """An object inside, empty when absent, with its path."""
    value, where = content.get(name), f"{path}{name}"
    if value is None:
        return f"{where}.", {}
    if not isinstance(value, dict):
        raise invalid(where, "This attribute must be an object.")
    return f"{where}.", value


def moment(content: Json, name: str, *, now: datetime, path: str = "") -> datetime | None:
    """A time of RFC 3339, in UTC; neither long past nor more than a day ahead."""
    told, where = text(content, name, most=40, path=path), f"{path}{name}"
    if not told:
        return None
    try:
        found = datetime.fromisoformat(told)
        if found.tzinfo is None:
            raise invalid(where, "This time has no offset from UTC; write 2026-05-31T09:00:00Z.")
        found = found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise invalid(where, "This attribute is no time such as 2026-05-31T09:00:00Z.") from error
    if found.year < EARLIEST or found > now + timedelta(days=1):
        raise invalid(where, "This time is out of range.")
    return found


def day(content: Json, name: str, *, path: str = "") -> date | None:
    """A date such as 2026-05-31."""
    told, where = text(content, name, most=40, path=path), f"{path}{name}"
    if not told:
        return None
    if not ISO_DATE.fullmatch(told):
        raise invalid(where, "This attribute must be a date such as 2026-05-31.")
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise invalid(where, "There is no such date.") from None


def number(content: Json, name: str, *, path: str = "") -> Decimal:
    """A number, or a string that is one; 1 when absent."""
    value, where = content.get(name), f"{path}{name}"
    if value is None:
        return Decimal(1)
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > MOST_DIGITS:
        raise invalid(where, "This attribute must be a number.")
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise invalid(where, "This attribute must be a number.") from None


def file(row: Json, path: str) -> File:
    """An attachment that carries its content in base64."""
    content = row["content"]
    if not isinstance(content, str):
        raise invalid(f"{path}content", "This attribute must be a string in base64.")
    try:
        held = base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid(f"{path}content", "This is not base64.") from error
    if not held:
        raise invalid(f"{path}content", "This file is empty.")
    name = text(row, "name", most=255, path=path) or "attachment"
    kind = text(row, "mimeType", most=100, path=path) or "application/octet-stream"
    return File(name=name, content=held, content_type=kind)
