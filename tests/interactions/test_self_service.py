"""Requests that finish without staff: done at once, logged in full, and left to people where they must be."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.x509.oid import NameOID

from interactions.domain import intake, order_lines
from interactions.enums import Side, Status
from interactions.models import Attachment, Interaction, Reference
from interactions.payloads import File, NewLine
from partners.enums import Channel, ContactMedium, ContactPurpose
from partners.models import Contact, Partner
from partners.payloads import Actor
from tests.factories.world import (
    a_contact,
    a_partner,
    a_person_of,
    a_team,
    a_type,
    an_actor_for,
    an_intake,
    an_interaction,
)
from tests.interactions.stages import HOUR, MONDAY, a_matter, events, rosa

pytestmark = pytest.mark.django_db

ORDER = {"name": "order", "label": "Order number", "kind": "reference", "required": True, "refers_to": "order"}
BILL = {"name": "bill", "label": "Invoice number", "kind": "reference", "required": True, "refers_to": "bill"}


def paul(partner: Partner) -> Actor:
    there = partner.memberships.select_related("user").first()
    return an_actor_for(there.user if there else a_person_of(partner))


def asked(action: str, fields: list[dict[str, Any]], partner: Partner | None = None, **given: Any) -> Interaction:
    """A request of a type that answers by itself, handed in by Paul in the portal."""
    code = f"own-{action}"
    a_type(code, fields=fields, self_service=action, plan=[("Answer by hand", a_team("front-desk"))])
    partner = partner or Partner.objects.filter(name="Acme Wholesale").first() or a_partner()
    return an_interaction(partner, type=code, actor=paul(partner), at=MONDAY + HOUR, **given)


def an_order(**more: Any) -> Interaction:
    a_type("purchase", fields=[ORDER], has_lines=True)
    return a_matter(type="purchase", values={"order": "PO-1"}, **more)


def answer(interaction: Interaction) -> str:
    return interaction.items.order_by("-sequence")[0].text


def test_the_status_of_an_order_is_told_at_once_and_logged_in_full() -> None:
    order = an_order(subject="250 SIM cards")
    order_lines.add(order, [NewLine(what="SIM card")], actor=rosa(), at=MONDAY)

    interaction = asked("order-status", [ORDER], values={"order": " PO-1"})

    assert (interaction.status, interaction.resolution_code) == (Status.CLOSED, "")
    assert order.number in answer(interaction)
    assert "1 SIM card: acknowledged" in answer(interaction)
    assert interaction.resolution == answer(interaction)
    assert [item.side for item in interaction.items.order_by("sequence")] == [Side.PARTNER, Side.ENTERPRISE]
    assert events(interaction) == [
        "interaction.received",
        "interaction.self_served",
        "item.added",
        "interaction.resolved",
        "interaction.closed",
    ]
    assert not interaction.steps.exists()
    assert interaction.assignee is None


def test_what_nobody_knows_is_left_to_people_with_the_reason() -> None:
    interaction = asked("order-status", [ORDER], values={"order": "PO-404"})

    assert interaction.status == Status.RECEIVED
    assert interaction.notes.get().text == "We hold nothing about the order PO-404."
    assert interaction.steps.get().status == "open"
    assert "interaction.left_to_staff" in events(interaction)


def test_nobody_learns_of_another_partners_order() -> None:
    an_order()
    globex = a_partner("Globex Mobile")

    interaction = asked("order-status", [ORDER], globex, values={"order": "PO-1"})

    assert interaction.is_open
    assert interaction.items.count() == 1


def test_nobody_learns_by_it_of_what_takes_a_stronger_proof() -> None:
    a_type("guarded", fields=[ORDER], minimum_level=2)
    hidden = a_matter(type="guarded", values={"order": "PO-2"})

    interaction = asked("order-status", [ORDER], partner=hidden.partner, values={"order": "PO-2"})

    assert interaction.is_open
    assert "We hold nothing about the order PO-2" in interaction.notes.get().text
    assert hidden.number not in str(list(interaction.items.values_list("text", flat=True)))


def test_the_copy_of_a_bill_brings_its_files_again() -> None:
    a_type("invoice", fields=[BILL])
    files = [File(name="invoice.pdf", content=b"120.00"), File(name="detail.csv", content=b"a;b")]
    a_matter(
        type="invoice", values={"bill": "R-7"}, files=files, original=File(name="mail.eml", content=b"secret header")
    )

    interaction = asked("bill-copy", [BILL], values={"bill": "R-7"})

    item = interaction.items.order_by("-sequence")[0]
    assert {file.name: content_of(file) for file in item.attachments.all()} == {
        "invoice.pdf": b"120.00",
        "detail.csv": b"a;b",
    }
    assert interaction.status == Status.CLOSED


def content_of(attachment: Attachment) -> bytes:
    with attachment.file.open("rb") as file:
        return bytes(file.read())


def test_an_internal_file_is_no_copy_of_a_bill() -> None:
    a_type("invoice", fields=[BILL])
    bill = a_matter(type="invoice", values={"bill": "R-7"})
    bill.attachments.create(name="draft.txt", file="x", size=1, content_type="text/plain", created_at=MONDAY)

    assert asked("bill-copy", [BILL], values={"bill": "R-7"}).is_open


CONTACT: list[dict[str, Any]] = [
    {"name": "contact_purpose", "label": "For", "kind": "choice", "choices": ["General", "Billing"]},
    {"name": "contact_name", "label": "Name", "kind": "text", "required": True},
    {"name": "contact_address", "label": "Address", "kind": "text", "required": True},
]


def test_a_new_contact_takes_the_place_of_the_old_one() -> None:
    acme = a_partner()
    old = a_contact(acme, "old@acme.example", purpose=ContactPurpose.BILLING)
    general = a_contact(acme, "all@acme.example", purpose=ContactPurpose.GENERAL)
    values = {"contact_purpose": "Billing", "contact_name": "Pia Acheson", "contact_address": "New@acme.example"}

    interaction = asked("contact-change", CONTACT, acme, values=values)

    assert interaction.status == Status.CLOSED
    in_force = Contact.objects.in_force(MONDAY.date()).filter(partner=acme)
    assert {contact.key for contact in in_force} == {"new@acme.example", general.key}
    old.refresh_from_db()
    assert old.valid_until is not None


@pytest.mark.parametrize("address", ["nobody@", "call me", "@@"])
def test_what_is_no_address_is_left_to_people(address: str) -> None:
    acme = a_partner()

    interaction = asked("contact-change", CONTACT, acme, values={"contact_name": "Pia", "contact_address": address})

    assert interaction.is_open
    assert not Contact.objects.filter(partner=acme).exists()


def test_who_is_not_signed_in_changes_no_contact() -> None:
    acme = a_partner()
    a_contact(acme, "paul@acme.example", medium=ContactMedium.EMAIL)
    a_type("own-contact-change", fields=CONTACT, self_service="contact-change")
    values = {"contact_name": "Mallory", "contact_address": "mallory@elsewhere.example"}

    interaction = an_interaction(
        acme, type="own-contact-change", channel=Channel.PHONE, values=values
    )  # Rosa took a call

    assert interaction.is_open
    assert Contact.objects.filter(partner=acme).count() == 1


def a_certificate(*, days: int) -> bytes:
    key = ed25519.Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "edi.acme.example")])
    start = datetime(2026, 5, 1, tzinfo=UTC)
    built = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=1,
        not_valid_before=start,
        not_valid_after=start + timedelta(days=days),
    ).sign(key, algorithm=None)
    assert built.signature_hash_algorithm is None or isinstance(built.signature_hash_algorithm, hashes.HashAlgorithm)
    return built.public_bytes(serialization.Encoding.PEM)


UPLOAD = [{"name": "certificate", "label": "Certificate", "kind": "file", "required": True}]


def test_a_certificate_is_read_and_kept() -> None:
    file = File(name="edi.pem", content=a_certificate(days=365))

    interaction = asked("certificate-upload", UPLOAD, values={"certificate": "edi.pem"}, files=[file])

    assert interaction.status == Status.CLOSED
    assert "edi.acme.example" in answer(interaction)
    assert "01.05.2027" in answer(interaction)


@pytest.mark.parametrize(
    "content",
    [b"hello", b"-----BEGIN CERTIFICATE-----\nx\n", a_certificate(days=3), b"0" * 200_000],
    ids=["a word", "no base64", "soon over", "too large"],
)
def test_what_is_no_valid_certificate_is_left_to_people(content: bytes) -> None:
    file = File(name="edi.pem", content=content)

    interaction = asked("certificate-upload", UPLOAD, values={"certificate": "edi.pem"}, files=[file])

    assert interaction.is_open
    assert interaction.notes.count() == 1


def test_a_reference_is_found_by_its_number() -> None:
    order = an_order()

    reference = Reference.objects.get(interaction=order)

    assert (reference.kind, reference.value) == ("ProductOrder", "PO-1")


def test_an_answer_to_what_was_answered_by_itself_reaches_people() -> None:
    an_order()
    interaction = asked("order-status", [ORDER], values={"order": "PO-1"})
    handed_in = an_intake("And when?", reply_to=interaction.pk)

    intake.receive(handed_in, actor=paul(interaction.partner), at=MONDAY + 2 * HOUR)

    interaction.refresh_from_db()
    assert (interaction.status, interaction.items.count()) == (Status.IN_PROGRESS, 3)
