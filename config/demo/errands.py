"""What partners have done at once: they ask for what we hold, and send what can be checked without staff."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from config.demo.matters import Matter
from interactions.models import Attachment, Reference
from interactions.payloads import File

if TYPE_CHECKING:
    from config.demo.stories import Story

ORDER, BILL = "ProductOrder", "CustomerBill"
YEAR = timedelta(days=365)


ASKS_FOR = {"order-status": ORDER, "bill-copy": BILL}


def able(story: "Story") -> "Story":
    """The story asks for an order or a bill that we know; where there is none, it is a question like any other."""
    kind = ASKS_FOR.get(story.matter.type)
    if kind is None:
        return story
    known = Reference.objects.filter(kind=kind, interaction__partner=story.company.partner)
    if kind == BILL:
        said = Attachment.objects.filter(item__isnull=False, is_original=False)
        known = known.filter(interaction__in=said.values("interaction"))
    found = known.exclude(interaction__type__code=story.matter.type).order_by("-pk").first()
    if found is None:
        return replace(story, matter=replace(story.matter, type="general-query", values={}))
    return replace(story, particulars=story.particulars | {"order": found.value, "bill": found.value})


def files(story: "Story", matter: Matter, at: datetime) -> list[File]:
    """The certificate that is uploaded."""
    name = matter.values.get("certificate")
    if name is None:
        return []
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"systems.{story.company.domain}")])
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(story.number).not_valid_before(at).not_valid_after(at + YEAR)
    content = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    return [File(name=story.fill(name), content=content, content_type="application/x-pem-file")]
