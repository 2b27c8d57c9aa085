"""What a device reports over HTTP.

    {"id": "f-1", "at": "2025-02-03T10:15:00Z", "kind": "fault", "code": "E42",
     "text": "Line down", "values": {"signal": -71.5, "port": "3/12"}}

`id` is the device's own and makes a second report of the same thing harmless; `kind` is fault, reading or clear;
`code`, `text` and `values` may be absent, but a fault says something in `code` or `text`.
"""

from datetime import datetime
from enum import StrEnum

from interactions.channels import attributes
from interactions.channels.text import flatten
from interactions.enums import Direction, ItemKind
from interactions.errors import Unreadable
from interactions.payloads import File, Intake
from partners.enums import Channel

MOST_ID = 100
MOST_CODE = 50
MOST_TEXT = 10_000
MOST_SUBJECT = 200


class ReportKind(StrEnum):
    """What a device may say."""

    FAULT = "fault"
    READING = "reading"
    CLEAR = "clear"


def read(body: bytes, *, device: str, received_at: datetime) -> Intake:
    """One report; `device` is the name under which the device proved its key. Raises `Unreadable`."""
    report = attributes.read_object(body)
    external_id = attributes.text(report, "id", most=MOST_ID)
    happened_at = attributes.moment(report, "at", now=received_at)
    kind = _kind(attributes.text(report, "kind", most=20))
    code = flatten(attributes.text(report, "code", most=MOST_CODE, required=False), most=MOST_CODE)
    told = attributes.text(report, "text", most=MOST_TEXT, required=False).strip()
    values = attributes.values(report, "values")
    if kind is ReportKind.FAULT and not (code or told):
        raise Unreadable("A fault needs a code or a text.", attribute="code")
    return Intake(
        channel=Channel.DEVICE,
        direction=Direction.INBOUND,
        kind=ItemKind.REQUEST if kind is ReportKind.FAULT else ItemKind.NOTIFICATION,
        subject=_subject(code, told) or f"{device}: {kind}"[:MOST_SUBJECT],
        text=told or code,
        happened_at=happened_at,
        external_id=external_id,
        scope=device,
        sender=device,
        values={"kind": kind.value, "code": code, "values": values},
        original=File(name="report.json", content=body, content_type="application/json"),
    )


def _kind(told: str) -> ReportKind:
    try:
        return ReportKind(told)
    except ValueError as error:
        raise Unreadable("This attribute must be fault, reading or clear.", attribute="kind") from error


def _subject(code: str, told: str) -> str:
    first_line = told.split("\n", 1)[0]
    return flatten(": ".join(part for part in (code, first_line) if part), most=MOST_SUBJECT)
