"""One matter brings forth another: a part of it, or the same matter as another type, which then stands for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from interactions.domain import catalogue, fields, intake, lifecycle, linking, sharing
from interactions.domain.lifecycle import Words
from interactions.enums import Direction, LinkKind, Move
from interactions.errors import NotAccepted
from interactions.models import Interaction, Participant
from interactions.payloads import Intake
from partners.enums import Channel, Priority
from partners.models import PartnerRole
from partners.payloads import Actor


@dataclass(frozen=True, kw_only=True)
class Offspring:
    """The matter to begin; without a subject or text it has those of the one it comes from."""

    type_code: str
    subject: str = ""
    text: str = ""


@transaction.atomic
def pass_on(interaction: Interaction, wanted: Offspring, *, reason: str, actor: Actor, at: datetime) -> Interaction:
    """It belongs to another vertical or type: a new matter takes its place, this one ends with a pointer to it.

    Raises NotAccepted and what `lifecycle.make_move` raises.
    """
    interaction = lifecycle.lock(interaction.pk)
    if interaction.type.code == wanted.type_code:
        raise NotAccepted("type", _("It is of this type already."))
    said = linking.cleaned(reason)
    following = begin(interaction, wanted, actor=actor, at=at)
    linking.connect(following, interaction, LinkKind.HANDOVER, actor=actor, at=at)
    words = Words(reason=said, other_id=following.pk)
    lifecycle.make_move(interaction, Move.PASS_ON, actor=actor, at=at, words=words)
    return following


@transaction.atomic
def begin_part(whole: Interaction, wanted: Offspring, *, actor: Actor, at: datetime) -> Interaction:
    """A part of a matter that is led for itself; the whole does not end before it. Raises NotAccepted."""
    part = begin(lifecycle.lock(whole.pk), wanted, actor=actor, at=at)
    linking.make_part(part, whole, actor=actor, at=at)
    return part


def begin(origin: Interaction, wanted: Offspring, *, actor: Actor, at: datetime) -> Interaction:
    """With the same partner, people and, where the type asks for it too, the same details."""
    role = PartnerRole.objects.in_force(at.date()).filter(pk=origin.role_id or 0).first()
    matter = Intake(
        channel=Channel(origin.channel),
        direction=Direction(origin.direction),
        subject=wanted.subject.strip() or origin.subject,
        text=wanted.text.strip() or origin.description or origin.subject,
        happened_at=at,
        type_code=wanted.type_code,
        partner_id=origin.partner_id,
        role_id=role.pk if role else None,
        priority=Priority(origin.priority),
        values=shared_values(origin, wanted.type_code),
        may_be_incomplete=True,
        **sharing.as_in(origin, actor=actor, at=at),
    )
    begun = intake.receive(matter, actor=actor, at=at).interaction
    if begun is None:
        raise NotAccepted("type", _("It could not be begun."))
    copy_people(origin, begun)
    return begun


def shared_values(origin: Interaction, type_code: str) -> dict[str, Any]:
    """What was filled in that the other type asks for and accepts."""
    listing = catalogue.LISTED.get(type_code)
    kept: dict[str, Any] = {}
    for field in listing.version.fields if listing else []:
        try:
            kept[field["name"]] = fields.check_one(field, origin.values.get(field["name"]), complete=False)
        except NotAccepted:
            continue
    return kept


def copy_people(origin: Interaction, begun: Interaction) -> None:
    """Whoever took part in the one takes part in the other, and is told."""
    people = Participant.objects.filter(interaction=origin).order_by("id")
    Participant.objects.bulk_create(
        [
            Participant(
                interaction=begun,
                user_id=one.user_id,
                name=one.name,
                address=one.address,
                side=one.side,
                role=one.role,
            )
            for one in people
        ],
        ignore_conflicts=True,
    )
