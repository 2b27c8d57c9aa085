"""When how much of a promise's time will have passed, and who is told then."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from interactions.enums import ClockKind, Event
from interactions.models import Clock
from partners.domain import business_time, calendars, escalation
from partners.domain.escalation import DUE, Chain
from partners.enums import EscalationTarget
from partners.models.policy_version import usual_reminders

FORECAST = 0  # instead of a share: what is left to do takes longer than what is left of the time
LEAST_OVERTIME = timedelta(hours=1)  # so that a time too short to divide does not tell everybody at once


def chain_of(clock: Clock) -> Chain:
    """Whom the clock concerns when, by the version of the policy that it was promised by, or by the step's team."""
    if clock.kind == ClockKind.STEP and clock.step is not None:
        return escalation.read(clock.step.team.escalation)
    if clock.is_answer:
        return escalation.read(clock.policy.reminders if clock.policy else usual_reminders())
    return escalation.read(clock.policy.escalation if clock.policy else {})


def moment(clock: Clock, share: int) -> datetime:
    """When `share` per cent of the time of a running clock will have passed, or passed."""
    calendar = calendars.working(clock.calendar_id)
    if clock.due_at is None or clock.since is None:
        raise ValueError("only a clock that runs reaches anything")
    if share < DUE:
        return business_time.due(clock.since, clock.allowed * share / DUE - clock.counted, calendar)
    over = max(clock.allowed, LEAST_OVERTIME) * (share - DUE) / DUE
    return business_time.due(clock.due_at, over, calendar)


def schedule(clock: Clock) -> None:
    """Set when the next threshold is reached, and which it is. Only a running clock reaches any."""
    clock.next_at = clock.next_share = None
    if not clock.is_running:
        return
    share = chain_of(clock).after(clock.told_share)
    if share is not None:
        clock.next_at, clock.next_share = moment(clock, share), share
    risk_at = None if clock.is_forewarned or clock.told_share >= DUE else clock.risk_at
    if risk_at is not None and (clock.next_at is None or risk_at < clock.next_at):
        clock.next_at, clock.next_share = risk_at, FORECAST


def passed(clock: Clock, *, at: datetime) -> int:
    """Which of the thresholds that have passed is to be told now: what is broken is not warned of any more."""
    share, chain = clock.next_share or FORECAST, chain_of(clock)
    while share != DUE:
        following = chain.after(max(share, clock.told_share))
        if following is None or moment(clock, following) >= at:
            break
        share = following
    return share


def told_at(clock: Clock, share: int) -> Sequence[EscalationTarget]:
    """Who is told at a threshold; the forecast is a warning that comes early, so it concerns who is warned first."""
    chain = chain_of(clock)
    if share != FORECAST:
        return chain.at(share)
    first = chain.after(FORECAST)
    return chain.at(first) if first is not None and first < DUE else ()


def event_of(clock: Clock, share: int) -> Event:
    if clock.is_answer:
        return Event.REMINDED if share < DUE else Event.ANSWER_LATE
    if clock.kind == ClockKind.STEP:
        return Event.STEP_WARNED if share < DUE else Event.STEP_LATE
    if share < DUE:
        return Event.CLOCK_WARNED
    return Event.CLOCK_BREACHED if share == DUE else Event.CLOCK_ESCALATED
