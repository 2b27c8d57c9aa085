"""What keeps a process from starting in production."""

from typing import Any

import pytest
from django.contrib.admin.checks import check_admin_app

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


@pytest.mark.parametrize("limits", [[], [60], [60, 30, 0], [60, 30, 15, 5]])
def test_each_level_says_how_long_a_session_lasts(settings: Any, limits: list[int]) -> None:
    settings.SESSION_IDLE_MINUTES, settings.SECOND_FACTOR_NEEDED = limits, True

    assert [error.id for error in checks.sessions_end()] == ["bpim.E005"]


def test_production_asks_those_who_may_do_much_for_a_second_factor(settings: Any) -> None:
    settings.DEBUG, settings.SECOND_FACTOR_NEEDED = False, False

    assert [warning.id for warning in checks.sessions_end()] == ["bpim.W001"]


def test_every_page_of_the_admin_is_sound() -> None:
    """`manage.py check` may come to the admin before its pages are loaded; here they are."""
    assert check_admin_app(app_configs=None) == []
