"""How strongly a session is proven, how lately, and until when that counts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from partners.domain import assurance
from partners.domain.assurance import Limit
from partners.enums import AssuranceLevel, CredentialKind

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PASSWORD = {"method": "password"}
TOTP = {"method": "mfa", "type": "totp"}
PASSKEY = {"method": "mfa", "type": "webauthn"}


def session(*records: dict[str, Any], minutes_ago: float = 0, **more: Any) -> dict[str, Any]:
    """A session in which these were shown; a record may say itself how many minutes `ago`."""
    shown = [
        {**{key: value for key, value in record.items() if key != "ago"}, "at": moment(record.get("ago", minutes_ago))}
        for record in records
    ]
    return {assurance.METHODS_KEY: shown, **more}


def moment(minutes_ago: float) -> float:
    return (NOW - timedelta(minutes=minutes_ago)).timestamp()


@pytest.mark.parametrize(
    ("records", "level"),
    [
        ([], AssuranceLevel.NONE),
        ([PASSWORD], AssuranceLevel.SINGLE),
        ([{"method": "code"}], AssuranceLevel.SINGLE),
        ([{"method": "socialaccount"}], AssuranceLevel.SINGLE),
        ([{"method": "socialaccount", "level": 2}], AssuranceLevel.DOUBLE),
        ([{"method": "socialaccount", "level": "3"}], AssuranceLevel.SINGLE),
        ([{"method": "password", "level": 3}], AssuranceLevel.SINGLE),
        ([PASSWORD, TOTP], AssuranceLevel.DOUBLE),
        ([PASSWORD, {"method": "mfa", "type": "recovery_codes"}], AssuranceLevel.DOUBLE),
        ([PASSKEY], AssuranceLevel.RESISTANT),
        ([PASSWORD, PASSKEY], AssuranceLevel.RESISTANT),
        ([{"method": "password", "type": "webauthn"}], AssuranceLevel.NONE),
        ([{"method": "unheard of"}], AssuranceLevel.NONE),
    ],
)
def test_the_level_follows_from_what_was_shown(records: list[dict[str, Any]], level: AssuranceLevel) -> None:
    assert assurance.proof_of(session(*records), at=NOW).level == level


@pytest.mark.parametrize("shown", [{"method": "password"}, {"method": "password", "at": "yesterday"}])
def test_what_was_shown_at_no_known_time_counts_for_nothing(shown: dict[str, Any]) -> None:
    assert assurance.proof_of({assurance.METHODS_KEY: [shown]}, at=NOW).level == AssuranceLevel.NONE


def test_the_kinds_are_those_that_a_role_accepts_or_not() -> None:
    proof = assurance.proof_of(session(PASSWORD, TOTP), at=NOW)

    assert proof.kinds == {CredentialKind.PASSWORD, CredentialKind.TOTP}


@pytest.mark.parametrize(("ago", "fresh"), [(14, AssuranceLevel.DOUBLE), (16, AssuranceLevel.SINGLE)])
def test_a_second_factor_is_fresh_for_a_while(ago: float, fresh: AssuranceLevel) -> None:
    proof = assurance.proof_of(session({**PASSWORD, "ago": 60}, {**TOTP, "ago": ago}), at=NOW)

    assert (proof.level, proof.fresh_level) == (AssuranceLevel.DOUBLE, fresh)


@pytest.mark.parametrize(
    ("records", "minutes", "limit"),
    [
        ([PASSWORD], 119, None),
        ([PASSWORD], 121, Limit.IDLE),
        ([PASSWORD, TOTP], 59, None),
        ([PASSWORD, TOTP], 61, Limit.IDLE),
        ([PASSKEY], 29, None),
        ([PASSKEY], 31, Limit.IDLE),
        ([PASSWORD], 25 * 60, Limit.AGE),
        ([PASSKEY], 13 * 60, Limit.AGE),
    ],
)
def test_how_long_a_session_rests_depends_on_its_level(
    records: list[dict[str, Any]], minutes: float, limit: Limit | None
) -> None:
    held = session(*records, minutes_ago=minutes)

    assert assurance.limit_reached(held, assurance.proof_of(held, at=NOW), at=NOW) == limit


@pytest.mark.parametrize(("hours", "limit"), [(11, None), (13, Limit.AGE)])
def test_a_session_that_is_used_all_day_ends_all_the_same(hours: int, limit: Limit | None) -> None:
    held = session(PASSKEY, minutes_ago=hours * 60) | {assurance.SEEN_KEY: moment(1)}

    assert assurance.limit_reached(held, assurance.proof_of(held, at=NOW), at=NOW) == limit


def test_a_session_is_written_once_a_minute_and_not_for_each_request() -> None:
    just_used = session(PASSWORD, minutes_ago=30) | {assurance.SEEN_KEY: moment(0.5)}
    used_before = session(PASSWORD, minutes_ago=30) | {assurance.SEEN_KEY: moment(2)}

    noted = [
        assurance.is_to_be_noted(held, assurance.proof_of(held, at=NOW), at=NOW) for held in (just_used, used_before)
    ]

    assert noted == [False, True]


def test_an_installation_says_itself_how_long(settings: Any) -> None:
    settings.SESSION_IDLE_MINUTES, settings.STEP_UP_MINUTES = [5, 5, 5], 1
    held = session(PASSWORD, TOTP, minutes_ago=6)
    proof = assurance.proof_of(held, at=NOW)

    assert assurance.limit_reached(held, proof, at=NOW) == Limit.IDLE
    assert proof.fresh_level == AssuranceLevel.SINGLE
