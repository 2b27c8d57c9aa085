"""Key pairs by which others know that a question comes from us."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

BITS = 3072
LIFE = timedelta(days=3 * 365)
DRIFT = timedelta(hours=1)  # that another's clock may be behind ours
LONGEST_NAME = 64  # of a common name in a certificate


def make(name: str, *, at: datetime) -> tuple[str, str]:
    """A private key and its own certificate, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:LONGEST_NAME])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - DRIFT)
        .not_valid_after(at + LIFE)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


def ends_at(certificate: str) -> datetime | None:
    """Until when a certificate counts; None where there is none."""
    if not certificate:
        return None
    return x509.load_pem_x509_certificate(certificate.encode()).not_valid_after_utc.astimezone(UTC)


def fingerprint(certificate: str) -> str:
    """The SHA-256 by which two people compare a certificate over the phone."""
    found = x509.load_pem_x509_certificate(certificate.encode()).fingerprint(hashes.SHA256()).hex().upper()
    return ":".join(found[place : place + 2] for place in range(0, len(found), 2))
