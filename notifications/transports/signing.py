"""What proves to a receiver that a webhook is ours: Standard Webhooks 1.0.0."""

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from standardwebhooks import Webhook

PREFIX = "whsec_"


def new_secret() -> str:
    """32 random bytes as every library of the standard reads them."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers_of(message_id: str, body: str, *, keys: Sequence[str], at: datetime) -> Mapping[str, str]:
    """The headers of one try; a signature for each key, so that a receiver may hold either while one is replaced."""
    signatures = [Webhook(key).sign(message_id, at, body) for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
