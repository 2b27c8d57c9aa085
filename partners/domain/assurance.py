"""How a session was proven: with which credentials, how strongly, how lately, and until when that counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings

from partners.enums import AssuranceLevel, CredentialKind

METHODS_KEY = "account_authentication_methods"  # where allauth keeps how this session was proven
SEEN_KEY = "seen-at"
SEEN_EVERY = timedelta(minutes=1)  # a session is not written for each of its requests

# what allauth calls a proof, and how strong it is
KINDS: Mapping[tuple[str, str], tuple[CredentialKind, AssuranceLevel]] = {
    ("password", ""): (CredentialKind.PASSWORD, AssuranceLevel.SINGLE),
    ("code", ""): (CredentialKind.MAIL_CODE, AssuranceLevel.SINGLE),
    ("socialaccount", ""): (CredentialKind.SINGLE_SIGN_ON, AssuranceLevel.SINGLE),
    ("mfa", "totp"): (CredentialKind.TOTP, AssuranceLevel.DOUBLE),
    ("mfa", "recovery_codes"): (CredentialKind.TOTP, AssuranceLevel.DOUBLE),  # it stands in for what was lost
    ("mfa", "webauthn"): (CredentialKind.PASSKEY, AssuranceLevel.RESISTANT),
}
LEVEL = "level"  # in the record of a single sign-on: how strong the other side says it was
SIGN_ON = "sign_on"  # and which one it was; one that is not named opens nothing


class Limit(StrEnum):
    """Why a session is over."""

    IDLE = "idle"
    AGE = "age"


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What a session has shown; `fresh_level` is how strongly it did so within the last minutes.

    With `sign_on` it was opened by a company's own sign-in, and reaches no further than that company.
    """

    kinds: frozenset[CredentialKind] = frozenset()
    level: AssuranceLevel = AssuranceLevel.NONE
    fresh_level: AssuranceLevel = AssuranceLevel.NONE
    began_at: datetime | None = None
    sign_on: int | None = None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One credential that was shown, and when."""

    kind: CredentialKind
    level: AssuranceLevel
    at: datetime
    sign_on: int | None = None


UNPROVEN = Proof()


def proof_of(session: Mapping[str, Any], *, at: datetime) -> Proof:
    """What the session has shown until now; what allauth noted in a way we do not know counts for nothing."""
    shown = [one for record in session.get(METHODS_KEY, []) if (one := read(record)) is not None]
    if not shown:
        return UNPROVEN
    level = strongest(shown)
    lately = [one for one in shown if at - one.at <= timedelta(minutes=settings.STEP_UP_MINUTES)]
    return Proof(
        kinds=frozenset(one.kind for one in shown),
        level=level,
        fresh_level=max(strongest(lately), min(level, AssuranceLevel.SINGLE)),
        began_at=min(one.at for one in shown),
        sign_on=next((one.sign_on for one in shown if one.sign_on is not None), None),
    )


def read(record: Mapping[str, Any]) -> Shown | None:
    found = KINDS.get((str(record.get("method", "")), str(record.get("type", ""))))
    moment = record.get("at")
    if found is None or not isinstance(moment, int | float):
        return None
    shown = Shown(kind=found[0], level=found[1], at=datetime.fromtimestamp(moment, UTC))
    if shown.kind != CredentialKind.SINGLE_SIGN_ON:
        return shown
    level = record.get(LEVEL)
    known = AssuranceLevel(level) if level in AssuranceLevel.values else shown.level
    return replace(shown, level=known, sign_on=int(record.get(SIGN_ON) or 0))


def strongest(shown: Iterable[Shown]) -> AssuranceLevel:
    return max((one.level for one in shown), default=AssuranceLevel.NONE)


def limit_reached(session: Mapping[str, Any], proof: Proof, *, at: datetime) -> Limit | None:
    """Why the session is over, if it is; the limits are those of its level."""
    if proof.began_at is None:
        return None
    place = max(proof.level, AssuranceLevel.SINGLE) - 1
    if at - proof.began_at > timedelta(hours=settings.SESSION_HOURS[place]):
        return Limit.AGE
    if at - seen_at(session, proof.began_at) > timedelta(minutes=settings.SESSION_IDLE_MINUTES[place]):
        return Limit.IDLE
    return None


def seen_at(session: Mapping[str, Any], began_at: datetime) -> datetime:
    moment = session.get(SEEN_KEY)
    return max(began_at, datetime.fromtimestamp(moment, UTC)) if isinstance(moment, int | float) else began_at


def is_to_be_noted(session: Mapping[str, Any], proof: Proof, *, at: datetime) -> bool:
    """Whether the session should note anew that it was used."""
    return proof.began_at is not None and at - seen_at(session, proof.began_at) >= SEEN_EVERY
