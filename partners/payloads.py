"""What crosses the boundary of this app: who acts, and a fact for the record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from partners.enums import ActorKind, AssuranceLevel, Channel, Permission


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts, in which role and how strongly proven; the record keeps all of it.

    `partner_id` fences what a partner or machine may see; a representative has none.
    `user_id` is the opaque id of a person; `label` is the name shown, a personal text.
    `fresh_level` is how strongly a person proved it within the last minutes; None where that is no question.
    `permissions` are what the role allows, and `demands` the levels it asks for beyond those of `LEAST_LEVEL`.
    """

    kind: ActorKind
    user_id: int | None = None
    label: str = ""
    partner_id: int | None = None
    role_id: int | None = None
    role: str = ""
    level: int = AssuranceLevel.NONE
    fresh_level: int | None = None
    client_id: str = ""
    behalf_of_id: int | None = None
    permissions: frozenset[str] = frozenset()
    demands: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def is_of_ours(self) -> bool:
        return self.kind == ActorKind.REPRESENTATIVE

    @property
    def is_representative(self) -> bool:
        """Of ours, and here for matters: to work on them, or at least to look at all of them."""
        return self.is_of_ours and Permission.READ_MATTERS in self.permissions

    @property
    def is_partner_side(self) -> bool:
        return self.kind in {ActorKind.PARTNER, ActorKind.MACHINE, ActorKind.UNKNOWN}


SYSTEM = Actor(kind=ActorKind.SYSTEM, label="System")
NOBODY = Actor(kind=ActorKind.UNKNOWN, label="")


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing that happened, ready to be appended to a stream of the record.

    `facts` is hashed as it is and must hold no personal text; `texts` is hashed as salted digests, so that
    erasing a person later leaves the chain valid. A `quiet` fact is recorded and not announced to anybody.
    """

    stream: str
    event: str
    actor: Actor
    at: datetime
    partner_id: int | None = None
    channel: Channel | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    quiet: bool = False
