"""No side is left without news: when silence has lasted as long as the policy allows, both are told."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from interactions.domain import facts
from interactions.enums import Event
from interactions.models import Interaction
from partners.domain import business_time, calendars, record
from partners.models import CalendarVersion
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
    told = [tell(interaction, version, actor=actor, at=at) for interaction, version in with_calendars(silent)]
    # not its version: who is just writing an answer should not have to start again
    Interaction.objects.bulk_update(silent, ["partner_told_at", "enterprise_told_at", "silence_due_at"])
    record.append_all(told)
    return len(told)


def with_calendars(silent: Sequence[Interaction]) -> list[tuple[Interaction, CalendarVersion]]:
    """Each interaction with the hours that count now; the newest version of every calendar is read at once."""
    versions = CalendarVersion.objects.filter(
        calendar__in={interaction.policy.calendar_id for interaction in silent if interaction.policy}
    ).order_by("calendar", "number")
    newest = {version.calendar_id: version for version in versions}
    return [(one, newest[one.policy.calendar_id]) for one in silent if one.policy and one.policy.calendar_id in newest]


def tell(interaction: Interaction, version: CalendarVersion, *, actor: Actor, at: datetime) -> Fact:
    """Note that both sides hear now, and when they hear again at the latest. Sets columns; the caller saves."""
    since = interaction.silence_due_at
    limit = interaction.policy.silence_limit if interaction.policy else None
    interaction.partner_told_at = interaction.enterprise_told_at = at
    interaction.silence_due_at = business_time.due(at, limit, calendars.working(version.pk)) if limit else None
    return facts.about(
        interaction,
        Event.PROGRESS_TOLD,
        actor=actor,
        at=at,
        status=interaction.status,
        was_due_at=since.isoformat() if since else None,
        next_due_at=interaction.silence_due_at.isoformat() if interaction.silence_due_at else None,
    )
