"""Mails as received, each beside what must be read from it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from interactions.channels import email
from interactions.errors import Unreadable
from interactions.payloads import File, Mail

GOLDEN = Path(__file__).parents[2] / "golden" / "mail"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.eml"))
RECEIVED_AT = datetime(2025, 2, 3, 9, 12, tzinfo=UTC)


def read(raw: bytes, expected: dict[str, Any]) -> Mail:
    sender = expected.get("envelope_sender", expected.get("sender", "rosa.klein@acme.example.org"))
    return email.read(raw, envelope_sender=sender, envelope_recipients=["Care@example.org"], received_at=RECEIVED_AT)


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_mail_is_read_as_written_beside_it(name: str) -> None:
    raw = (GOLDEN / f"{name}.eml").read_bytes()
    expected = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))

    if "unreadable" in expected:
        with pytest.raises(Unreadable, match=expected["unreadable"]):
            read(raw, expected)
        return
    mail = read(raw, expected)

    assert told(mail, expected) == expected
    assert mail.original.content == raw
    assert mail.is_automatic is bool(expected.get("automatic_reason"))


def told(mail: Mail, expected: dict[str, Any]) -> dict[str, Any]:
    """What the mail says about each thing that is expected, in the same shape."""
    return {key: value if _holds(mail, key, value) else _value(mail, key) for key, value in expected.items()}


def _holds(mail: Mail, key: str, value: Any) -> bool:
    name, _, relation = key.rpartition("_")
    if relation == "has":
        return value in getattr(mail, name)
    if relation == "starts":
        return bool(getattr(mail, name).startswith(value))
    if key == "files":
        return len(mail.files) == len(value) and all(map(_is_as_told, mail.files, value))
    return bool(_value(mail, key) == value)


def _is_as_told(file: File, expected: list[Any]) -> bool:
    """Name, type, size and content id; where the size is left open, there is at least something."""
    name, content_type, size, content_id = expected
    is_size = len(file.content) == size if size is not None else len(file.content) > 0
    return (file.name, file.content_type, file.content_id) == (name, content_type, content_id) and is_size


def _value(mail: Mail, key: str) -> Any:
    if key == "sent_at":
        return mail.sent_at.isoformat() if mail.sent_at else None
    if key == "files":
        return [[file.name, file.content_type, len(file.content), file.content_id] for file in mail.files]
    value = getattr(mail, key.removesuffix("_has").removesuffix("_starts"))
    return list(value) if isinstance(value, tuple) else value


def test_every_golden_mail_has_its_expectation_and_every_expectation_its_mail() -> None:
    expectations = sorted(path.stem for path in GOLDEN.glob("*.json"))

    assert expectations == NAMES
    assert len(NAMES) > 40


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(("automatic", "unreadable"))])
def test_a_mail_by_a_person_is_not_automatic(name: str) -> None:
    mail = read((GOLDEN / f"{name}.eml").read_bytes(), {})

    assert not mail.is_automatic, mail.automatic_reason
