"""How a fact about an interaction is put: its stream, its partner, and what was known then."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from interactions.channels import text
from interactions.enums import Event
from interactions.models import Interaction
from partners.enums import Channel
from partners.payloads import Actor, Fact

MOST_TEXT = 1_000_000


def about(
    interaction: Interaction,
    event: Event,
    *,
    actor: Actor,
    at: datetime,
    channel: Channel | None = None,
    texts: Mapping[str, str] | None = None,
    quiet: bool = False,
    **known: Any,
) -> Fact:
    """A fact for `record.append`; `known` is hashed in clear and must name no person."""
    return Fact(
        stream=interaction.stream,
        event=event,
        actor=actor,
        at=at,
        partner_id=interaction.partner_id,
        channel=channel,
        facts={"interaction": interaction.pk, **known},
        # a NUL or a lone surrogate is nothing that the database could keep
        texts={name: text.clean(said, most=MOST_TEXT) for name, said in (texts or {}).items()},
        quiet=quiet,
    )
