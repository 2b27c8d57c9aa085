"""Our key pair towards a partner's SAML provider: there from the start, and changed without a gap.

The next pair is made beside the present one and both certificates stand in our metadata; once the partner's provider
has read them, the next one takes over.
"""

from datetime import datetime

from django.db import transaction

from partners.domain import record
from partners.enums import PartnerEvent
from partners.errors import KeyNotPrepared, KeyPrepared
from partners.models import SingleSignOn
from partners.payloads import Actor, Fact
from partners.transports import key_pairs


def equip(sign_on: SingleSignOn, *, at: datetime) -> None:
    """Give a SAML sign-on that is about to be stored its first pair; one that has a pair keeps it."""
    if sign_on.is_saml and not sign_on.signing_certificate:
        sign_on.signing_key, sign_on.signing_certificate = key_pairs.make(name_of(sign_on), at=at)


@transaction.atomic
def prepare(sign_on: SingleSignOn, *, actor: Actor, at: datetime) -> None:
    """Make the pair that comes next and show its certificate beside the present one. Raises KeyPrepared."""
    held = SingleSignOn.objects.select_for_update(of=("self",)).get(pk=sign_on.pk)
    if held.next_certificate:
        raise KeyPrepared
    held.next_key, held.next_certificate = key_pairs.make(name_of(held), at=at)
    held.save(update_fields=["next_key", "next_certificate"])
    tell(held, PartnerEvent.SIGN_ON_KEY_PREPARED, held.next_certificate, actor=actor, at=at)


@transaction.atomic
def change_over(sign_on: SingleSignOn, *, actor: Actor, at: datetime) -> None:
    """From now on the prepared pair is ours, and the one before is gone. Raises KeyNotPrepared."""
    held = SingleSignOn.objects.select_for_update(of=("self",)).get(pk=sign_on.pk)
    if not held.next_certificate:
        raise KeyNotPrepared
    held.signing_key, held.signing_certificate = held.next_key, held.next_certificate
    held.next_key = held.next_certificate = ""
    held.save(update_fields=["signing_key", "signing_certificate", "next_key", "next_certificate"])
    tell(held, PartnerEvent.SIGN_ON_KEY_CHANGED, held.signing_certificate, actor=actor, at=at)


def tell(sign_on: SingleSignOn, event: PartnerEvent, certificate: str, *, actor: Actor, at: datetime) -> None:
    record.append(
        Fact(
            stream=sign_on.partner.stream,
            event=event,
            actor=actor,
            at=at,
            partner_id=sign_on.partner_id,
            facts={"single_sign_on": sign_on.pk, "fingerprint": key_pairs.fingerprint(certificate)},
            quiet=True,
        )
    )


def name_of(sign_on: SingleSignOn) -> str:
    return f"Partner interactions: {sign_on.slug}"
