"""What a step of a default plan says."""

from dataclasses import dataclass, field
from typing import Any

from interactions.enums import Comparison, FieldKind, Side, StepKind

Condition = tuple[str, Comparison, str]  # the field, how it is compared, with what


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One step of a plan; `after` are positions, by default the step before. `hours` are business hours of the team."""

    name: str
    wording: str
    team: str
    hours: float
    instructions: str = ""
    after: list[int] | None = None
    kind: StepKind = StepKind.WORK
    when: Condition = ("", Comparison.IS, "")
    form: list[dict[str, Any]] = field(default_factory=list)
    action: str = ""
    waits_for: Side | None = None


def answer(name: str, label: str, choices: list[str]) -> dict[str, Any]:
    """What whoever finishes the step has to choose."""
    return {"name": name, "label": label, "kind": FieldKind.CHOICE.value, "required": True, "choices": choices}


def remark(name: str, label: str, when: tuple[str, str]) -> dict[str, Any]:
    """What has to be said besides when `when` was chosen."""
    condition = {"field": when[0], "comparison": Comparison.IS.value, "value": when[1]}
    return {"name": name, "label": label, "kind": FieldKind.TEXT.value, "required": True, "when": condition}
