"""Finding partners, and what a page about one of them shows."""

from django.db.models import Prefetch, Q

from partners.models import Contact, Membership, Partner, PartnerRole, RecordEntry
from partners.models.partner import PartnerQuerySet
from partners.models.record import RecordEntryQuerySet
from partners.payloads import Actor


def find(actor: Actor, *, text: str = "", status: str = "", kind: str = "") -> PartnerQuerySet:
    """Partners that the actor may see, by name, external id or the address of a contact, status and role kind."""
    partners = Partner.objects.visible_to(actor).prefetch_related(
        Prefetch("roles", queryset=PartnerRole.objects.select_related("kind").order_by("id"))
    )
    if status:
        partners = partners.filter(status=status)
    if kind:
        partners = partners.filter(roles__kind__code=kind).distinct()
    text = text.replace("\x00", "").strip()[:200]
    if text:
        contacts = Contact.objects.filter(key=text.lower()).values("partner_id")
        people = Membership.objects.filter(user__email=text.lower()).values("partner_id")
        partners = partners.filter(
            Q(name__icontains=text) | Q(external_id=text) | Q(pk__in=contacts) | Q(pk__in=people)
        )
    return partners


def with_everything(partner_id: int, actor: Actor) -> Partner | None:
    """A partner with its roles, people, contacts and agreements, or None when the actor may not know of it."""
    people = Membership.objects.select_related("user").prefetch_related("roles__kind").order_by("user__name")
    return (
        Partner.objects.visible_to(actor)
        .prefetch_related(
            Prefetch("roles", queryset=PartnerRole.objects.select_related("kind").order_by("valid_from", "id")),
            Prefetch("memberships", queryset=people),
            Prefetch("contacts", queryset=Contact.objects.select_related("user").order_by("medium", "purpose", "id")),
            "agreements",
        )
        .filter(pk=partner_id)
        .first()
    )


def timeline(partner: Partner, actor: Actor) -> RecordEntryQuerySet:
    """Everything on the record about a partner, over all channels and matters."""
    return RecordEntry.objects.visible_to(actor).filter(partner=partner)
