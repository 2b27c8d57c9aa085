"""The small marks that lists repeat hundreds of times: drawn once per value and remembered, not once per row."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache, wraps
from typing import ParamSpec

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone_name, localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config import moments, signs, ui
from interactions.domain.presence import Present

Given = ParamSpec("Given")

MOST_FACES = 2
FACE = '<span class="here__one"{}>{}{}</span>'
WRITING = mark_safe(" data-writing")
GAP = mark_safe('<span class="row__gap"></span>')  # where a row has no mark of its own


def remembered(most: int) -> Callable[[Callable[Given, SafeString]], Callable[Given, SafeString]]:
    """Draw once for each language: the words in it are those of the reader."""

    def remember(draw: Callable[Given, SafeString]) -> Callable[Given, SafeString]:
        @lru_cache(maxsize=most)
        def drawn(_language: str | None, *args: Given.args, **kwargs: Given.kwargs) -> SafeString:
            return draw(*args, **kwargs)

        @wraps(draw)
        def mark(*args: Given.args, **kwargs: Given.kwargs) -> SafeString:
            return drawn(get_language(), *args, **kwargs)  # type: ignore[arg-type]  # whatever is drawn is hashable

        return mark

    return remember


@remembered(512)
def status(value: str, look: str = "", wording: str = "") -> SafeString:
    """Icon and word of a status; `look` is "", "pill" or "dot" (the word only for readers)."""
    text = wording or signs.word("status", value)
    is_dot = look == "dot"
    return format_html(
        '<span class="status" data-value="{}"{}{}>{}<span class="{}">{}</span></span>',
        value,
        format_html(' data-look="{}"', look) if look else "",
        format_html(' title="{}"', text) if is_dot else "",
        ui.icon(signs.sign("status", value), 14),
        "visually-hidden" if is_dot else "status__word",
        text,
    )


@remembered(512)
def channel(value: str, direction: str = "", *, words: bool = False) -> SafeString:
    """The icon of a channel with the arrow of a direction; the words for readers, or for all with `words`."""
    said = [signs.word("direction", direction)] if direction else []
    text = ", ".join([*said, signs.word("channel", value)])
    return format_html(
        '<span class="channel"{} title="{}">{}{}<span{}>{}</span></span>',
        format_html(' data-direction="{}"', direction) if direction else "",
        text,
        ui.icon(signs.sign("channel", value), 14),
        ui.icon(signs.sign("direction", direction), 12, "channel__arrow") if direction else "",
        "" if words else mark_safe(' class="visually-hidden"'),
        text,
    )


@remembered(256)
def priority(value: str, *, words: bool = False) -> SafeString:
    text = signs.word("priority", value)
    return format_html(
        '<span class="priority" data-value="{}" title="{}">{}<span{}>{}</span></span>',
        value,
        text,
        ui.icon(signs.sign("priority", value), 14),
        "" if words else mark_safe(' class="visually-hidden"'),
        text,
    )


@remembered(2048)
def avatar(name: str, size: str = "", kind: str = "person", title: str = "") -> SafeString:
    """Initials of a person (round) or of a partner (square); without a name, nobody. The title is the name, or more."""
    sized = format_html(' data-size="{}"', size) if size else ""
    if not name:
        return format_html(
            '<span class="avatar" data-kind="nobody"{} title="{}" aria-hidden="true"></span>', sized, _("Nobody yet")
        )
    return format_html(
        '<span class="avatar" data-kind="{}" data-hue="{}"{} title="{}" aria-hidden="true">{}</span>',
        kind,
        ui.hue(name),
        sized,
        title or name,
        ui.initials(name),
    )


@remembered(512)
def present(people: tuple[Present, ...]) -> SafeString:
    """Who is in something now: the writers first, with a pencil; at most MOST_FACES, and how many more."""
    ordered = sorted(people, key=lambda one: (not one.is_writing, one.name))
    words = [
        (_("%(name)s is writing here") if one.is_writing else _("%(name)s is reading here")) % {"name": one.name}
        for one in ordered
    ]
    faces = format_html_join("", FACE, (face_of(*one) for one in list(zip(ordered, words, strict=True))[:MOST_FACES]))
    left = words[MOST_FACES:]
    more = format_html('<span class="here__more" title="{}">+{}</span>', ", ".join(left), len(left)) if left else ""
    return format_html('<span class="here" role="img" aria-label="{}">{}{}</span>', ", ".join(words), faces, more)


def face_of(one: Present, words: str) -> tuple[SafeString | str, SafeString, SafeString | str]:
    """How somebody is drawn who reads or writes."""
    mark, pencil = (WRITING, ui.icon("pencil", 10)) if one.is_writing else ("", "")
    return mark, avatar(one.name, "xs", title=words), pencil


def due(at: datetime, now: datetime, *, warn_at: datetime | None = None, short: bool = False) -> SafeString:
    """The chip of a running promise; `short` fits a row and says the whole to readers and on hover."""
    return _due(at, whole_minute(now, near=(at, warn_at)), warn_at, short, get_current_timezone_name(), get_language())


def when(at: datetime, now: datetime) -> SafeString:
    """How far away a moment is, with the exact one on hover."""
    return _when(at, whole_minute(now, near=(at,)), get_current_timezone_name(), get_language())


def whole_minute(now: datetime, *, near: Iterable[datetime | None]) -> datetime:
    """The begin of the minute, so that within it everything is drawn once; `now` itself where a word may change."""
    if any(at is not None and abs(at - now) < 2 * moments.MINUTE for at in near):
        return now
    return now.replace(second=0, microsecond=0)


@lru_cache(maxsize=8192)
def _when(at: datetime, now: datetime, _zone: str, _language: str | None) -> SafeString:
    return moment(at, moments.relative(at, now))


def moment(at: datetime, text: str) -> SafeString:
    """Some words for a moment, with the moment itself for machines and on hover."""
    local = localtime(at)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(timespec="seconds"), moments.exact(at), text
    )


@lru_cache(maxsize=8192)
def _due(
    at: datetime, now: datetime, warn_at: datetime | None, short: bool, _zone: str, _language: str | None
) -> SafeString:
    promise = moments.due(at, now, warn_at=warn_at)
    shown = (
        format_html(
            '<span aria-hidden="true">{}</span><span class="visually-hidden">{}</span>', promise.short, promise.words
        )
        if short
        else format_html("<span>{}</span>", str(promise))
    )
    return format_html(
        '<span class="due" data-state="{}" title="{} · {}">{}{}</span>',
        promise.state.value,
        promise.words,
        moments.exact(at),
        ui.icon(signs.sign("due", promise.state), 12),
        shown,
    )


@remembered(512)
def paused(why: str, *, short: bool = False) -> SafeString:
    """The chip of a promise that does not count at the moment, and why."""
    shown = (
        format_html('<span>{}</span><span class="visually-hidden">: {}</span>', _("Paused"), why)
        if short
        else format_html("<span>{}: {}</span>", _("Paused"), why)
    )
    return format_html(
        '<span class="due" data-state="paused" title="{}">{}{}</span>',
        why,
        ui.icon(signs.sign("due", "paused"), 12),
        shown,
    )


@lru_cache(maxsize=2048)
def nav_link(
    href: str, words: SafeString, icon: str = "", *, key: str = "", current: bool = False, count: str = ""
) -> SafeString:
    """A line of a navigation or of a list of views; `key` follows `g` on the keyboard."""
    return format_html(
        '<a class="nav-link" href="{}"{}{}>{}<span class="truncate">{}</span>{}</a>',
        href,
        mark_safe(' aria-current="page"') if current else "",
        format_html(' data-go="{}"', key) if key else "",
        ui.icon(icon, 16) if icon else "",
        words,
        format_html('<span class="count" data-tone="plain">{}</span>', count) if count else "",
    )
