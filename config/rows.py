"""A row of a list of interactions: drawn in one go, because a page has dozens of them."""

from datetime import UTC, datetime

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from config import marks
from interactions.domain.workload import Reason
from interactions.enums import Jeopardy
from interactions.models import Interaction
from partners.enums import Priority

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
OPENS = mark_safe(' data-opens hx-target="#detail" hx-push-url="true"')
ROW = (
    '<li><div class="row">'
    '<span class="row__lead">{lead}<span class="row__number">{number}</span></span>'
    '<span class="row__partner truncate">{partner}</span>'
    '<span class="row__title"><a class="row__link" href="{address}"{opens}>{subject}</a>{reason}</span>'
    '<span class="row__end">{promise}{channel}{avatar}<span class="row__age">{age}</span></span>'
    "</div></li>"
)
REASON = '<span class="row__text row__reason">{}</span>'
PROMISE = (
    '<a class="due-link" href="{0}" hx-get="{0}" hx-target="#explanation-body" hx-push-url="false"'
    ' data-dialog="explanation">{1}</a>'
)


def interaction(shown: Interaction, *, base: str, reason: Reason | None = None, opens: bool = False) -> SafeString:
    """What stands where and whose it is; `base` is the address before the number, `opens` shows it beside the list."""
    now, number = timezone.now(), shown.number
    address = f"{base}{number}/"
    promise = due(shown, now)
    return format_html(
        ROW,
        lead=lead(shown),
        number=number,
        partner=shown.partner.name,
        address=address,
        opens=format_html(' hx-get="{}"{}', address, OPENS) if opens else "",
        subject=shown.subject,
        reason=format_html(REASON, reason.words) if reason else "",
        promise=format_html(PROMISE, f"{address}promises/", promise) if promise else "",
        channel=marks.channel(shown.channel, shown.direction),
        avatar=marks.avatar(shown.assignee.name if shown.assignee else "", "xs"),
        age=marks.when(shown.started_at, now) if shown.started_at else "",
    )


def lead(shown: Interaction) -> SafeString:
    """The status, and a priority that is not the usual one."""
    usual = shown.priority == Priority.NORMAL
    priority = marks.GAP if usual else marks.priority(str(shown.priority))
    return mark_safe(marks.status(shown.status, "dot") + priority)  # noqa: S308  joined of safe parts


def due(shown: Interaction, now: datetime) -> SafeString | str:
    """The chip of the promise that runs or is paused; nothing without one."""
    if shown.waiting_for:
        return marks.paused(shown.waiting_for, short=True)
    if not shown.due_at:
        return ""
    warn_at = LONG_AGO if shown.jeopardy == Jeopardy.AT_RISK else None
    return marks.due(shown.due_at, now, warn_at=warn_at, short=True)
