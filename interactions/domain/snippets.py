"""Texts that are said again and again, filled in for the interaction they are used in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from interactions.enums import Side
from interactions.models import Interaction, Participant, Snippet
from interactions.validators import VARIABLE
from partners.domain.translations import translated
from partners.payloads import Actor

MOST = 200


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A snippet as it reads here."""

    id: int
    name: str
    mode: str
    text: str


def offered(interaction: Interaction, *, actor: Actor) -> Sequence[Filled]:
    """Everybody's snippets and those of the interaction's team."""
    found = list(Snippet.objects.for_team(interaction.team_id)[:MOST])
    values = values_for(interaction, actor=actor) if found else {}
    return [
        Filled(id=one.pk, name=one.name, mode=one.mode, text=fill(one.text, values)) for one in found
    ]  # fmt: skip


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in; what nothing is known for is left open to the eye."""
    return VARIABLE.sub(lambda found: values.get(found[1]) or "…", text)


def values_for(interaction: Interaction, *, actor: Actor) -> Mapping[str, str]:
    people = Participant.objects.filter(interaction=interaction, side=Side.PARTNER).select_related("user")
    person = people.order_by("id").first()
    return {
        "partner": interaction.partner.name,
        "person": (person.user.name if person.user else person.name) if person else "",
        "number": interaction.number,
        "subject": interaction.subject,
        "type": translated(interaction.type.name),
        "due": moment(interaction.due_at) if interaction.due_at else "",
        "me": actor.label,
        "team": translated(interaction.team.name),
        "enterprise": settings.ENTERPRISE_NAME,
    }


def moment(at: datetime) -> str:
    """With its zone: the reader may be elsewhere."""
    local = localtime(at)
    form = gettext("j F Y, H:i")
    return f"{date_format(local, form)} {local.tzname()}"
