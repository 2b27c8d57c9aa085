"""Events of a telephone system, as sent."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.channels import phone
from interactions.channels.phone import CallEvent
from interactions.errors import Unreadable

GOLDEN = sorted((Path(__file__).parents[2] / "golden" / "phone").glob("*.json"))
RECEIVED_AT = datetime(2025, 2, 3, 10, 15, 1, tzinfo=UTC)
NOW = str(int(RECEIVED_AT.timestamp()))
SECRET, NEW_SECRET = b"old secret", b"new secret"


def read(body: bytes) -> CallEvent:
    return phone.read(body, region="DE", received_at=RECEIVED_AT)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_golden_event_is_read_as_written_beside_it(path: Path) -> None:
    golden = json.loads(path.read_text(encoding="utf-8"))
    body = json.dumps(golden["body"]).encode()

    if "unreadable" in golden["expected"]:
        with pytest.raises(Unreadable) as refusal:
            read(body)
        assert refusal.value.attribute == golden["expected"]["unreadable"]
        return
    call = read(body)

    told = {name: getattr(call, name) for name in golden["expected"]}
    told["happened_at"] = call.happened_at.isoformat()
    told["duration"] = None if call.duration is None else call.duration.total_seconds()
    assert told == golden["expected"]


def test_there_are_golden_events() -> None:
    assert len(GOLDEN) > 20


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'{"call_id": NaN}',
        b'{"call_id": "a", "call_id": "b"}',
        b'{"call_id": "\xff"}',
        b"[" * 100_000,
        b'{"duration": ' + b"9" * 5_000 + b"}",
        b'{"call_id": "' + b"x" * 300_000 + b'"}',
    ],
)
def test_what_is_no_json_object_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(body)

    assert refusal.value.attribute == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)


@given(changes=st.dictionaries(st.sampled_from(["call_id", "event", "from", "to", "at", "agent", "duration"]), JSON))
def test_any_event_is_read_or_refused(changes: dict[str, object]) -> None:
    event = {"call_id": "c", "event": "ended", "from": "+4930901820", "to": "100", "at": "2025-02-03T10:15:00Z"}

    try:
        call = read(json.dumps(event | changes).encode())
    except Unreadable:
        return
    assert re.fullmatch(r"|\+[0-9]{4,17}|[0-9]{2,6}", call.caller)


@given(body=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(body)


def test_a_signed_event_is_genuine_with_any_of_the_secrets() -> None:
    signature = phone.sign(b"{}", timestamp=NOW, secret=SECRET)

    assert is_signed(signature=signature)
    assert is_signed(signature=signature.upper())
    assert is_signed(signature=phone.sign(b"{}", timestamp=NOW, secret=NEW_SECRET))


@pytest.mark.parametrize("signature", ["", "00", "é" * 64, "\ud800", "x" * 100_000])
def test_a_wrong_signature_is_refused(signature: str) -> None:
    assert not is_signed(signature=signature)


def test_another_body_another_time_and_another_secret_are_refused() -> None:
    signature = phone.sign(b"{}", timestamp=NOW, secret=SECRET)

    assert not is_signed(signature=signature, body=b"{ }")
    assert not is_signed(signature=signature, timestamp=str(int(NOW) + 1))
    assert not is_signed(signature=signature, secrets=[NEW_SECRET])
    assert not is_signed(signature=signature, secrets=[])
    assert not is_signed(signature=phone.sign(b"{}", timestamp=NOW, secret=b""), secrets=[b""])


@pytest.mark.parametrize(("late", "genuine"), [(-301, False), (-300, True), (0, True), (300, True), (301, False)])
def test_an_event_is_taken_five_minutes_around_its_time(late: int, genuine: bool) -> None:
    signature = phone.sign(b"{}", timestamp=NOW, secret=SECRET)

    assert is_signed(signature=signature, now=RECEIVED_AT + timedelta(seconds=late)) is genuine


@pytest.mark.parametrize("timestamp", ["", "now", "-1", "1e9", "١٢٣", " " + NOW, "9" * 400, NOW + ".0"])
def test_a_strange_time_is_refused(timestamp: str) -> None:
    signature = phone.sign(b"{}", timestamp=timestamp, secret=SECRET)

    assert not is_signed(signature=signature, timestamp=timestamp)


def is_signed(
    *,
    signature: str,
    body: bytes = b"{}",
    timestamp: str = NOW,
    secrets: list[bytes] = [SECRET, NEW_SECRET],  # noqa: B006  never changed
    now: datetime = RECEIVED_AT,
) -> bool:
    return phone.is_signed(body, timestamp=timestamp, signature=signature, secrets=secrets, now=now)
