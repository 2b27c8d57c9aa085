"""Our new certificate: read, checked and kept, and told until when it is valid."""

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.utils.translation import gettext as _

from interactions.domain.actions import NotPossible, Outcome, Task, action
from interactions.models import Attachment

MOST_BYTES = 100_000


@action("certificate-upload", "Take over a certificate", asks=("certificate",))
def certificate_upload(task: Task) -> Outcome:
    certificate = read(task)
    until, name = certificate.not_valid_after_utc, certificate.subject.rfc4514_string()
    if until <= task.at:
        raise NotPossible(
            _("The certificate %(name)s ended on %(date)s.") % {"name": name, "date": f"{until:%d.%m.%Y}"}
        )
    told = {
        "name": name,
        "date": f"{until:%d.%m.%Y}",
        "fingerprint": certificate.fingerprint(hashes.SHA256()).hex(":").upper(),
    }
    text = _("We have your certificate %(name)s. It is valid until %(date)s.\nSHA-256: %(fingerprint)s")
    return Outcome(text=text % told, values={"certificate_until": until.date().isoformat()})


def read(task: Task) -> x509.Certificate:
    """The certificate among the files that were sent, in PEM or DER."""
    name = task.value("certificate")
    sent = Attachment.objects.filter(interaction=task.interaction, name=name, is_original=False).order_by("id").first()
    if sent is None or sent.size > MOST_BYTES:
        raise NotPossible(_("There is no file “%(name)s” that could be a certificate.") % {"name": name})
    with sent.file.open("rb") as file:
        content = file.read()
    try:
        is_pem = content.lstrip().startswith(b"-----BEGIN")
        return x509.load_pem_x509_certificate(content) if is_pem else x509.load_der_x509_certificate(content)
    except ValueError as error:
        raise NotPossible(_("“%(name)s” is no certificate in PEM or DER.") % {"name": name}) from error
