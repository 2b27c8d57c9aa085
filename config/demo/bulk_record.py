"""Entries of the record for interactions made in bulk: the same chain as ever, without a model instance for each."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from partners.domain import canonical, chain
from partners.payloads import Actor

COLUMNS = (
    "stream", "sequence", "partner_id", "event", "at", "channel", "actor_kind", "actor_id", "actor_role", "actor_level",
    "actor_client", "behalf_of_id", "facts", "texts", "text_digests", "previous", "digest",
)  # fmt: skip

PLAIN = json.JSONEncoder(ensure_ascii=False, check_circular=False)

Row = tuple[Any, ...]


@dataclass
class Stream:
    """A chain that grows entry by entry; `rows` are in the order of COLUMNS."""

    name: str
    partner_id: int
    length: int = 0
    digest: bytes = chain.GENESIS
    rows: list[Row] = field(default_factory=list)

    def append(
        self,
        event: str,
        known: Mapping[str, Any],
        *,
        actor: Actor,
        at: datetime,
        channel: str = "",
        texts: Mapping[str, str] | None = None,
    ) -> None:
        sealed = {
            name: {"salt": secrets.token_hex(16), "text": text}
            for name, text in {"actor": actor.label, **(texts or {})}.items()
            if text
        }
        digests = {name: chain.text_digest(**one) for name, one in sealed.items()}
        document = {
            "stream": self.name,
            "sequence": self.length + 1,
            "partner": self.partner_id,
            "event": event,
            "at": chain.moment(at),
            "channel": channel,
            "actor": {
                "kind": str(actor.kind),
                "id": actor.user_id,
                "role": actor.role,
                "level": int(actor.level),
                "client": actor.client_id,
                "behalf_of": None,
            },
            "facts": known,
            "texts": digests,
        }
        previous, self.length = self.digest, self.length + 1
        self.digest = hashlib.sha256(previous + canonical.plainly(document)).digest()
        self.rows.append((
            self.name, self.length, self.partner_id, event, at, channel, str(actor.kind), actor.user_id, actor.role,
            int(actor.level), actor.client_id, None, as_json(known), as_json(sealed), as_json(digests), previous,
            self.digest,
        ))  # fmt: skip


def as_json(document: Mapping[str, Any]) -> str:
    return PLAIN.encode(document)
