"""The cells of a row whose columns somebody chose; `config/rows.py` draws the usual row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from config import marks, rows
from interactions.domain.workload import Reason
from interactions.enums import Jeopardy
from interactions.models import Interaction
from partners.domain.translations import translated

SUBJECT = '<a class="row__link" href="{0}" data-opens hx-get="{0}" hx-target="#detail" hx-push-url="true">{1}{2}</a>{3}'


@dataclass(frozen=True, kw_only=True)
class Row:
    """One interaction, why it stands where it stands, the address before its number, and now."""

    interaction: Interaction
    reason: Reason
    base: str
    at: datetime

    @property
    def address(self) -> str:
        return f"{self.base}{self.interaction.number}/"


def due(row: Row) -> SafeString | str:
    one = row.interaction
    chip = rows.due(one.waiting_for, one.due_at, row.at, is_at_risk=one.jeopardy == Jeopardy.AT_RISK)
    return format_html(rows.PROMISE, f"{row.address}promises/", chip) if chip else ""


def assignee(row: Row) -> SafeString:
    name = row.interaction.assignee.name if row.interaction.assignee else ""
    return format_html("{}<span class=truncate>{}</span>", marks.avatar(name, "xs"), name)


def subject(row: Row) -> SafeString:
    one = row.interaction
    word = rows.word_of(getattr(one, "has_news", None))
    return format_html(SUBJECT, row.address, one.subject, word, rows.here(rows.who(one)))


DRAWN: Mapping[str, Callable[[Row], SafeString | str]] = {
    "status": lambda row: marks.status(row.interaction.status),
    "priority": lambda row: marks.priority(str(row.interaction.priority), words=True),
    "number": lambda row: row.interaction.number,
    "partner": lambda row: row.interaction.partner.name,
    "subject": subject,
    "reason": lambda row: str(row.reason.words),
    "due": due,
    "channel": lambda row: marks.channel(row.interaction.channel, row.interaction.direction),
    "type": lambda row: translated(row.interaction.type.name),
    "team": lambda row: translated(row.interaction.team.name),
    "assignee": assignee,
    "began": lambda row: marks.when(row.interaction.started_at, row.at),
    "changed": lambda row: marks.when(row.interaction.updated_at, row.at),
}


def draw(row: Row, codes: tuple[str, ...]) -> SafeString:
    drawn = (format_html('<span class="cell cell--{}">{}</span>', code, DRAWN[code](row)) for code in codes)
    box = rows.box(row.interaction.number, row.interaction.pk, row.interaction.version)
    return mark_safe(box + "".join(drawn))  # noqa: S308  joined of safe parts
