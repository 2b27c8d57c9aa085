"""What a newcomer wrote goes on at the partner it belongs to, or ends with it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from interactions.channels import text as texts
from interactions.domain import approvals, facts, lifecycle
from interactions.domain.lifecycle import Words
from interactions.domain.senders import role_of
from interactions.enums import Event, Move
from interactions.errors import NotAccepted
from interactions.models import ExternalIdentifier, Interaction
from partners.domain import newcomers, record
from partners.models import Partner
from partners.payloads import Actor


@transaction.atomic
def join(newcomer: Partner, partner: Partner, *, actor: Actor, at: datetime) -> int:
    """Every matter of the newcomer is the partner's from now on; what was recorded before stays as it was.

    Returns how many there were. Raises NotAccepted, and what `newcomers.join` raises.
    """
    newcomers.join(newcomer, partner, actor=actor, at=at)
    role = role_of(partner, None, at=at)
    matters = Interaction.objects.filter(partner=newcomer).order_by("pk")
    refuse_held(newcomer, partner)
    for number in matters.values_list("pk", flat=True):
        matter = lifecycle.lock(number)
        matter.partner, matter.role = partner, role
        lifecycle.save(matter, at=at)
        said = {"newcomer": newcomer.name, "partner": partner.name}
        event = Event.JOINED_PARTNER
        record.append(facts.about(matter, event, actor=actor, at=at, texts=said, came_from=newcomer.pk))
        approvals.void_changed(matter, actor=actor, at=at)  # somebody else is paid
    ExternalIdentifier.objects.filter(partner=newcomer).update(partner=partner)
    return len(matters)


def refuse_held(newcomer: Partner, partner: Partner) -> None:
    """A number that both gave to a matter would name two."""
    theirs = ExternalIdentifier.objects.filter(partner=partner)
    for one in ExternalIdentifier.objects.filter(partner=newcomer):
        if theirs.filter(owner=one.owner, kind=one.kind, value=one.value).exists():
            raise NotAccepted("partner", _("The number %(number)s is held there already.") % {"number": one.value})


@transaction.atomic
def refuse(newcomer: Partner, *, reason: str, actor: Actor, at: datetime) -> int:
    """End what is open with the reason, and the newcomer. Returns how many matters were cancelled.

    Raises NotAccepted without a reason, and what `newcomers.refuse` raises.
    """
    reason = texts.clean(reason, most=newcomers.MOST_REASON).strip()
    if not reason:
        raise NotAccepted("reason", _("Say why it is refused."))
    ended = 0
    for matter in Interaction.objects.filter(partner=newcomer).open().order_by("pk"):
        if Move.CANCEL in lifecycle.possible(matter):
            lifecycle.make_move(matter, Move.CANCEL, actor=actor, at=at, words=Words(reason=reason))
            ended += 1
    newcomers.refuse(newcomer, reason=reason, actor=actor, at=at)
    return ended
