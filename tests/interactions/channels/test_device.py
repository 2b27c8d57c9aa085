"""Reports of devices."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.channels import device
from interactions.enums import Direction, ItemKind
from interactions.errors import Unreadable
from interactions.payloads import Intake
from partners.enums import Channel

RECEIVED_AT = datetime(2025, 2, 3, 10, 15, 1, tzinfo=UTC)
FAULT = {
    "id": "f-1",
    "at": "2025-02-03T11:15:00+01:00",
    "kind": "fault",
    "code": "E42",
    "text": "Line down\nsince 11:10",
    "values": {"signal": -71.5, "port": "3/12", "retries": 3, "powered": True, "peer": None},
}


def read(report: dict[str, Any]) -> Intake:
    return device.read(json.dumps(report).encode(), device="meter-7", received_at=RECEIVED_AT)


def test_a_fault_becomes_a_request() -> None:
    intake = read(FAULT)

    assert (intake.channel, intake.direction, intake.kind) == (Channel.DEVICE, Direction.INBOUND, ItemKind.REQUEST)
    assert (intake.scope, intake.external_id, intake.sender) == ("meter-7", "f-1", "meter-7")
    assert (intake.subject, intake.text) == ("E42: Line down", "Line down\nsince 11:10")
    assert intake.happened_at == datetime(2025, 2, 3, 10, 15, tzinfo=UTC)
    assert intake.values == {"kind": "fault", "code": "E42", "values": FAULT["values"]}
    assert intake.original is not None
    assert json.loads(intake.original.content) == FAULT


@pytest.mark.parametrize("kind", ["reading", "clear"])
def test_readings_and_clears_ask_for_nothing(kind: str) -> None:
    intake = read({"id": "r-1", "at": "2025-02-03T10:15:00Z", "kind": kind})

    assert intake.kind is ItemKind.NOTIFICATION
    assert intake.subject == f"meter-7: {kind}"


@pytest.mark.parametrize(
    ("changes", "attribute"),
    [
        ({"id": None}, "id"),
        ({"id": 7}, "id"),
        ({"id": "x" * 101}, "id"),
        ({"id": "a\x00"}, "id"),
        ({"at": "2025-02-03"}, "at"),
        ({"at": "1999-12-31T23:59:59Z"}, "at"),
        ({"at": "0001-01-01T00:00:00+23:59"}, "at"),
        ({"kind": "party"}, "kind"),
        ({"code": "", "text": " "}, "code"),
        ({"code": "x" * 51}, "code"),
        ({"text": "x" * 10_001}, "text"),
        ({"text": "a\ud800"}, "text"),
        ({"text": ["a"]}, "text"),
        ({"values": []}, "values"),
        ({"values": {str(number): 1 for number in range(101)}}, "values"),
        ({"values": {"k" * 65: 1}}, "values"),
        ({"values": {"a\x00": 1}}, "values"),
        ({"values": {"deep": {"er": 1}}}, "values.deep"),
        ({"values": {"long": "x" * 1_001}}, "values.long"),
        ({"values": {"nul": "\x00"}}, "values.nul"),
        ({"values": {"huge": 10**20}}, "values.huge"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], attribute: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(FAULT | changes)

    assert refusal.value.attribute == attribute
    assert refusal.value.reason


def test_a_number_beyond_all_numbers_is_refused() -> None:
    body = json.dumps(FAULT).replace("-71.5", "1e999").encode()

    with pytest.raises(Unreadable) as refusal:
        device.read(body, device="meter-7", received_at=RECEIVED_AT)

    assert refusal.value.attribute == "values.signal"


@given(
    changes=st.dictionaries(
        st.sampled_from(["id", "at", "kind", "code", "text", "values"]),
        st.none()
        | st.integers()
        | st.text(st.characters(), max_size=30)
        | st.dictionaries(st.text(st.characters(), max_size=5), st.floats() | st.text(max_size=5), max_size=3),
    )
)
def test_any_report_is_read_or_refused(changes: dict[str, Any]) -> None:
    try:
        intake = read(FAULT | changes)
    except Unreadable:
        return
    assert "\x00" not in intake.subject + intake.text + intake.external_id
