"""Whom a reply goes to, as chips: those ticked, those who could be added, and what the button says of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from interactions import rules
from interactions.console import loaders
from interactions.domain import addressing
from interactions.domain import recipients as circles
from interactions.domain.recipients import Circle, Recipient
from interactions.models import Interaction
from partners.middleware import ActorRequest

MOST_SOUGHT = 254
PARTS = "console/interactions/matter/recipients.html"


@dataclass(frozen=True, kw_only=True)
class Chips:
    """Those who get it; of those ticked, the ones who cannot; and the others of the partner, where they were read.

    Where no address `is_known`, a reply needs no recipients: it is read in the portal.
    """

    interaction: Interaction
    ticked: Sequence[Recipient]
    unknown: Sequence[Recipient]
    others: Sequence[Recipient] = ()
    is_known: bool = True

    @property
    def names(self) -> str:
        return circles.names([one.label for one in (*self.ticked, *self.unknown)])

    @property
    def send_words(self) -> str:
        """What the button of a reply does, so that nobody sends to the wrong audience."""
        count, partner = len(self.ticked), self.interaction.partner.name
        if not count:
            return _("Send to %(partner)s") % {"partner": partner}
        words = ngettext("Send to %(count)d person at %(partner)s", "Send to %(count)d people at %(partner)s", count)
        return words % {"count": count, "partner": partner}


def of(
    interaction: Interaction, chosen: Collection[str] | None, *, at: datetime, circle: Circle | None = None
) -> Chips:
    """The chips of the chosen addresses, or of the usual ones for None."""
    around = circle or circles.around(interaction, at=at)
    ticked, unknown = addressing.shown(around, chosen, at=at)
    known = {one.address for one in ticked}
    others = [one for one in around.everybody() if one.address not in known]
    return Chips(
        interaction=interaction,
        ticked=ticked,
        unknown=unknown,
        others=others[: addressing.OFFERED],
        is_known=bool(ticked or around.usual()),
    )


@require_safe
def find(request: ActorRequest, number: int) -> HttpResponse:
    """Who of the partner is called so and may see the interaction, each to be chosen."""
    interaction = loaders.interaction(request, number)
    if not rules.can_say(request.actor, interaction):
        raise PermissionDenied
    sought = request.GET.get("q", "")[:MOST_SOUGHT]
    found = addressing.find(interaction, sought, at=timezone.now())
    return render(request, f"{PARTS}#found", {"interaction": interaction, "found": found, "sought": sought})
