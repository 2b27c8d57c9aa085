"""What another system hands in at once: a matter with its further messages, and what it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from interactions.domain import catalogue, conversation, facts, intake, lifecycle
from interactions.domain.conversation import Saying
from interactions.enums import Event, ItemKind, LinkKind, Side
from interactions.errors import AlreadyHeld, NotAccepted
from interactions.models import ExternalIdentifier, Interaction, InteractionType, Link, Reference
from interactions.payloads import Intake
from partners.domain import record
from partners.payloads import Actor


@dataclass(frozen=True, kw_only=True)
class Relation:
    """How the new interaction belongs to one that is there; `attribute` is what the sender calls it."""

    other_id: int
    kind: LinkKind
    attribute: str


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A first message, further ones, and unsaved rows of what the interaction belongs to."""

    intake: Intake
    further: Sequence[Saying] = ()
    relations: Sequence[Relation] = ()
    references: Sequence[Reference] = ()
    identifiers: Sequence[ExternalIdentifier] = field(default_factory=list)

    @property
    def is_plain(self) -> bool:
        """Whether the first message is all there is."""
        return not (self.further or self.relations or self.references or self.identifiers)

    @property
    def has_parts(self) -> bool:
        """Whether it brings forth more than a first message."""
        return not self.is_plain or bool(self.intake.files or self.intake.lines or self.intake.values)


def submit(submission: Submission, *, actor: Actor, at: datetime) -> intake.Received:
    """All of it; raises NotAccepted, AlreadyHeld and what a conversation raises.

    The caller holds a transaction and gives all of it up when this fails.
    """
    type_of(submission, actor)
    received = intake.take_in(submission.intake, actor=actor, at=at)
    interaction = received.interaction
    if interaction is None or submission.is_plain:
        return received
    identify(interaction, submission.identifiers, actor=actor, at=at)
    relate(interaction, submission.relations, actor=actor, at=at)
    refer(interaction, submission.references, actor=actor, at=at)
    for saying in submission.further:
        conversation.say(interaction, saying, actor=actor, at=at)
    return intake.Received(interaction=lifecycle.lock(interaction.pk), item=received.item)


def type_of(submission: Submission, actor: Actor) -> InteractionType:
    """The type that is asked for; a partner's system knows only what partners may raise. Raises NotAccepted."""
    code = submission.intake.type_code
    if code and not actor.is_representative:
        known = catalogue.LISTED.get(code)
        if known is None or not known.type.partner_may_raise:
            raise NotAccepted("type", _("There is no interaction type “%(code)s”.") % {"code": code[:60]})
    return intake.listing_of(submission.intake).type


def identify(
    interaction: Interaction, identifiers: Sequence[ExternalIdentifier], *, actor: Actor, at: datetime
) -> None:
    """Note the numbers that other systems gave to it; raises AlreadyHeld when another interaction has one."""
    if not identifiers:
        return
    same = Q(pk=None)
    for one in identifiers:
        one.interaction, one.partner = interaction, interaction.partner
        same |= Q(partner=one.partner, owner=one.owner, kind=one.kind, value=one.value)
    ExternalIdentifier.objects.bulk_create(identifiers, ignore_conflicts=True)
    # what is there now and is not ours was there before, or was committed by somebody else this instant
    holder = ExternalIdentifier.objects.filter(same).exclude(interaction=interaction).select_related("interaction")
    if (held := holder.first()) is not None:
        is_seen = Interaction.objects.visible_to(actor).filter(pk=held.interaction_id).exists()
        raise AlreadyHeld(held.value, held.interaction.number if is_seen else "")
    texts = {f"identifier {number}": one.value for number, one in enumerate(identifiers, start=1)}
    record.append(
        facts.about(
            interaction, Event.CHANGED, actor=actor, at=at, field="external_identifiers", texts=texts, quiet=True
        )
    )


def relate(interaction: Interaction, relations: Sequence[Relation], *, actor: Actor, at: datetime) -> None:
    """Link it to interactions that the actor sees; raises NotAccepted for any other."""
    if not relations:
        return
    wanted = {relation.other_id for relation in relations}
    seen = set(Interaction.objects.visible_to(actor).filter(pk__in=wanted).values_list("pk", flat=True))
    for relation in relations:
        if relation.other_id not in seen or relation.other_id == interaction.pk:
            raise NotAccepted(relation.attribute, _("There is no such interaction."))
    links = {(relation.other_id, relation.kind): relation for relation in relations}
    Link.objects.bulk_create(Link(interaction=interaction, other_id=other, kind=kind, at=at) for other, kind in links)
    record.append_all(
        [
            facts.about(interaction, Event.LINKED, actor=actor, at=at, kind=kind, other=other, quiet=True)
            for other, kind in links
        ]
    )


def refer(interaction: Interaction, references: Sequence[Reference], *, actor: Actor, at: datetime) -> None:
    """Note what it is about in other systems."""
    if not references:
        return
    for one in references:
        one.interaction = interaction
    Reference.objects.bulk_create(references)
    texts = {f"reference {number}": f"{one.kind} {one.value}" for number, one in enumerate(references, start=1)}
    record.append(
        facts.about(interaction, Event.CHANGED, actor=actor, at=at, field="references", texts=texts, quiet=True)
    )


def further(text: str, first: Intake) -> Saying:
    """A further message of the partner over the channel of the first."""
    return Saying(text=text, side=Side.PARTNER, channel=first.channel, kind=ItemKind.NOTIFICATION)
