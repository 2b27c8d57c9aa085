"""Second factors of the people in tests, and what they type."""

import time
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from partners.domain import assurance
from partners.enums import AssuranceLevel
from partners.models import User
from tests.factories.world import shown_for


def an_authenticator_app(user: User) -> str:
    """An app that is set up; what it holds is the secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return str(secret)


def code_of(secret: str, *, later: int = 0) -> str:
    """What the app shows now, or some half minutes `later`: a code lets in once."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later)))


def prove(client: Client, level: int = AssuranceLevel.DOUBLE) -> None:
    """As if somebody had just signed in this strongly in a session they have."""
    change_proof(client, shown_for(level))


def let_pass(client: Client, *, minutes: float) -> None:
    """As if this session had rested so long."""
    held = client.session
    aged = [{**one, "at": one["at"] - minutes * 60} for one in held[assurance.METHODS_KEY]]
    change_proof(client, aged)


def change_proof(client: Client, shown: list[dict[str, Any]]) -> None:
    session = client.session
    session[assurance.METHODS_KEY] = shown
    session.pop(assurance.SEEN_KEY, None)
    session.save()
