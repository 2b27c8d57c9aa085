"""The people of a partner as whoever administers them sees them: roles, state, last sign-in, second factor."""

from datetime import date

from django.db.models import F, Prefetch, Q

from partners.domain import factors
from partners.models import Invitation, Membership, Partner, PartnerRole
from partners.models.invitation import InvitationQuerySet
from partners.models.membership import MembershipQuerySet
from partners.payloads import Actor

ORDER = ("name", "id")  # of pages
MOST_TEXT = 200


def of(partner: Partner, actor: Actor, *, on: date, text: str = "") -> MembershipQuerySet:
    """Everybody who belongs to the partner, blocked or not, each with `name` and `has_second_factor`."""
    roles = PartnerRole.objects.in_force(on).select_related("kind").order_by("kind__name", "id")
    people = (
        Membership.objects.visible_to(actor)
        .current(on)
        .filter(partner=partner)
        .select_related("user", "blocked_by")
        .prefetch_related(Prefetch("roles", roles))
        .annotate(name=F("user__name"), has_second_factor=factors.of_each("user"))
    )
    text = text.replace("\x00", "").strip()[:MOST_TEXT]
    if text:
        people = people.filter(Q(user__name__icontains=text) | Q(user__email__icontains=text))
    return people


def invited(partner: Partner, actor: Actor) -> InvitationQuerySet:
    """Invitations that nobody has accepted or withdrawn, the newest first; they may have run out."""
    open_ones = Invitation.objects.visible_to(actor).open().filter(partner=partner)
    return open_ones.select_related("invited_by").prefetch_related("roles__kind").order_by("-invited_at", "-id")
