"""Conditions on what was filled in: a field of a type is asked, or a step opens, only when one holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from interactions.enums import Comparison
from partners.domain.translations import translated


@dataclass(frozen=True)
class Condition:
    """`field` compared with `value`; without a field it always holds."""

    field: str = ""
    comparison: str = ""
    value: str = ""

    def holds(self, values: Mapping[str, str]) -> bool:
        if not self.field:
            return True
        return compare(values.get(self.field, ""), Comparison(self.comparison or Comparison.IS), self.value)

    def told(self, label: str) -> str:
        """The condition in words, with what its field is called."""
        comparison = Comparison(self.comparison or Comparison.IS)
        known = {
            "field": label,
            "comparison": comparison.label,
            "value": ", ".join(map(translated, choices_in(self.value))),
        }
        if comparison in {Comparison.FILLED, Comparison.EMPTY}:
            return _("Only if “%(field)s” %(comparison)s.") % known
        return _("Only if “%(field)s” %(comparison)s %(value)s.") % known


def compare(found: str, comparison: Comparison, wanted: str) -> bool:
    """Letters' case never matters; what is not filled in is neither at least nor below anything."""
    found, wanted = found.strip().casefold(), wanted.strip().casefold()
    if comparison == Comparison.FILLED:
        return bool(found)
    if comparison == Comparison.EMPTY:
        return not found
    if comparison == Comparison.IS:
        return found == wanted
    if comparison == Comparison.IS_NOT:
        return found != wanted
    if comparison == Comparison.ONE_OF:
        return found in choices_in(wanted)
    return compare_size(found, comparison, wanted)


def choices_in(text: str) -> list[str]:
    return [choice.strip() for choice in text.split(",") if choice.strip()]


def compare_size(found: str, comparison: Comparison, wanted: str) -> bool:
    """Dates or amounts; two that are not of one kind are not compared."""
    left, right = size_of(found), size_of(wanted)
    if left is None or right is None or type(left) is not type(right):
        return False
    return bool(left >= right if comparison == Comparison.AT_LEAST else left < right)  # type: ignore[operator]  # one type


def size_of(text: str) -> Decimal | date | None:
    """The date or the amount that a text is; an amount may have its currency with it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    number = next((part for part in text.split() if part[:1].isdigit() or part[:1] == "-"), "")
    try:
        return Decimal(number)
    except InvalidOperation:
        return None
