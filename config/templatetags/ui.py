"""Words and icons for templates: moments, due times, durations, addresses with another query."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.http import QueryDict
from django.template import Context
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from config import cells, marks, moments, rows, signs, ui
from interactions.domain.presence import Present
from interactions.domain.workload import Reason
from interactions.models import Interaction
from partners.domain import tracing, translations
from partners.domain.mandates import Shortfall
from partners.enums import AssuranceLevel, CredentialKind, Scope

register = template.Library()

IDENTIFIER = re.compile(r"\b[A-Z]{1,8}(?:-[A-Z0-9]{1,10}){1,4}\b")


@register.filter
def when(at: datetime | None) -> str:
    """`{{ item.at|when }}`: relative up to 7 days, then the date; the exact moment on hover and focus."""
    return marks.when(at, timezone.now()) if at else ""


@register.filter
def moment(at: datetime | None) -> str:
    """`{{ item.at|moment }}`: the exact moment with its zone, for records."""
    return marks.moment(at, moments.exact(at)) if at else ""


@register.filter
def clock(at: datetime | None) -> str:
    """`{{ item.at|clock }}`: day and time as people say them, such as "today 16:15"."""
    return marks.moment(at, moments.clock(at, timezone.now())) if at else ""


@register.filter
def due(at: datetime | None, warn_at: datetime | None = None) -> moments.Due | str:
    """`{{ interaction.due_at|due }}`: "due in 2 h 10 · today 16:15"; its parts are `.state .short .words .clock`."""
    return moments.due(at, timezone.now(), warn_at=warn_at) if at else ""


@register.filter
def exact(at: datetime | None) -> str:
    """The exact moment as plain text, for a title."""
    return moments.exact(at) if at else ""


@register.filter
def duration(span: timedelta | None) -> str:
    """`{{ clock.left|duration }}`: "2 h 10"."""
    return moments.duration(span) if span is not None else ""


@register.filter
def hours(span: timedelta | None) -> str:
    """`{{ clock.within|hours }}`: business time, such as "48 h"."""
    return moments.hours(span) if span is not None else ""


@register.filter
def here_and_now(zone: str) -> str:
    """`{{ user.time_zone|here_and_now }}`: the time it is there, such as "14:05 in Berlin"."""
    return moments.here_and_now(zone, timezone.now())


@register.filter(is_safe=True)
def trim(text: str) -> str:
    """`{{ slot|trim }}`: without the white space around it; safe text stays safe."""
    return text.strip()


@register.filter
def country(code: str) -> str:
    """`{{ partner.country|country }}`: the name of a country, in the reader's language; an unknown code stays."""
    return translations.country(code)


@register.filter
def initials(name: object) -> str:
    return ui.initials(str(name))


@register.filter
def hue(name: object) -> int:
    return ui.hue(str(name))


@register.filter
def assurance(level: object) -> str:
    """`{{ actor.level|assurance }}`: how strongly somebody proved who they are, in words."""
    return str(AssuranceLevel(int(str(level or 0))).label)


@register.filter
def accepted(shortfall: Shortfall) -> str:
    """`{{ shortfall|accepted }}`: the kinds of credential, one of which is missing, in words."""
    return ", ".join(str(kind.label) for kind in CredentialKind if kind in shortfall.kinds)


@register.filter
def browser(agent: str) -> str:
    return ui.browser(agent)


@register.filter
def sign(value: object, kind: str) -> str:
    """`{{ interaction.status|sign:"status" }}`: the name of the icon that stands for a value."""
    return signs.sign(kind, value)


@register.filter
def word(value: object, kind: str) -> str:
    """`{{ interaction.channel|word:"channel" }}`: the word that stands for a value."""
    return signs.word(kind, value)


@register.simple_tag
def icon(name: str, size: int = 16, classes: str = "") -> SafeString:
    """`{% icon "phone" 16 "muted" %}`: drawn once, then remembered."""
    return ui.icon(name + "", size, classes + "")


@register.simple_tag
def status_mark(value: object, look: str = "dot", word: str = "") -> SafeString:
    """`{% status_mark interaction.status %}`: for long lists; elsewhere the component c-status draws the same."""
    return marks.status(str(value), look + "", str(word))


@register.simple_tag
def channel_mark(value: object, direction: object = "", words: bool = False) -> SafeString:
    return marks.channel(str(value), str(direction or ""), words=bool(words))


@register.simple_tag
def priority_mark(value: object, words: bool = False) -> SafeString:
    return marks.priority(str(value), words=bool(words))


@register.simple_tag
def nav_mark(
    href: str, words: Any, icon: str = "", key: str = "", current: object = False, count: object = None
) -> SafeString:
    """`{% nav_mark place.url place.entry.label "inbox" count=12 %}`: what the component c-nav-link draws."""
    shown = conditional_escape(words)  # what is remembered is told apart by its text alone, which is then always safe
    told = "" if count is None else str(count)
    return marks.nav_link(href + "", shown, icon + "", key=key + "", current=bool(current), count=told)


@register.filter
def unbroken(title: str) -> SafeString:
    """`{{ interaction.subject|unbroken }}`: no line ends within an identifier such as IPL-MUC-ZRH-195."""
    whole = IDENTIFIER.sub(r'<span class="nowrap">\g<0></span>', conditional_escape(title))
    return mark_safe(whole)  # noqa: S308  escaped above


@register.filter
def scope(code: str) -> str:
    """`{{ code|scope }}`: what a key with it may do, in words."""
    return str(Scope(code).label) if code in Scope.values else code


@register.simple_tag
def reference() -> str:
    """What finds the lines of this request in the log."""
    return tracing.reference()


@register.simple_tag
def avatar_mark(name: object, size: str = "", kind: str = "person") -> SafeString:
    return marks.avatar(str(name or ""), size + "", kind + "")


@register.simple_tag
def due_mark(
    at: datetime | None,
    warn_at: datetime | None = None,
    paused: str = "",
    short: bool = True,
) -> SafeString | str:
    """`{% due_mark interaction.due_at paused=why %}`: the chip of a promise, short as in a row; nothing without one."""
    if paused:
        return marks.paused(str(paused), short=short)
    return marks.due(at, timezone.now(), warn_at=warn_at, short=short) if at else ""


@register.simple_tag
def interaction_row(
    interaction: Interaction, base: str, reason: Reason | None = None, opens: bool = False, picks: bool = False
) -> SafeString:
    """`{% interaction_row interaction base reason opens=True %}`: one interaction as a row of a list."""
    return rows.interaction(interaction, base=base + "", reason=reason, opens=opens, picks=picks)


@register.simple_tag
def row_here(interaction_id: int, people: Sequence[Present]) -> SafeString | str:
    """`{% row_here number people %}`: the place in a row of those who are in its interaction now."""
    return rows.here((interaction_id, tuple(people)))


@register.simple_tag
def row_cells(interaction: Interaction, reason: Reason, codes: tuple[str, ...], base: str, at: datetime) -> SafeString:
    """`{% row_cells interaction reason now.codes base at %}`: the cells of the columns that somebody chose."""
    return cells.draw(cells.Row(interaction=interaction, reason=reason, base=base, at=at), codes)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """`{% query status="open" page=None %}`: the page's query with some parameters replaced; None removes one."""
    request = context.get("request")
    parameters = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        parameters.pop(name, None)
        if value is not None and value != "":
            parameters.setlist(name, [str(one) for one in value] if isinstance(value, (list, tuple)) else [str(value)])
    return f"?{parameters.urlencode()}" if parameters else "?"


@register.filter
def translated(text: str | None) -> str:
    """`{{ interaction.type.name|translated }}`: what is configured, in the reader's language."""
    return translations.translated(text or "")
