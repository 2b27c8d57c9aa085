"""Secrets at rest are encrypted by keys of the environment: a dump of the database opens nothing."""

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    TextField = models.TextField[str | None, str | None]  # generic in the stubs only
else:
    TextField = models.TextField


def encrypt(text: str) -> str:
    """With the first key; an empty text stays empty, so that “none” can still be seen."""
    return box().encrypt(text.encode()).decode() if text else ""


def decrypt(sealed: str) -> str:
    """With whichever key it was encrypted. Raises InvalidToken."""
    return box().decrypt(sealed).decode() if sealed else ""


def renew(sealed: str) -> str:
    """Encrypted anew with the first key; what was never encrypted is from now on."""
    try:
        return encrypt(decrypt(sealed))
    except InvalidToken:
        if sealed.startswith("gAAAA"):  # how every Fernet token begins: a key is missing
            raise
        return encrypt(sealed)


def box() -> MultiFernet:
    return box_of(tuple(settings.ENCRYPTION_KEYS))


@lru_cache(maxsize=4)
def box_of(keys: Sequence[str]) -> MultiFernet:
    """A key is any long random text; its SHA-256 is what Fernet takes."""
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys])


class EncryptedTextField(TextField):
    """Text that is clear in memory and encrypted in its column; nothing can be looked up by it."""

    def from_db_value(self, sealed: str | None, *_: object) -> str | None:
        return None if sealed is None else decrypt(sealed)

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return None if text is None else encrypt(text)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class SessionSerializer:
    """Sessions hold secrets for a while: a second factor that is being set up, a sign-in on its way to a provider."""

    def dumps(self, session: dict[str, Any]) -> bytes:
        return box().encrypt(json.dumps(session, separators=(",", ":")).encode())

    def loads(self, sealed: bytes) -> Any:
        return json.loads(box().decrypt(sealed))
