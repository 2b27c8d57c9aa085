"""Who of a partner may know of a matter: whoever raised it, colleagues who are named, or everybody."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from interactions.domain import facts, lifecycle
from interactions.enums import Event, ParticipantRole, Visibility
from interactions.errors import NotAccepted
from interactions.models import Interaction, Reader
from partners.domain import record
from partners.models import Membership
from partners.models.membership import MembershipQuerySet
from partners.payloads import Actor

MOST_READERS = 50


@transaction.atomic
def share(
    interaction: Interaction,
    visibility: Visibility,
    *,
    readers: Collection[int] = (),
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Interaction:
    """Say anew who may know of it. Raises NotAccepted, and ChangedMeanwhile with a `version` that is old."""
    interaction = lifecycle.lock(interaction.pk, version=version)
    before = (interaction.visibility, sorted(readers_of(interaction)))
    interaction.visibility = visibility
    interaction.readers.all().delete()
    name(interaction, readers, at=at)
    named = sorted(readers_of(interaction))
    if before != (visibility, named):
        lifecycle.save(interaction, at=at)
        shared = facts.about(
            interaction, Event.SHARED, actor=actor, at=at, visibility=visibility, readers=named, quiet=True
        )
        record.append(shared)
    return interaction


def name(interaction: Interaction, readers: Collection[int], *, at: datetime) -> None:
    """Note the colleagues a matter is shared with, where it is shared with named ones. Raises NotAccepted."""
    if interaction.visibility != Visibility.NAMED:
        return
    found = colleagues(interaction.partner_id, at=at).filter(user__in=readers).values_list("user", flat=True)
    named = set(found[: MOST_READERS + 1])
    if not named or named != set(readers):
        raise NotAccepted("readers", _("Choose colleagues who act for your company."))
    if len(named) > MOST_READERS:
        raise NotAccepted(
            "readers", _("At most %(most)d colleagues. Share it with your company instead.") % {"most": MOST_READERS}
        )
    Reader.objects.bulk_create(Reader(interaction=interaction, user_id=user) for user in sorted(named))


def colleagues(partner_id: int, *, at: datetime) -> MembershipQuerySet:
    """Who can be named: everybody who acts for the partner now."""
    return Membership.objects.in_force(at.date()).filter(partner=partner_id)


def readers_of(interaction: Interaction) -> set[int]:
    return set(interaction.readers.values_list("user_id", flat=True))


def people_of(interaction: Interaction) -> set[int]:
    """Whoever raised it and those it is shared with, by user id; administrators of the partner see it besides."""
    is_named = interaction.visibility == Visibility.NAMED
    raiser = {interaction.created_by_id} if interaction.created_by_id else set()
    return raiser | (readers_of(interaction) if is_named else set())


def as_in(origin: Interaction, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """What an intake says so that what follows from a matter is kept to the same people."""
    if origin.is_company_wide:
        return {}
    others = colleagues(origin.partner_id, at=at).filter(user__in=people_of(origin) - {actor.user_id})
    readers = sorted(others.values_list("user", flat=True)[:MOST_READERS])
    return {"visibility": Visibility.NAMED if readers else Visibility.OWN, "readers": readers}


def reaches(interaction: Interaction, address: str, *, at: datetime) -> bool:
    """Whether a matter that not everybody may know of is shared with who writes from an address."""
    members = colleagues(interaction.partner_id, at=at).filter(user__email=address)
    if members.filter(user__in=people_of(interaction)).exists() or members.filter(is_administrator=True).exists():
        return True
    asked = interaction.participants.filter(user=None, role=ParticipantRole.REQUESTER)
    return asked.filter(address__iexact=address).exists()
