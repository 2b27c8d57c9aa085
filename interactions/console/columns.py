"""The columns that a row of the queue can have; whoever chooses none has the usual row."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interactions.domain.paging import Order

USUAL = "usual"  # in the address: the usual row, whatever was kept
SUBJECT = "subject"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: what heads it, what it is sorted by, and which further fields of an interaction it shows."""

    code: str
    name: Promise
    orders: tuple[Order, ...] = ()
    fields: tuple[str, ...] = ()


COLUMNS: Sequence[Column] = [
    Column(code="status", name=_("Status")),
    Column(code="priority", name=_("Priority"), orders=(Order.PRIORITY,)),
    Column(code="number", name=_("Number"), orders=(Order.NEWEST, Order.OLDEST)),
    Column(code="partner", name=_("Partner")),
    Column(code=SUBJECT, name=_("Subject")),
    Column(code="reason", name=_("What it needs")),
    Column(code="due", name=_("Due"), orders=(Order.DUE,)),
    Column(code="channel", name=_("Channel")),
    Column(code="type", name=_("Type"), fields=("type__name",)),
    Column(code="team", name=_("Team"), fields=("team__name",)),
    Column(code="assignee", name=_("Assignee")),
    Column(code="began", name=_("Began")),
    Column(code="changed", name=_("Last change"), orders=(Order.CHANGED,), fields=("updated_at",)),
]
BY_CODE = {column.code: column for column in COLUMNS}
OF_USUAL_ROW = ("status", "priority", "number", "partner", SUBJECT, "reason", "due", "channel", "assignee", "began")


def chosen(codes: Sequence[str]) -> tuple[Column, ...]:
    """The columns of these codes, each once and the subject always; none for the usual row."""
    known = tuple(dict.fromkeys(code for code in codes if code in BY_CODE))
    if not known or known == OF_USUAL_ROW or USUAL in codes:
        return ()
    return tuple(BY_CODE[code] for code in (known if SUBJECT in known else (*known, SUBJECT)))
