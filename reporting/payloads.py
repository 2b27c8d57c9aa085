"""Figures as reports show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What a number of days came to. Averages are None when nothing happened that they could be of."""

    received: int = 0
    responded: int = 0
    response_seconds: int = 0
    resolved: int = 0
    resolution_seconds: int = 0
    closed: int = 0
    enterprise_seconds: int = 0
    partner_seconds: int = 0
    third_party_seconds: int = 0
    paused_seconds: int = 0
    reopened: int = 0
    promises_kept: int = 0
    promises_broken: int = 0

    @property
    def average_response(self) -> timedelta | None:
        return timedelta(seconds=self.response_seconds // self.responded) if self.responded else None

    @property
    def average_resolution(self) -> timedelta | None:
        return timedelta(seconds=self.resolution_seconds // self.resolved) if self.resolved else None

    @property
    def average_with_us(self) -> timedelta | None:
        return self.of_each_ended(self.enterprise_seconds)

    @property
    def average_with_partner(self) -> timedelta | None:
        return self.of_each_ended(self.partner_seconds)

    @property
    def average_with_third_party(self) -> timedelta | None:
        return self.of_each_ended(self.third_party_seconds)

    @property
    def average_paused(self) -> timedelta | None:
        return self.of_each_ended(self.paused_seconds)

    def of_each_ended(self, seconds: int) -> timedelta | None:
        return timedelta(seconds=seconds // self.closed) if self.closed else None

    @property
    def reopened_words(self) -> str:
        """The share of those that ended which had been reopened before, in whole percent; empty where nothing ended."""
        return f"{self.reopened * 100 // self.closed} %" if self.closed else ""

    @property
    def kept_share(self) -> float | None:
        """Promises kept of all that ended or ran out, between 0 and 1."""
        ended = self.promises_kept + self.promises_broken
        return self.promises_kept / ended if ended else None

    @property
    def kept_words(self) -> str:
        """The share kept in whole percent, rounded down so that 100 % means all; empty where nothing ended."""
        return "" if self.kept_share is None else f"{int(self.kept_share * 100)} %"


@dataclass(frozen=True, kw_only=True)
class Group:
    """The figures of one value of a dimension, such as the channel phone."""

    key: str
    label: str
    figures: Figures


@dataclass(frozen=True, kw_only=True)
class Report:
    """Figures from `first` to `last`, both included, days in UTC; `counted_at` is when the newest was counted."""

    first: date
    last: date
    counted_at: datetime | None
    total: Figures
    by_day: Sequence[tuple[date, Figures]]
    by_channel: Sequence[Group]
    by_direction: Sequence[Group]
    by_vertical: Sequence[Group]
