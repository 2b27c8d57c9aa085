"""What a type asks for, completed or corrected while the matter is led: a mail, a call or a device leaves much out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from interactions.domain import approvals, catalogue, facts, fields, lifecycle, references
from interactions.domain.fields import Field
from interactions.enums import Event, FieldKind, Move, Status
from interactions.errors import MoveNotAllowed, NotAccepted
from interactions.models import Attachment, Interaction
from partners.domain import record
from partners.payloads import Actor


@transaction.atomic
def fill(
    interaction: Interaction, values: Mapping[str, Any], *, actor: Actor, at: datetime, version: int | None = None
) -> Interaction:
    """Store what is known now of the fields of its type; what was known before stays on the record.

    Another amount makes approvals of the one before void.

    Raises NotAccepted naming the field, MoveNotAllowed when it has ended, and ChangedMeanwhile.
    """
    interaction = lifecycle.lock(interaction.pk, version=version)
    if not can_fill(interaction):
        raise MoveNotAllowed(Move.RESOLVE, Status(interaction.status))
    asked = catalogue.version_of(interaction).fields
    stored = fields.check(asked, values, complete=False)
    refuse_files(interaction, asked, stored)
    changed = [field for field in asked if stored.get(field["name"]) != interaction.values.get(field["name"])]
    if not changed:
        return interaction
    own = {field["name"] for field in asked}
    interaction.values = {name: value for name, value in interaction.values.items() if name not in own} | stored
    lifecycle.save(interaction, at=at)
    references.note_fields(interaction, changed)
    names = [field["name"] for field in changed]
    said = {f"details.{name}": stored.get(name, "") for name in names}
    record.append(facts.about(interaction, Event.CHANGED, actor=actor, at=at, texts=said, field="details", names=names))
    approvals.void_changed(interaction, changed_by=actor.user_id, actor=actor, at=at)
    return interaction


def can_fill(interaction: Interaction) -> bool:
    """Whether its details can be changed now."""
    return interaction.status in lifecycle.OPEN


def missing(interaction: Interaction) -> list[str]:
    """The labels of what must be filled in before it is solved."""
    return fields.missing(catalogue.version_of(interaction).fields, interaction.values)


def files_of(interaction: Interaction) -> list[str]:
    """The names of the files that a field may name."""
    sent = Attachment.objects.filter(interaction=interaction, is_original=False)
    return list(dict.fromkeys(sent.order_by("id").values_list("name", flat=True)))


def refuse_files(interaction: Interaction, asked: list[Field], stored: Mapping[str, str]) -> None:
    named = [field for field in asked if field["kind"] == FieldKind.FILE and stored.get(field["name"])]
    sent = files_of(interaction) if named else []
    for field in named:
        if stored[field["name"]] not in sent:
            raise NotAccepted(
                field["name"], _("“%(label)s” is none of the files here.") % {"label": fields.label_of(field)}
            )
