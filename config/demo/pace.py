"""How time passes in the demo world: people answer in their working hours, faults are dealt with at once."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from partners.domain import business_time
from partners.domain.business_time import WorkingCalendar


@dataclass(frozen=True, kw_only=True)
class Pace:
    """`factor` stretches every wait; an urgent matter does not wait for the office to open."""

    calendar: WorkingCalendar
    factor: float = 1.0
    is_urgent: bool = False

    def after(self, at: datetime, hours: float, chance: random.Random) -> datetime:
        """About so many hours later, in working hours; never less than a minute."""
        wait = timedelta(hours=hours * self.factor * chance.uniform(0.4, 1.6))
        if self.is_urgent:
            return at + max(wait / 6, timedelta(minutes=1))
        later = at + max(wait, timedelta(minutes=1))
        opens = business_time.next_opening(later, self.calendar)
        return later if opens == later else opens + timedelta(minutes=chance.randint(3, 150))
