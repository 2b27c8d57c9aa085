"""What crosses between the domain and a transport: a letter to be sent, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One message to one address, complete; `key` tells the sender which one an outcome is of."""

    key: int
    sender: str
    recipient: str
    subject: str
    text: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a letter: sent without an `error`; refused for good when it `is_final`; else to be tried again.

    A letter that was not even tried, because the time for its batch was over, `is_postponed`. What the other side
    answered is in `code` and `answer`; it may ask to `wait` for the next try, or say that it `is_gone` for good.
    """

    key: int
    error: str = ""
    is_final: bool = False
    is_postponed: bool = False
    code: int | None = None
    answer: str = ""
    wait: timedelta | None = None
    is_gone: bool = False


class Transport(Protocol):
    """A medium's way out: one method, one outcome for each letter, and TransportDown when nothing could be sent."""

    def send(self, letters: Sequence[Letter]) -> Sequence[Outcome]: ...
