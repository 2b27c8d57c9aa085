"""What keeps a process from starting in production."""

from typing import Any

import pytest

from config import checks

LONG = "a key of no less than thirty-two characters"


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        ([], "ENCRYPTION_KEYS is not set."),
        (["known"], "ENCRYPTION_KEYS is not set."),
        ([LONG, "known"], "ENCRYPTION_KEYS is not set."),
        (["short"], "A key in ENCRYPTION_KEYS is too short."),
        ([LONG, ""], "A key in ENCRYPTION_KEYS is too short."),
    ],
)
def test_production_refuses_a_key_that_is_missing_known_or_short(
    settings: Any, keys: list[str], complaint: str
) -> None:
    settings.DEBUG = False
    settings.ENCRYPTION_KEYS = [settings.KNOWN_KEY if key == "known" else key for key in keys]

    assert [error.msg for error in checks.encryption_keys_are_secret()] == [complaint]


def test_production_takes_keys_of_its_own(settings: Any) -> None:
    settings.DEBUG = False
    settings.ENCRYPTION_KEYS = [LONG, LONG[::-1]]

    assert checks.encryption_keys_are_secret() == []
