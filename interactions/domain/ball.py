"""Whose turn it is: derived here alone, and each side's time measured the same way."""

from datetime import datetime, timedelta

from interactions.enums import Side, Status
from interactions.models import ENDED, Interaction, Turn
from partners.domain import business_time, calendars, rows
from partners.domain.business_time import WorkingCalendar

ALWAYS = WorkingCalendar.always_open()


def after(status: Status, waiting_side: Side) -> Side:
    """Whose turn it is in a status: who was asked answers, a solution waits for the partner's word, else it is ours."""
    if status == Status.WAITING:
        return waiting_side
    return Side.PARTNER if status == Status.RESOLVED else Side.ENTERPRISE


def pass_on(interaction: Interaction, status: Status, waiting_side: Side, *, at: datetime) -> None:
    """Let it be the turn of whose it is in a status. Keeps the turn that ends, sets columns; the caller saves.

    The interaction still has the status that it leaves.
    """
    side = after(status, waiting_side)
    if status in ENDED or interaction.ball_since is None or interaction.ball != side:
        began_at = at if interaction.ball_since is None else max(at, interaction.ball_since)
        end(interaction, at=at)
        interaction.ball, interaction.ball_since = side, None if status in ENDED else began_at


def end(interaction: Interaction, *, at: datetime) -> None:
    """Keep and count the turn that ends, if it was anybody's."""
    if interaction.ball_since is None:
        return
    began_at, ended_at = interaction.ball_since, max(at, interaction.ball_since)
    counted = business_time.elapsed(began_at, ended_at, hours(interaction))
    parts = [Side(interaction.ball).value, *(["paused"] if interaction.status == Status.WAITING else [])]
    for part in parts:
        add(interaction, f"{part}_seconds", counted)
        add(interaction, f"{part}_elapsed", ended_at - began_at)
    if ended_at > began_at:
        turn = Turn(
            interaction=interaction, side=interaction.ball, began_at=began_at, ended_at=ended_at, counted=counted
        )
        rows.insert([turn])


def add(interaction: Interaction, column: str, time: timedelta) -> None:
    setattr(interaction, column, getattr(interaction, column) + seconds(time))


def seconds(time: timedelta) -> int:
    return int(time.total_seconds())


def hours(interaction: Interaction) -> WorkingCalendar:
    """What business time is counted on in this interaction: as it was when it began."""
    return ALWAYS if interaction.calendar_id is None else calendars.working(interaction.calendar_id)
