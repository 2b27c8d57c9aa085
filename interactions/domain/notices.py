"""What somebody was told is on the record; what the partner was told is also part of the conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from interactions.domain import facts
from interactions.enums import Event, ItemKind, Side
from interactions.models import Interaction, Item
from partners.domain import record
from partners.enums import Channel
from partners.payloads import SYSTEM, Fact


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One message about one record entry, to one side: `users` are all with an account, `addresses` who gets a mail."""

    interaction: Interaction
    entry_id: int
    event: str
    side: Side
    text: str
    users: Sequence[int] = ()
    addresses: Sequence[str] = field(default_factory=list)

    @property
    def channel(self) -> Channel:
        """Told on the page alone where nobody wants it by mail."""
        return Channel.EMAIL if self.addresses else Channel.WEB


@transaction.atomic
def enter(notices: Sequence[Notice], *, at: datetime) -> list[Item | None]:
    """Record notices, in the order given; returns the item of each that goes to the partner. Queries do not add up."""
    if not notices:
        return []
    last = locked_ends({notice.interaction.pk for notice in notices if notice.side == Side.PARTNER})
    items: list[Item | None] = []
    for notice in notices:
        item = None
        if notice.side == Side.PARTNER:
            last[notice.interaction.pk] += 1
            item = item_of(notice, last[notice.interaction.pk], at)
        items.append(item)
    Item.objects.bulk_create([item for item in items if item is not None])
    record.append_all([noted(notice, item, at) for notice, item in zip(notices, items, strict=True)])
    return items


def locked_ends(interaction_ids: set[int]) -> dict[int, int]:
    """The last item of each interaction, which nobody can add to until the transaction ends."""
    # by primary key, as every batch does: two batches never wait for each other in a circle
    held = (
        Interaction.objects.filter(pk__in=interaction_ids).select_for_update(of=("self",), no_key=True).order_by("pk")
    )
    ids = [interaction.pk for interaction in held.only("pk")]
    ends: Mapping[int, int] = dict(
        Item.objects.filter(interaction__in=ids)
        .values_list("interaction")
        .annotate(last=Max("sequence"))
        .values_list("interaction", "last")
    )
    return {interaction_id: ends.get(interaction_id, 0) for interaction_id in ids}


def item_of(notice: Notice, sequence: int, at: datetime) -> Item:
    return Item(
        interaction=notice.interaction,
        sequence=sequence,
        kind=ItemKind.NOTIFICATION,
        channel=notice.channel,
        side=Side.ENTERPRISE,
        author_label=SYSTEM.label,
        text=notice.text,
        at=at,
    )


def noted(notice: Notice, item: Item | None, at: datetime) -> Fact:
    return facts.about(
        notice.interaction,
        Event.NOTICE_SENT,
        actor=SYSTEM,
        at=at,
        channel=notice.channel,
        texts={"addresses": ", ".join(notice.addresses)},
        quiet=True,
        entry=notice.entry_id,
        of=notice.event,
        side=notice.side,
        users=list(notice.users),
        item=item.sequence if item else None,
    )
