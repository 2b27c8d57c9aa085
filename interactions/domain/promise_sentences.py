"""What the record tells of promises, dates and waiting, in words."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from interactions.enums import ClockKind
from interactions.models.type_version import Unanswered
from partners.enums import EscalationTarget
from partners.models import RecordEntry


def clock_warned(entry: RecordEntry, _names: object) -> str:
    if entry.facts.get("share") == 0:
        return _("By the forecast, the promise “%(clock)s” is at risk") % {"clock": clock_name(entry)}
    return _("The promise “%(clock)s” is at risk") % {"clock": clock_name(entry)}


def clock_breached(entry: RecordEntry, _names: object) -> str:
    return _("The promise “%(clock)s” was not kept") % {"clock": clock_name(entry)}


def clock_escalated(entry: RecordEntry, _names: object) -> str:
    return _("The promise “%(clock)s” is still open at %(share)s %% of its time") % {
        "clock": clock_name(entry),
        "share": entry.facts.get("share"),
    }


def unanswered(entry: RecordEntry, _names: object) -> str:
    if entry.facts.get("rule") == Unanswered.CLOSE:
        day = day_of(entry.facts.get("next_at"))
        return _("Still no answer: the partner was told that it closes on %(day)s") % {"day": day}
    if EscalationTarget.LEADS in entry.facts.get("tell", ()):
        return _("Still no answer: the leads of both sides were told")
    return _("Still no answer: the partner was reminded")


def date_moved(entry: RecordEntry, _names: object) -> str:
    before, now = (day_of(entry.facts.get(name)) for name in ("came_from", "became"))
    return _("Date moved from %(before)s to %(now)s") % {"before": before, "now": now}


def day_of(moment: object) -> str:
    """A moment of the record as a reader's clock says it."""
    try:
        return date_format(localtime(datetime.fromisoformat(str(moment))), _("j M, H:i"))
    except ValueError:
        return "?"


def clock_name(entry: RecordEntry) -> str:
    kind = entry.facts.get("clock")
    return str(ClockKind(kind).label) if kind in ClockKind.values else str(kind)
