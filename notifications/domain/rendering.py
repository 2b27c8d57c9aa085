"""The words of a notice, in the language and the time zone of whoever reads it.

templates/notifications/<wording>.txt holds a subject in its first line and the words beneath; both layouts, text and
HTML, put the same words on paper. Another language has wordings of its own, in a folder with its code: whole letters,
because a sentence is built otherwise there. What a partner reads is put together here from what is meant for partners
only.
"""

import zoneinfo
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template import Context, Template
from django.template.loader import select_template
from django.utils import timezone, translation
from django.utils.translation import gettext

from interactions.channels import text as texts
from interactions.domain import order_lines, unanswered
from interactions.domain.thresholds import FORECAST
from interactions.enums import ChangeKind, ChangeState, ClockKind, Event, Side, Status
from interactions.models import Interaction
from interactions.models.interaction import Needed
from partners.domain.translations import translated, words_of
from partners.enums import ActorKind
from partners.models import RecordEntry

MOST_SUBJECT = 240
MOST_SAID = 20_000
MOST_WORDS = 40_000
MOST_GIST = 600
SAYING = frozenset({Event.ITEM_ADDED, Event.RECEIVED, Event.RAISED})


@dataclass(frozen=True, kw_only=True)
class Happening:
    """What is told: an entry of the record, what each side said in the same moment, and the step it speaks of."""

    interaction: Interaction
    entry: RecordEntry
    said_by_us: str = ""
    said_to_us: str = ""
    step_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How somebody reads: who has no account is not led to a page that would ask for one."""

    time_zone: str
    language: str
    is_partner_side: bool
    has_account: bool


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A notice as it is sent; `words` is what the conversation keeps of it, `gist` what a daily mail says of it."""

    subject: str
    words: str
    text: str
    html: str
    gist: str = ""


def happening(entry: RecordEntry, moment: Sequence[RecordEntry], interaction: Interaction, step: str) -> Happening:
    """`moment` are all entries of one transaction: the words said in it belong to the one message about it."""
    said = {one.facts.get("side"): one.text("text") for one in moment if one.event in SAYING}
    return Happening(
        interaction=interaction,
        entry=entry,
        said_by_us=said.get(Side.ENTERPRISE, ""),
        said_to_us=said.get(Side.PARTNER, "") or said.get(Side.THIRD_PARTY, ""),
        step_name=step,
    )


def render(what: Happening, wording: str, reading: Reading) -> Rendered:
    """Subject, text and HTML; every value is text: nothing in it is read as markup or as a header."""
    return put(wording, lambda: values_of(what, reading), time_zone=reading.time_zone, language=reading.language)


def put(wording: str, values_now: Callable[[], dict[str, Any]], *, time_zone: str, language: str) -> Rendered:
    """A wording with its values, read in the zone and language; without a `number` it is about no interaction.

    `link` leads on, in the words of `action`.
    """
    with timezone.override(zoneinfo.ZoneInfo(time_zone)), translation.override(language):
        values = {"enterprise": settings.ENTERPRISE_NAME, "language": translation.get_language(), **values_now()}
        written = fill(f"{wording}.txt", values, escaped=False)
        headline, _, words = written.strip().partition("\n")
        values |= {"headline": texts.flatten(headline, most=MOST_SUBJECT), "words": paragraphs(words)}
        place = f"[{values['number']}] " if values.get("number") else ""
        return Rendered(
            subject=texts.flatten(f"{place}{headline}", most=MOST_SUBJECT),
            words=values["words"][:MOST_WORDS] or values["headline"],
            text=paragraphs(fill("layout.txt", values, escaped=False)) + "\n",
            html=fill("layout.html", values, escaped=True),
            gist="\n\n".join(filter(None, [values["words"] or values["headline"], shortened(values.get("said", ""))])),
        )


def render_letter(wording: str, *, secret: str, language: str, action: str = "", page: str = "") -> Rendered:
    """A letter about no interaction; `secret` is what its wording, or the link to a page, shows in that place."""
    with translation.override(language or settings.LANGUAGE_CODE):
        values: dict[str, Any] = {
            "secret": secret,
            "link": f"{settings.BASE_URL}{page}" if page else "",
            "button": gettext(action) if action else "",
            "enterprise": settings.ENTERPRISE_NAME,
            "base_url": settings.BASE_URL,
            "language": translation.get_language(),
        }
        headline, _, words = fill(f"{wording}.txt", values, escaped=False).strip().partition("\n")
        values |= {"headline": texts.flatten(headline, most=MOST_SUBJECT), "words": paragraphs(words)}
        return Rendered(
            subject=values["headline"],
            words=values["words"],
            text=paragraphs(fill("letter.txt", values, escaped=False)) + "\n",
            html=fill("letter.html", values, escaped=True),
        )


def values_of(what: Happening, reading: Reading) -> dict[str, Any]:
    """Everything a wording may speak of."""
    interaction, entry = what.interaction, what.entry
    values = {
        "number": interaction.number,
        "title": texts.flatten(interaction.subject, most=MOST_SUBJECT),
        "type": translated(interaction.type.name),
        "partner": interaction.partner.name,
        "status": Status(interaction.status).label,
        "due_at": moment_in(entry, "due_at") or interaction.due_at,
        "came_from": moment_in(entry, "came_from"),
        "became": moment_in(entry, "became"),
        "waiting_until": interaction.waiting_until,
        "waiting_for": entry.text("waiting_for") or interaction.waiting_for,
        "reason": words_of(entry, "reason"),
        **change(entry),
        "other": f"BPI-{entry.facts['other']:07d}" if isinstance(entry.facts.get("other"), int) else "",
        "closes_at": unanswered.closes_at(interaction),
        "needed": Needed(interaction.waiting_kind).label.lower() if interaction.waiting_kind else "",
        "close_due_at": interaction.close_due_at,
        "order_lines": lambda: [order_lines.told(line) for line in order_lines.of(interaction)],
        "resolution": entry.text("resolution") or interaction.resolution,
        "error": entry.text("error"),
        "note": "" if reading.is_partner_side else entry.text("note"),
        "address": entry.text("address"),
        "who": entry.actor_label if entry.actor_kind != ActorKind.SYSTEM else "",
        "at": entry.at,
        # nobody is sent their own words: whoever forged a sender could have us write to anybody
        "said": texts.clean(what.said_by_us if reading.is_partner_side else what.said_to_us, most=MOST_SAID).strip(),
        "step": translated(what.step_name),
        "clock": ClockKind(entry.facts["clock"]).label if entry.facts.get("clock") in ClockKind.values else "",
        "is_forecast": entry.facts.get("share") == FORECAST,
        "team": translated(interaction.team.name),
        "interaction": interaction,
        "is_partner_side": reading.is_partner_side,
        "action": gettext("Open %(number)s") % {"number": interaction.number},
        "link": link(interaction, is_partner_side=reading.is_partner_side) if reading.has_account else "",
        "settings_link": settings_link() if reading.has_account else "",
    }
    return veiled(values) if reading.is_partner_side and interaction.type.is_guarded else values


def veiled(values: dict[str, Any]) -> dict[str, Any]:
    """What is said in a guarded matter is read after signing in, and not in a mail."""
    hidden = gettext("to be read after signing in")
    return values | {name: hidden for name in ("said", "reason", "resolution", "wanted", "decision") if values[name]}


def shortened(said: str) -> str:
    """The beginning of what was said; a daily mail leads to the rest."""
    return said if len(said) <= MOST_GIST else f"{said[:MOST_GIST].rsplit(maxsplit=1)[0]} …"


def change(entry: RecordEntry) -> dict[str, Any]:
    """What was wished for, and what was decided."""
    kind = entry.facts.get("kind")
    return {
        "change": ChangeKind(kind).label if kind in ChangeKind.values else "",
        "is_accepted": entry.facts.get("state") == ChangeState.ACCEPTED,
        "wanted": entry.text("wanted"),
        "decision": entry.text("decision"),
        "consequence": entry.text("consequence"),
    }


def moment_in(entry: RecordEntry, name: str) -> datetime | None:
    """A moment that the entry knows; a status may stand where another entry has one."""
    try:
        return datetime.fromisoformat(str(entry.facts.get(name)))
    except ValueError:
        return None


def link(interaction: Interaction, *, is_partner_side: bool) -> str:
    """The page of an interaction, for the side that reads: the portal or the console."""
    return f"{settings.BASE_URL}/{'portal' if is_partner_side else 'console'}/interactions/{interaction.number}/"


def settings_link() -> str:
    """Where people say which mails they get, and when."""
    return f"{settings.BASE_URL}/account/notices/"


def fill(name: str, values: dict[str, Any], *, escaped: bool) -> str:
    return template(name, translation.get_language()).render(Context(values, autoescape=escaped))


@lru_cache(maxsize=256)
def template(name: str, language: str | None) -> Template:
    """In the language, where there is a wording of its own; else in English."""
    found: Template = select_template([f"notifications/{language}/{name}", f"notifications/{name}"]).template
    return found


def paragraphs(text: str) -> str:
    """Text with at most one empty line between paragraphs, whatever a template left out."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return "\n".join(kept)
