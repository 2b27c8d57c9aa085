"""What can be done without staff: each file of this package is one action, and another file is another action.

An action reads a matter and answers what came of it, or raises NotPossible, and then people go on with it. What it
writes belongs to the transaction of who calls it.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from django.db import transaction
from django.utils.translation import gettext as _

from interactions.models import Interaction
from interactions.payloads import File
from partners.payloads import Actor


class NotPossible(Exception):
    """The action cannot do it by itself; the message says why, in words for the people who go on with it."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """A matter that an action is to do, who handed it in, and when."""

    interaction: Interaction
    actor: Actor
    at: datetime

    def value(self, name: str) -> str:
        """What was filled into a field; empty when nothing was."""
        return str(self.interaction.values.get(name, ""))


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of it: the answer that the partner reads, its files, and what later steps of a plan may ask for."""

    text: str
    files: tuple[File, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)


Run = Callable[[Task], Outcome]


@dataclass(frozen=True, kw_only=True)
class Action:
    """`asks` are the names of the fields without which it can do nothing."""

    name: str
    label: str
    run: Run
    asks: tuple[str, ...] = ()


REGISTERED: dict[str, Action] = {}


def action(name: str, label: str, *, asks: tuple[str, ...] = ()) -> Callable[[Run], Run]:
    """Make a function an action."""

    def register(run: Run) -> Run:
        REGISTERED[name] = Action(name=name, label=label, run=run, asks=asks)
        return run

    return register


@cache
def known() -> Mapping[str, Action]:
    """All actions by name; every file of the package is read once."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return REGISTERED


def names() -> list[str]:
    return sorted(known())


def choices() -> list[tuple[str, str]]:
    return [(name, known()[name].label) for name in names()]


def find(name: str) -> Action | None:
    return known().get(name)


def perform(name: str, interaction: Interaction, *, actor: Actor, at: datetime) -> Outcome:
    """Do it, wholly or not at all. Raises NotPossible."""
    found = find(name)
    if found is None:
        raise NotPossible(_("There is no action “%(name)s” any more.") % {"name": name})
    task = Task(interaction=interaction, actor=actor, at=at)
    if missing := [field for field in found.asks if not task.value(field)]:
        raise NotPossible(_("Not filled in: %(fields)s.") % {"fields": ", ".join(missing)})
    with transaction.atomic():
        return found.run(task)
