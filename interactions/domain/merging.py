"""Two people changed the same thing: what only one of them touched is kept, and only the rest is asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Merged:
    """The values of both, and the names of those that both changed, each to something else; of these it has yours."""

    values: Mapping[str, str]
    clashes: Sequence[str]


def merge(before: Mapping[str, str], theirs: Mapping[str, str], yours: Mapping[str, str]) -> Merged:
    """By name: what was there when you began, what is there now, and what you want; absent is the same as empty."""
    values: dict[str, str] = {}
    clashes = []
    for name in {**before, **theirs, **yours}:
        was, now, wanted = (one.get(name, "") for one in (before, theirs, yours))
        is_mine = wanted not in {was, now}
        if is_mine and now != was:
            clashes.append(name)
        if kept := wanted if is_mine else now:
            values[name] = kept
    return Merged(values=values, clashes=clashes)
