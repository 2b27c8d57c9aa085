"""Of a secret only its digest is kept: enough to know it again, and nothing to be had from a dump."""

import hashlib


def digest_of(secret: str) -> str:
    """SHA-256 in hex. Quick, which is right for secrets of 128 bits or more, and for no password."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
