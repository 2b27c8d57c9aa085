"""Invitations on their way: the token is made when the mail is, goes out in it, and is kept nowhere."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from partners.domain import onboarding
from partners.domain.digests import digest_of
from partners.models import Invitation

AT_ONCE = 20
LEASE = timedelta(minutes=3)  # longer than a transport spends on a batch
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]
MOST_ERROR = 500


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """An invitation whose mail is to be sent now, with the token that is in it."""

    invitation: Invitation
    token: str = field(repr=False)


@transaction.atomic
def take(*, at: datetime) -> Sequence[Outgoing]:
    """Invitations whose mail is due, each with a new token, held until a lease ends.

    A mail that was lost on the way is so replaced by one with another token. What can no longer be accepted is not
    sent. Times are the database's.
    """
    # skip_locked: a second worker takes the next rows
    due = Invitation.objects.due().select_for_update(of=("self",), skip_locked=True)
    outgoing = []
    for invitation in due.select_related("partner", "invited_by").order_by("next_at", "id")[:AT_ONCE]:
        if not onboarding.is_usable(invitation, at=at):
            give_up(invitation, _("It could no longer be accepted."))
            continue
        token = secrets.token_urlsafe(32)
        invitation.token_digest, invitation.next_at = digest_of(token), Now() + LEASE
        invitation.attempts += 1
        invitation.save(update_fields=["token_digest", "next_at", "attempts"])
        outgoing.append(Outgoing(invitation=invitation, token=token))
    return outgoing


def note_sent(sent: Outgoing, *, at: datetime) -> bool:
    """False, and no effect, when another mail was made meanwhile."""
    own = Invitation.objects.filter(pk=sent.invitation.pk, token_digest=digest_of(sent.token))
    return bool(own.update(next_at=None, error="", sent_at=at))


def note_failure(sent: Outgoing, error: str, *, is_final: bool) -> bool:
    """Wait for the next try, longer each time; after the last, or a refusal for good, who invited sees it."""
    own = Invitation.objects.filter(pk=sent.invitation.pk, token_digest=digest_of(sent.token))
    attempts = sent.invitation.attempts
    wait = None if is_final or attempts > len(WAITS) else WAITS[attempts - 1]
    error = error.replace("\x00", "")[:MOST_ERROR]
    return bool(own.update(next_at=Now() + wait if wait else None, error=error))


def give_up(invitation: Invitation, error: str) -> None:
    invitation.next_at, invitation.error = None, error[:MOST_ERROR]
    invitation.save(update_fields=["next_at", "error"])
