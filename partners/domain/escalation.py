"""Who is told when how much of a promise's time has passed: each threshold once, from the first to the last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from partners.enums import EscalationTarget

DUE = 100  # per cent: here a promise is broken, whoever is told of it


@dataclass(frozen=True)
class Chain:
    """Per cent of the time -> who is told then; the smallest first. Being due is always a threshold."""

    told: Mapping[int, Sequence[EscalationTarget]]

    def after(self, share: int) -> int | None:
        """The next threshold, in per cent; None after the last."""
        return next((each for each in self.told if each > share), None)

    def at(self, share: int) -> Sequence[EscalationTarget]:
        return self.told.get(share, ())


def read(told: Mapping[str, Sequence[int]]) -> Chain:
    """A chain from {audience: [per cent, …]} as it is stored."""
    return _read(tuple((audience, tuple(shares)) for audience, shares in told.items()))


@lru_cache(maxsize=256)
def _read(stored: tuple[tuple[str, tuple[int, ...]], ...]) -> Chain:
    told = dict(stored)
    shares = sorted({DUE, *(share for shares in told.values() for share in shares)})
    return Chain({share: [target for target in EscalationTarget if share in told.get(target, ())] for share in shares})
