"""The silence rule: an open interaction without news for its policy's limit brings both sides a progress notice."""

from datetime import datetime

from interactions.domain import progress
from partners.payloads import SYSTEM


def break_silence(*, at: datetime) -> int:
    """Have everything told that was silent for too long at `at`; returns how many interactions."""
    told = 0
    while portion := progress.tell_progress(actor=SYSTEM, at=at):
        told += portion
    return told
