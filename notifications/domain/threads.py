"""What keeps the mails about one matter together in a mail program."""

import re
from collections.abc import Collection

from django.conf import settings

from interactions.channels import reply_address
from interactions.domain import mail
from interactions.models import InboundMessage
from partners.enums import Channel

MESSAGE_ID = re.compile(r"[^<>\s@]{1,200}@[^<>\s@]{1,120}", re.ASCII)
ROOT = 0  # no delivery has this id: the thread's own name, which every mail about an interaction refers to


class Threads:
    """The first mail that each interaction received from its partner, if any; read in one query."""

    def __init__(self, interaction_ids: Collection[int]) -> None:
        mails = InboundMessage.objects.filter(channel=Channel.EMAIL, interaction__in=list(interaction_ids))
        self.first: dict[int | None, str] = {}
        for interaction_id, external_id in mails.order_by("pk").values_list("interaction_id", "external_id"):
            if MESSAGE_ID.fullmatch(message_id := mail.message_id_in(external_id)):
                self.first.setdefault(interaction_id, f"<{message_id}>")

    def headers(self, interaction_id: int, *, is_partner_side: bool) -> dict[str, str]:
        """References to the thread, and for who wrote the first mail, to that one."""
        root = message_id(interaction_id, ROOT)
        first = self.first.get(interaction_id) if is_partner_side else None
        return {"In-Reply-To": first or root, "References": f"{root} {first}" if first else root}


def message_id(interaction_id: int, delivery_id: int) -> str:
    return reply_address.make_message_id(interaction_id, delivery_id, secret(), settings.MAIL_DOMAIN)


def reply_to(interaction_id: int) -> str:
    return reply_address.make(interaction_id, secret(), settings.MAIL_DOMAIN)


def secret() -> bytes:
    return str(settings.REPLY_SECRET).encode()
