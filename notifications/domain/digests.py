"""The daily mail: everything that was gathered for one address, put together as it leaves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from interactions.models import Interaction
from notifications.domain import rendering
from notifications.domain.rendering import Rendered
from notifications.models import Delivery


@dataclass(frozen=True, kw_only=True)
class Part:
    """What happened in one matter."""

    interaction: Interaction
    link: str
    news: list[str] = field(default_factory=list)


def render(gathered: Sequence[Delivery]) -> Rendered:
    """One mail of several messages to the same person, a part for each matter, in the order that things happened."""
    reader = gathered[0].user
    values: dict[str, Any] = {
        "count": len(gathered),
        "parts": parts_of(gathered),
        "settings_link": rendering.settings_link(),
    }
    zone, language = (reader.time_zone, reader.language) if reader else ("UTC", settings.LANGUAGE_CODE)
    return rendering.put("digest", lambda: values, time_zone=zone, language=language)


def parts_of(gathered: Iterable[Delivery]) -> list[Part]:
    parts: dict[int, Part] = {}
    for delivery in gathered:
        interaction = delivery.interaction
        if interaction is not None:
            link = rendering.link(interaction, is_partner_side=delivery.item_id is not None)
            parts.setdefault(interaction.pk, Part(interaction=interaction, link=link)).news.append(delivery.gist)
    return list(parts.values())


def message_id(bearer: Delivery) -> str:
    """A name that stays when it is sent again, and that leads an answer into none of the matters."""
    return f"<daily.{bearer.pk}@{settings.MAIL_DOMAIN}>"
