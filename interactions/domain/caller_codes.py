"""One-time codes for callers: made from our secret and a nonce, so that no table and no backup holds one."""

import secrets
from datetime import timedelta

from django.utils.crypto import constant_time_compare, salted_hmac

HOLDS_FOR = timedelta(minutes=10)
DIGITS = 6
SALT = "interactions.caller-code"


def nonce() -> str:
    return secrets.token_hex(16)


def code_of(check_id: int, nonce: str) -> str:
    """The digits that belong to a check and its nonce; a new nonce makes the old code worthless."""
    digest = salted_hmac(SALT, f"{check_id}:{nonce}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest, 'big') % 10**DIGITS:0{DIGITS}d}"


def is_right(check_id: int, nonce: str, said: str) -> bool:
    digits = "".join(letter for letter in said if letter.isascii() and letter.isdigit())
    return bool(nonce) and constant_time_compare(digits[: DIGITS + 1], code_of(check_id, nonce))
