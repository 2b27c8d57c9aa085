"""No side is left without news: when silence has lasted as long as the policy allows, both are told."""

from datetime import datetime

from django.db import transaction

from interactions.domain import clocks, facts
from interactions.enums import Event
from interactions.models import Interaction
from partners.domain import record, rows
from partners.payloads import Actor, Fact

AT_ONCE = 200


@transaction.atomic
def tell_progress(*, actor: Actor, at: datetime, most: int = AT_ONCE) -> int:
    """Tell both sides of open interactions that were silent for too long, and count silence anew; returns how many.

    Safe to run twice, and by two at once: each interaction is due again only after its policy's limit.
    """
    # skip_locked: whoever holds an interaction now is breaking its silence anyway
    silent = list(
        Interaction.objects.open()
        .filter(silence_due_at__lte=at, policy__isnull=False)
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("policy")
        .order_by("silence_due_at", "pk")[:most]
    )
    if not silent:
        return 0
    told = [tell(interaction, actor=actor, at=at) for interaction in silent]
    # not its version: who is just writing an answer should not have to start again
    rows.update(silent, ["partner_told_at", "enterprise_told_at", "silence_due_at"])
    record.append_all(told)
    return len(told)


def tell(interaction: Interaction, *, actor: Actor, at: datetime) -> Fact:
    """Note that both sides hear now, and when they hear again at the latest. Sets columns; the caller saves."""
    since = interaction.silence_due_at
    interaction.partner_told_at = interaction.enterprise_told_at = at
    clocks.hear(interaction, at=at)
    return facts.about(
        interaction,
        Event.PROGRESS_TOLD,
        actor=actor,
        at=at,
        status=interaction.status,
        was_due_at=since.isoformat() if since else None,
        next_due_at=interaction.silence_due_at.isoformat() if interaction.silence_due_at else None,
    )
