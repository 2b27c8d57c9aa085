"""Invitations as letters; with the token in them they are written only to be sent, and kept nowhere."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as lazy

from interactions.channels import text as texts
from interactions.channels.automatic import LOOP_HEADER
from notifications.domain import rendering
from notifications.domain.rendering import MOST_SUBJECT
from notifications.errors import TransportDown
from notifications.payloads import Letter, Outcome, Transport
from partners.domain import invitations
from partners.domain.invitations import Outgoing
from partners.domain.translations import translated


def send_all(at: datetime, transport: Transport, *, within: timedelta) -> int:
    """Send what is due until nothing is, or the time is over; returns how many were sent."""
    ends, sent = time.monotonic() + within.total_seconds(), 0
    while outgoing := invitations.take(at=at):
        sent += send(outgoing, transport, at=at)
        if time.monotonic() > ends:
            break
    return sent


def send(outgoing: Sequence[Outgoing], transport: Transport, *, at: datetime) -> int:
    letters = [letter_of(one) for one in outgoing]
    try:
        outcomes = transport.send(letters)
    except TransportDown as error:
        outcomes = [Outcome(key=letter.key, error=str(error)) for letter in letters]
    by_key = {one.invitation.pk: one for one in outgoing}
    return sum(note(by_key[outcome.key], outcome, at=at) for outcome in outcomes)


def note(sent: Outgoing, outcome: Outcome, *, at: datetime) -> bool:
    """Whether it was sent; what was not even tried is taken again when its lease ends."""
    if outcome.is_postponed:
        return False
    if outcome.error:
        invitations.note_failure(sent, outcome.error, is_final=outcome.is_final)
        return False
    return invitations.note_sent(sent, at=at)


def letter_of(outgoing: Outgoing) -> Letter:
    """The same words for whoever has an account already and whoever has none."""
    invitation, partner = outgoing.invitation, outgoing.invitation.partner
    language = invitation.language or partner.language
    rendered = rendering.put("invited", lambda: values_of(outgoing), time_zone=partner.time_zone, language=language)
    return Letter(
        key=invitation.pk,
        sender=settings.DEFAULT_FROM_EMAIL,
        recipient=invitation.address,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        headers={"Auto-Submitted": "auto-generated", LOOP_HEADER: f"invitation-{invitation.pk}"},
    )


def values_of(outgoing: Outgoing) -> dict[str, Any]:
    invitation = outgoing.invitation
    partner, inviter = invitation.partner, invitation.invited_by
    kinds = [role.kind.name for role in invitation.roles.select_related("kind").order_by("kind__name")]
    return {
        "partner": texts.flatten(partner.name, most=MOST_SUBJECT),
        "inviter": texts.flatten(inviter.name, most=MOST_SUBJECT) if inviter else settings.ENTERPRISE_NAME,
        "title": texts.flatten(invitation.title, most=MOST_SUBJECT),
        "roles": [translated(kind) for kind in kinds],
        "address": invitation.address,
        "expires_at": invitation.expires_at,
        "action": lazy("Accept the invitation"),
        "link": f"{settings.BASE_URL}/account/invitation/{outgoing.token}/",
    }
