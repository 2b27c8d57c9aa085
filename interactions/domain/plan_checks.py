"""Whether a plan leads to its end: what is wrong with it, and at which step, before anybody works by it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from interactions.domain import actions
from interactions.domain.conditions import choices_in, size_of
from interactions.domain.plans import APPROVED, DECISION, REFUSED
from interactions.enums import Comparison, FieldKind, Side, StepKind
from interactions.models import PlanStep

Field = Mapping[str, Any]
UNVALUED = {Comparison.FILLED, Comparison.EMPTY}
SIZES = {Comparison.AT_LEAST, Comparison.BELOW}
DECISIONS = {"kind": FieldKind.CHOICE, "choices": [APPROVED, REFUSED]}


@dataclass(frozen=True)
class Fault:
    """What is wrong at one step; `field` is where to mend it."""

    position: int
    field: str
    message: str


def faults(steps: Sequence[PlanStep], *, types: Mapping[str, Sequence[Field]]) -> list[Fault]:
    """Everything that is wrong with the steps of a plan; `types` are the fields of each type that is led by it."""
    before = ancestors(steps)
    found = [*wrong_links(steps, before), *wrong_kinds(steps), *wrong_forms(steps, types)]
    if not any(fault.field == "after" for fault in found):
        found += [fault for step in steps for fault in wrong_condition(step, steps, before[step.position], types)]
    return found


def ancestors(steps: Sequence[PlanStep]) -> dict[int, set[int]]:
    """By position, the positions of all steps that come before a step; of one in a loop, itself too."""
    direct = {step.position: set(step.after) for step in steps}
    found: dict[int, set[int]] = {}
    for position, after in direct.items():
        reached: set[int] = set()
        left = list(after)
        while left:
            one = left.pop()
            if one not in reached:
                reached.add(one)
                left += direct.get(one, ())
        found[position] = reached
    return found


def wrong_links(steps: Sequence[PlanStep], before: Mapping[int, set[int]]) -> Iterator[Fault]:
    """Steps that come after nothing there is, wait for themselves, or come after such a loop."""
    positions = [step.position for step in steps]
    looping = {position for position, reached in before.items() if position in reached}
    for step in steps:
        if positions.count(step.position) > 1:
            yield Fault(step.position, "position", _("Two steps have the position %d.") % step.position)
        if unknown := sorted(set(step.after) - set(positions)):
            yield Fault(step.position, "after", _("There is no step %d.") % unknown[0])
        elif step.position in step.after:
            yield Fault(step.position, "after", _("It cannot come after itself."))
        elif step.position in looping:
            others = sorted(other for other in looping if other in before[step.position])
            told = ", ".join(str(other) for other in others)
            yield Fault(step.position, "after", _("Steps %s wait for each other: none of them would ever open.") % told)
        elif before[step.position] & looping:
            yield Fault(
                step.position, "after", _("It would never open: it comes after steps that wait for each other.")
            )


def wrong_kinds(steps: Sequence[PlanStep]) -> Iterator[Fault]:
    for step in steps:
        if step.kind == StepKind.AUTOMATIC and step.action not in actions.names():
            yield Fault(step.position, "action", _("Choose what this automatic step does."))
        if step.kind != StepKind.AUTOMATIC and step.action:
            yield Fault(step.position, "action", _("Only an automatic step has an action."))
        if step.kind == StepKind.WAIT and step.waits_for not in {Side.PARTNER, Side.THIRD_PARTY}:
            yield Fault(step.position, "waits_for", _("Choose for whom it waits, outside of us."))
        if step.kind != StepKind.WAIT and step.waits_for:
            yield Fault(step.position, "waits_for", _("Only a waiting step waits for somebody."))
        if step.kind == StepKind.AUTOMATIC and step.form:
            yield Fault(step.position, "form", _("Nobody finishes an automatic step, so it asks nothing."))


def wrong_forms(steps: Sequence[PlanStep], types: Mapping[str, Sequence[Field]]) -> Iterator[Fault]:
    """Two answers of one name could not be told apart by a condition."""
    taken = {field["name"]: _("the type %s") % name for name, fields in types.items() for field in fields}
    for step in steps:
        for field in step.form:
            if field["kind"] == FieldKind.FILE:
                yield Fault(step.position, "form", _("A step asks for no file: files belong to what is said."))
            if (holder := taken.get(field["name"])) is not None:
                told = {"name": field["name"], "holder": holder}
                yield Fault(step.position, "form", _("“%(name)s” is asked by %(holder)s already.") % told)
            if field["name"] == "decision" or field["name"].startswith(DECISION):
                yield Fault(step.position, "form", _("“%s” is the name of an approval's decision.") % field["name"])
            taken[field["name"]] = _("step %d") % step.position


def wrong_condition(
    step: PlanStep, steps: Sequence[PlanStep], before: set[int], types: Mapping[str, Sequence[Field]]
) -> Iterator[Fault]:
    """A condition that could never be answered, or never holds, leaves its step out for ever."""
    if not step.condition_field:
        if step.comparison or step.condition_value:
            yield Fault(step.position, "condition_field", _("Say which field the condition is about."))
        return
    comparison = step.comparison or Comparison.IS
    if comparison not in UNVALUED and not step.condition_value.strip():
        yield Fault(step.position, "condition_value", _("Say what it is compared with."))
        return
    known = answered_before(steps, before)
    for name, fields in types.items() if step.condition_field not in known else {"": known.values()}.items():
        field = known.get(step.condition_field) or named(step.condition_field, fields)
        if field is None:
            told = {"field": step.condition_field, "type": name}
            message = _("Neither the type “%(type)s” nor an earlier step asks for “%(field)s”.") % told
            yield Fault(step.position, "condition_field", message)
        elif message := misfit(field, Comparison(comparison), step.condition_value):
            yield Fault(step.position, "condition_value", message)


def named(name: str, fields: Iterable[Field]) -> Field | None:
    for field in fields:
        if field["name"] == name:
            return field
    return None


def answered_before(steps: Sequence[PlanStep], before: set[int]) -> dict[str, Field]:
    """What the steps before one ask for, and the decisions on approvals among them."""
    earlier = [step for step in steps if step.position in before]
    found: dict[str, Field] = {field["name"]: field for step in earlier for field in step.form}
    for step in earlier:
        if step.kind == StepKind.APPROVAL:
            found[f"{DECISION}{step.position}"] = DECISIONS
    return found


def misfit(field: Field, comparison: Comparison, value: str) -> str:
    """Why a comparison can never hold for what the field accepts; empty when it can."""
    if comparison in SIZES:
        if field["kind"] not in {FieldKind.DATE, FieldKind.AMOUNT}:
            return _("Only a date or an amount is at least or below something.")
        if size_of(value.strip()) is None:
            return _("Compare it with a date such as 2026-05-31, or an amount such as 1250.00.")
    if field["kind"] == FieldKind.CHOICE and comparison in {Comparison.IS, Comparison.IS_NOT, Comparison.ONE_OF}:
        wanted = choices_in(value) if comparison == Comparison.ONE_OF else [value.strip()]
        accepted = {choice.casefold() for choice in field["choices"]}
        if unknown := [one for one in wanted if one.casefold() not in accepted]:
            told = {"value": unknown[0], "choices": ", ".join(field["choices"])}
            return _("“%(value)s” is none of: %(choices)s.") % told
    return ""
