"""Addresses and message ids that lead an answer back into its interaction, and that nobody else can make.

reply+4711.k3x…@care.example.org            the Reply-To of what we send
<bpim.4711.15.k3x…@care.example.org>        its Message-ID, found again in In-Reply-To and References
"""

import hmac
import re
from base64 import b32encode
from collections.abc import Iterable

# 26 characters of base32 are 130 bits; lower case, since mail systems fold the case of what stands before the @
_TOKEN_LENGTH = 26
_MOST_TRIED = 500

_ADDRESS = re.compile(r"reply\+([1-9][0-9]{0,17})\.([a-z2-7]{26})@(.+)", re.ASCII)
_MESSAGE_ID = re.compile(r"bpim\.([1-9][0-9]{0,17})\.([0-9]{1,18})\.([a-z2-7]{26})@(.+)", re.ASCII)


def make(interaction_id: int, secret: bytes, domain: str) -> str:
    """The address that an answer to this interaction goes to; 52 characters before the @ at most."""
    return f"reply+{interaction_id}.{_token(secret, 'address', interaction_id)}@{domain.lower()}"


def read(addresses: Iterable[str], secret: bytes, domain: str) -> int | None:
    """The interaction that the first genuine reply address names."""
    for address in _bounded(addresses):
        found = _ADDRESS.fullmatch(address.strip("<>"))
        if found and found[3] == domain.lower() and _is_genuine(found[2], secret, "address", int(found[1])):
            return int(found[1])
    return None


def make_message_id(interaction_id: int, delivery_id: int, secret: bytes, domain: str) -> str:
    """The Message-ID of one delivery, with its angle brackets as the header wants it."""
    token = _token(secret, "message", interaction_id, delivery_id)
    return f"<bpim.{interaction_id}.{delivery_id}.{token}@{domain.lower()}>"


def read_references(message_ids: Iterable[str], secret: bytes, domain: str) -> int | None:
    """The interaction that the first genuine message id of ours names; brackets may be there or not."""
    for message_id in _bounded(message_ids):
        found = _MESSAGE_ID.fullmatch(message_id.strip("<>"))
        if found is None or found[4] != domain.lower():
            continue
        if _is_genuine(found[3], secret, "message", int(found[1]), int(found[2])):
            return int(found[1])
    return None


def _bounded(names: Iterable[str]) -> list[str]:
    return [name.strip().lower() for _, name in zip(range(_MOST_TRIED), names, strict=False)]


def _token(secret: bytes, purpose: str, *numbers: int) -> str:
    """The purpose keeps a token of one kind from serving as another."""
    signed = ":".join([purpose, *map(str, numbers)]).encode()
    digest = hmac.digest(secret, b"bpim-reply:" + signed, "sha256")
    return b32encode(digest).decode()[:_TOKEN_LENGTH].lower()


def _is_genuine(token: str, secret: bytes, purpose: str, *numbers: int) -> bool:
    return hmac.compare_digest(token.encode(), _token(secret, purpose, *numbers).encode())
