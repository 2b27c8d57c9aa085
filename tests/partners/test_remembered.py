from typing import Any

import pytest

from partners.domain import remembered
from partners.domain.remembered import Remembered


@pytest.fixture
def asked(settings: Any) -> list[str]:
    settings.CONFIGURATION_SECONDS = 5
    return []


def counting(asked: list[str]) -> Remembered[str, str | None]:
    def load(key: str) -> str | None:
        asked.append(key)
        return key.upper() or None

    return Remembered(load)


def test_it_is_asked_for_again_when_its_time_is_over(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    kept = counting(asked)
    for now in [100.0, 104.9, 105.1, 106.0]:
        monkeypatch.setattr("partners.domain.remembered.time.monotonic", lambda now=now: now)
        assert kept.get("a") == "A"

    assert asked == ["a", "a"]


def test_each_key_has_its_own_value_and_nothing_is_not_kept(asked: list[str]) -> None:
    kept = counting(asked)

    assert [kept.get("a"), kept.get("b"), kept.get("a"), kept.get(""), kept.get("")] == ["A", "B", "A", None, None]
    assert asked == ["a", "b", "", ""]


def test_without_seconds_nothing_is_kept(asked: list[str], settings: Any) -> None:
    settings.CONFIGURATION_SECONDS = 0
    kept = counting(asked)

    kept.get("a")
    kept.get("a")

    assert asked == ["a", "a"]


def test_what_was_kept_counts_for_nothing_once_nothing_is_to_be_kept(asked: list[str], settings: Any) -> None:
    kept = counting(asked)
    kept.get("a")

    settings.CONFIGURATION_SECONDS = 0
    kept.get("a")

    assert asked == ["a", "a"]


def test_it_does_not_grow_without_end(asked: list[str]) -> None:
    kept = counting(asked)
    for number in range(remembered.MOST_KEYS * 2):
        kept.get(f"key {number}")

    assert len(kept.found) <= remembered.MOST_KEYS
