"""A row of a list of interactions: drawn in one go and remembered, because a page has dozens of them."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config import marks
from interactions.domain.presence import Present
from interactions.domain.workload import Reason
from interactions.enums import Jeopardy
from interactions.models import Interaction
from partners.enums import Priority

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
OPENS = mark_safe(' data-opens hx-target="#detail" hx-push-url="true"')
ROW = (
    '<li><div class="row"{unread}>'
    '<span class="row__lead">{box}{lead}<span class="row__number">{number}</span></span>'
    '<span class="row__partner truncate">{partner}</span>'
    '<span class="row__title"><a class="row__link" href="{address}"{opens}>{subject}{word}</a>{reason}</span>'
    "{here}"
    '<span class="row__end">{promise}{channel}{avatar}<span class="row__age">{age}</span></span>'
    "</div></li>"
)
BOX = '<input class="row__pick" type="checkbox" name="row" value="{}.{}" aria-label="{} {}">'
MARKED = mark_safe(" data-unread")
HERE = '<span class="row__here" data-of="{}">{}</span>'
UNREAD = '<span class="row__unread"> ({})</span>'
REASON = '<span class="row__text row__reason">{}</span>'
PROMISE = (
    '<a class="due-link" href="{0}" hx-get="{0}" hx-target="#explanation-body" hx-push-url="false"'
    ' data-dialog="explanation">{1}</a>'
)


class Shown(NamedTuple):
    """What a row shows: with the same values it looks the same."""

    address: str
    opens: bool
    picked_as: tuple[int, int] | None
    number: str
    partner: str
    subject: str
    status: str
    priority: int
    channel: str
    direction: str
    assignee: str
    reason: Reason | None
    waiting_for: str
    has_news: bool | None
    due_at: datetime | None
    is_at_risk: bool
    started_at: datetime | None
    here: tuple[int, tuple[Present, ...]] | None


def interaction(
    row: Interaction, *, base: str, reason: Reason | None = None, opens: bool = False, picks: bool = False
) -> SafeString:
    """What stands where and whose it is; `base` is the address before the number, `opens` shows it beside the list,
    and where a list `picks`, a box chooses the row.
    """
    number = row.number
    shown = Shown(
        address=f"{base}{number}/",
        opens=opens,
        picked_as=(row.pk, row.version) if picks else None,
        number=number,
        partner=row.partner.name,
        subject=row.subject,
        status=row.status,
        priority=row.priority,
        channel=row.channel,
        direction=row.direction,
        assignee=row.assignee.name if row.assignee else "",
        reason=reason,
        waiting_for=row.waiting_for,
        has_news=getattr(row, "has_news", None),
        due_at=row.due_at,
        is_at_risk=row.jeopardy == Jeopardy.AT_RISK,
        started_at=row.started_at,
        here=who(row),
    )
    now = marks.whole_minute(timezone.now(), near=(row.due_at, row.started_at))
    return drawn(shown, now, get_current_timezone_name(), get_language())


@lru_cache(maxsize=4096)
def drawn(shown: Shown, now: datetime, _zone: str, _language: str | None) -> SafeString:
    promise = due(shown.waiting_for, shown.due_at, now, is_at_risk=shown.is_at_risk)
    return format_html(
        ROW,
        box=box(shown.number, *shown.picked_as) if shown.picked_as else "",
        lead=lead(shown),
        number=shown.number,
        partner=shown.partner,
        address=shown.address,
        opens=format_html(' hx-get="{}"{}', shown.address, OPENS) if shown.opens else "",
        subject=shown.subject,
        unread=MARKED if shown.has_news else "",
        word=word_of(shown.has_news),
        reason=format_html(REASON, shown.reason.words) if shown.reason else "",
        here=here(shown.here),
        promise=format_html(PROMISE, f"{shown.address}promises/", promise) if promise else "",
        channel=marks.channel(shown.channel, shown.direction),
        avatar=marks.avatar(shown.assignee, "xs"),
        age=marks.when(shown.started_at, now) if shown.started_at else "",
    )


def lead(shown: Shown) -> SafeString:
    """The status, and a priority that is not the usual one."""
    usual = shown.priority == Priority.NORMAL
    priority = marks.GAP if usual else marks.priority(str(shown.priority))
    return mark_safe(marks.status(shown.status, "dot") + priority)  # noqa: S308  joined of safe parts


def word_of(has_news: bool | None) -> SafeString | str:
    """What a screen reader says of a marked row, hidden where there is no mark; None: this list has no marks."""
    return "" if has_news is None else format_html(UNREAD, _("unread"))


def who(row: Interaction) -> tuple[int, tuple[Present, ...]] | None:
    """The others who are in it now, with its id; None: this list does not show it."""
    present = getattr(row, "present", None)
    return None if present is None else (row.pk, present)


def here(found: tuple[int, tuple[Present, ...]] | None) -> SafeString | str:
    """The place of those who are in a row, which is there without anybody too."""
    if found is None:
        return ""
    interaction_id, present = found
    return format_html(HERE, interaction_id, marks.present(present) if present else "")


def box(number: str, interaction_id: int, version: int) -> SafeString:
    """What chooses a row, at the version that is looked at."""
    return format_html(BOX, interaction_id, version, _("Choose"), number)


def due(waiting_for: str, due_at: datetime | None, now: datetime, *, is_at_risk: bool) -> SafeString | str:
    """The chip of the promise that runs or is paused; nothing without one."""
    if waiting_for:
        return marks.paused(waiting_for, short=True)
    if not due_at:
        return ""
    return marks.due(due_at, now, warn_at=LONG_AGO if is_at_risk else None, short=True)
