"""Requests of people who are not signed in: kept apart until the address is confirmed, and only then taken in."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from interactions.channels import text as texts
from interactions.domain import catalogue, conversation, files, intake
from interactions.enums import Direction, Event
from interactions.errors import EnquiryOver
from interactions.models import Enquiry, EnquiryFile, Interaction, InteractionType, TypeVersion
from interactions.payloads import File, Intake
from partners.domain import record
from partners.enums import AssuranceLevel, Channel, ContactMedium
from partners.models import Contact, User
from partners.payloads import NOBODY, Fact

HOLDS_FOR = timedelta(hours=24)
KEPT_FOR = timedelta(days=7)  # a confirmed one still answers its link
MOST_FILES = 5
MOST_BYTES = 10_000_000
SALT = "interactions.enquiry"


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What somebody filled in, as the form has checked it."""

    version: TypeVersion
    address: str
    name: str
    organisation: str
    subject: str
    text: str
    values: Mapping[str, str]
    files: Sequence[File]
    language: str


def open_types() -> list[InteractionType]:
    """What may be handed in without signing in: nothing that is guarded, asks for a permission or answers by itself."""
    types = InteractionType.objects.raised_by_partners().filter(
        login_needed=False, minimum_level__lte=AssuranceLevel.SINGLE, permission=""
    )
    return [one for one in types.order_by("vertical", "name") if not catalogue.current(one).self_service]


@transaction.atomic
def ask(asking: Asking, *, at: datetime) -> None:
    """Keep it and send a letter to the address; whether the address is known to us makes no difference to see.

    Nobody hands in anything in the name of one of ours: what names such an address is dropped without a word.
    """
    address = asking.address.strip().lower()
    if is_of_ours(address):
        return
    enquiry = Enquiry.objects.create(
        type_version=asking.version,
        address=address,
        name=texts.flatten(asking.name, most=150),
        organisation=texts.flatten(asking.organisation, most=200),
        subject=texts.flatten(asking.subject, most=200),
        text=texts.clean(asking.text, most=conversation.MOST_TEXT),
        values=dict(asking.values),
        language=asking.language,
        nonce=secrets.token_hex(16),
        asked_at=at,
        expires_at=at + HOLDS_FOR,
    )
    for file in asking.files:
        keep(enquiry, file)
    record.append(
        Fact(
            stream=record.INSTALLATION,
            event=Event.ENQUIRY_ASKED,
            actor=NOBODY,
            at=at,
            channel=Channel.WEB,
            facts={"enquiry": enquiry.pk, "language": asking.language},
            texts={"address": address, "name": enquiry.name},
        )
    )


def keep(enquiry: Enquiry, file: File) -> None:
    kept = EnquiryFile(
        enquiry=enquiry, name=files.name_of(file), content_type=texts.flatten(file.content_type, most=100)
    )
    kept.file.save(kept.name, ContentFile(file.content), save=False)
    kept.save()


def behind(token: str, *, at: datetime) -> Enquiry | None:
    """The enquiry that a link leads to, confirmed or not; None when it is unknown or over."""
    number, _dot, proof = token.partition("-")
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        return None
    found = Enquiry.objects.select_related("type_version__type", "interaction").filter(pk=int(number)).first()
    if found is None or not constant_time_compare(proof, proof_of(found)):
        return None
    return found if found.confirmed_at is not None or at < found.expires_at else None


@transaction.atomic
def confirm(enquiry: Enquiry, *, at: datetime) -> Interaction:
    """Take it in, as from somebody whose address is proven and nothing else: level 0 on the record; safe to repeat.

    Raises EnquiryOver, and NotAccepted when its type has changed meanwhile.
    """
    held = Enquiry.objects.select_for_update(of=("self",), no_key=True).filter(pk=enquiry.pk).first()
    if held is None:
        raise EnquiryOver
    if held.interaction is not None:
        return held.interaction
    if at >= held.expires_at or is_of_ours(held.address):
        raise EnquiryOver
    if held.type_version.type not in open_types():
        raise EnquiryOver
    received = intake.receive(intake_of(held, at=at), at=at)
    if received.interaction is None:
        raise EnquiryOver
    held.interaction, held.confirmed_at = received.interaction, at
    empty(held)
    verify_contact(received.interaction, held.address, at=at)
    return received.interaction


def intake_of(enquiry: Enquiry, *, at: datetime) -> Intake:
    signed = f"\n\n{enquiry.name}, {enquiry.organisation}" if enquiry.organisation else ""
    return Intake(
        channel=Channel.WEB,
        direction=Direction.INBOUND,
        subject=enquiry.subject,
        text=f"{enquiry.text}{signed}",
        happened_at=at,
        external_id=f"enquiry-{enquiry.pk}",
        scope="enquiries",
        sender=enquiry.address,
        sender_name=enquiry.name,
        type_code=enquiry.type_version.type.code,
        values=enquiry.values,
        files=[read(kept) for kept in enquiry.files.order_by("pk")],
    )


def read(kept: EnquiryFile) -> File:
    with kept.file.open("rb") as stored:
        return File(name=kept.name, content=stored.read(), content_type=kept.content_type)


def verify_contact(interaction: Interaction, address: str, *, at: datetime) -> None:
    """Whoever reads mail at the address has just shown it."""
    reached = Contact.objects.reached_at(ContactMedium.EMAIL, address).filter(partner=interaction.partner_id)
    reached.filter(verified_at=None).update(verified_at=at)


def empty(enquiry: Enquiry) -> None:
    """Once confirmed, words and files are in the interaction alone."""
    discard_files(enquiry)
    enquiry.text, enquiry.values, enquiry.subject, enquiry.name, enquiry.organisation = "", {}, "", "", ""
    enquiry.save()


def discard_files(enquiry: Enquiry) -> None:
    """Rows now, and what they name once this is committed."""
    for kept in enquiry.files.all():
        transaction.on_commit(partial(kept.file.storage.delete, kept.file.name or ""))
        kept.delete()


@transaction.atomic
def forget(*, at: datetime) -> int:
    """Remove what nobody confirmed in time, and what was confirmed long ago; how many there were."""
    over = Enquiry.objects.filter(expires_at__lte=at, confirmed_at=None) | Enquiry.objects.filter(
        confirmed_at__lte=at - KEPT_FOR
    )
    old = list(over.select_for_update(skip_locked=True)[:500])
    for enquiry in old:
        discard_files(enquiry)
        enquiry.delete()
    return len(old)


def token_to_send(enquiry_id: int, *, at: datetime) -> str | None:
    """What the letter's link ends in, or None when it would come too late."""
    waiting = Enquiry.objects.filter(pk=enquiry_id, confirmed_at=None, expires_at__gt=at).first()
    return f"{waiting.pk}-{proof_of(waiting)}" if waiting else None


def proof_of(enquiry: Enquiry) -> str:
    """128 bits and more that only our secret makes from the nonce."""
    return salted_hmac(SALT, f"{enquiry.pk}:{enquiry.nonce}", algorithm="sha256").hexdigest()[:48]


def is_of_ours(address: str) -> bool:
    is_own = address.endswith(f"@{settings.MAIL_DOMAIN.lower()}")
    return is_own or User.objects.filter(email__iexact=address, is_representative=True).exists()
