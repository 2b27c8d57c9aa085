"""Finding partners, and what a page about one of them shows."""

from collections.abc import Mapping

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from partners.domain import access
from partners.domain.translations import translated
from partners.enums import AccessEvent, PartnerEvent
from partners.models import BankAccount, Contact, Membership, Partner, PartnerRole, RecordEntry, RoleKind, StaffRole
from partners.models.partner import PartnerQuerySet
from partners.models.record import RecordEntryQuerySet
from partners.payloads import Actor


class About(models.TextChoices):
    """What a timeline can be narrowed to."""

    MATTERS = "matters", _("Matters")
    ACCESS = "access", _("Access")
    PEOPLE = "people", _("People and keys")


SIGN_ONS: set[str] = {event.value for event in PartnerEvent if event.value.startswith("single_sign_on.")}
EVENTS: Mapping[str, list[str]] = {
    About.ACCESS: [*AccessEvent.values, *sorted(SIGN_ONS)],
    About.PEOPLE: sorted({*PartnerEvent.values} - SIGN_ONS),
}


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
            Prefetch("bank_accounts", queryset=BankAccount.objects.in_force(), to_attr="paid_to"),
            "agreements",
        )
        .filter(pk=partner_id)
        .first()
    )


def role_names() -> Mapping[str, str]:
    """How the roles of both sides are called that the record names by their codes."""
    ours = {access.REPRESENTATIVE: _("Representative"), **dict(StaffRole.objects.values_list("code", "name"))}
    names = ours | dict(RoleKind.objects.values_list("code", "name"))
    return {code: translated(str(name)) for code, name in names.items()}


def timeline(partner: Partner, actor: Actor, *, about: About | None = None) -> RecordEntryQuerySet:
    """Everything on the record about a partner, over all channels and matters; or what is `about` one thing."""
    entries = RecordEntry.objects.visible_to(actor).filter(partner=partner)
    if about == About.MATTERS:
        return entries.exclude(stream=partner.stream)
    return entries.filter(stream=partner.stream, event__in=EVENTS[about]) if about else entries
