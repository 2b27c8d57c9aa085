"""The fields of an interaction type: what was filled in is checked the same way for every channel."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from interactions.channels import text as texts
from interactions.domain.conditions import Condition
from interactions.enums import FieldKind
from interactions.errors import NotAccepted
from partners.domain.translations import translated

Field = Mapping[str, Any]

MOST_VALUE = 10_000
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


def check(asked: Sequence[Field], values: Mapping[str, Any], *, complete: bool) -> dict[str, str]:
    """The values in their stored form; raises NotAccepted naming the field.

    `complete` asks for required fields: a form has them all, a mail or a system may not. Unknown names are dropped,
    and so is what was filled into a field that is not asked for.
    """
    stored: dict[str, str] = {}
    for field in asked:
        if is_asked(field, stored) and (value := check_one(field, values.get(field["name"]), complete=complete)):
            stored[field["name"]] = value
    return stored


def is_asked(field: Field, values: Mapping[str, str]) -> bool:
    """Whether a field is asked for, given what was filled into those before it."""
    when = field.get("when")
    return when is None or condition(when).holds(values)


def only_if(field: Field, asked: Sequence[Field]) -> str:
    """When a field is asked for, in words; empty for one that is always asked."""
    when = field.get("when")
    if when is None:
        return ""
    labels = {other["name"]: label_of(other) for other in asked}
    return condition(when).told(labels.get(when["field"], when["field"]))


def condition(when: Mapping[str, str]) -> Condition:
    return Condition(when["field"], when["comparison"], when.get("value", ""))


def labelled(asked: Sequence[Field], values: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was filled in as people read it, under the labels of the fields and in their order."""
    return [(label_of(field), shown(field, values[field["name"]])) for field in asked if values.get(field["name"])]


def shown(field: Field, value: str) -> str:
    """A date, an amount and a choice in the reader's language; everything else as it is kept."""
    if field["kind"] == FieldKind.CHOICE:
        return translated(value)
    if field["kind"] == FieldKind.DATE and is_date(value):
        return formats.date_format(date.fromisoformat(value), _("j M Y"))
    amount, space, currency = value.partition(" ")
    if field["kind"] != FieldKind.AMOUNT or not is_amount(amount):
        return value
    places = len(amount.partition(".")[2])
    return f"{formats.number_format(Decimal(amount), places, force_grouping=True)}{space}{currency}"


def label_of(field: Field) -> str:
    return translated(field["label"])


def choices_of(field: Field) -> list[tuple[str, str]]:
    """What can be chosen: as it is kept, and as it is read."""
    return [(choice, translated(choice)) for choice in field["choices"]]


def missing(asked: Sequence[Field], values: Mapping[str, str]) -> list[str]:
    """The labels of what is required and not filled in."""
    return [
        label_of(field)
        for field in asked
        if field.get("required") and not values.get(field["name"]) and is_asked(field, values)
    ]


def check_one(field: Field, value: Any, *, complete: bool) -> str:
    label = {"label": label_of(field)}
    if isinstance(value, Mapping | list | tuple | set):
        raise NotAccepted(field["name"], _("“%(label)s” is one value.") % label)
    stored = texts.clean(str(value), most=MOST_VALUE).strip() if value is not None else ""
    if not stored:
        if complete and field.get("required"):
            raise NotAccepted(field["name"], _("“%(label)s” is needed.") % label)
        return ""
    if field["kind"] == FieldKind.CHOICE and stored not in field["choices"]:
        known = label | {"choices": ", ".join(field["choices"])}
        raise NotAccepted(field["name"], _("“%(label)s” is one of: %(choices)s.") % known)
    if field["kind"] == FieldKind.DATE and not is_date(stored):
        raise NotAccepted(field["name"], _("“%(label)s” is a date such as 2026-05-31.") % label)
    if field["kind"] == FieldKind.AMOUNT:
        return check_amount(field, stored)
    return stored


def entered(field: Field, text: str) -> str:
    """What somebody typed, as it is kept: “1.250,00 EUR” is an amount too where the reader's language writes it so.

    Raises NotAccepted for “1.250” there: it may be a thousand or a rate.
    """
    return " ".join(_kept(field, word) for word in text.split()) if field["kind"] == FieldKind.AMOUNT else text


def _kept(field: Field, word: str) -> str:
    group, decimal = (str(formats.get_format(f"{mark}_SEPARATOR")) for mark in ("THOUSAND", "DECIMAL"))
    whole, mark, places = word.partition(decimal)
    if mark and re.fullmatch(rf"-?[0-9]{{1,3}}({re.escape(group)}[0-9]{{3}})*|-?[0-9]+", whole):
        return f"{whole.replace(group, '')}.{places}"
    if group == "." and re.fullmatch(r"-?[1-9][0-9]{0,2}\.[0-9]{3}", word):
        ways = {"amount": word, "one": word.replace(group, "") + f"{decimal}00", "other": word.replace(group, decimal)}
        raise NotAccepted(field["name"], _("“%(amount)s” can be read in two ways: write %(one)s or %(other)s.") % ways)
    return word


def check_amount(field: Field, text: str) -> str:
    """An amount as “1250.00”; with its currency as “1250.00 EUR” where the field has currencies."""
    label = {"label": label_of(field)}
    currencies = field.get("currencies")
    if not currencies:
        if not is_amount(text):
            raise NotAccepted(field["name"], _("“%(label)s” is an amount such as 1250.00.") % label)
        return text
    words = sorted(text.upper().split(), key=is_amount, reverse=True)
    if len(words) != 2 or not is_amount(words[0]) or words[1] not in currencies:
        told = label | {"example": f"1250.00 {currencies[0]}", "currencies": ", ".join(currencies)}
        raise NotAccepted(
            field["name"], _("“%(label)s” is an amount such as %(example)s, in one of: %(currencies)s.") % told
        )
    return " ".join(words)


def is_date(text: str) -> bool:
    # date.fromisoformat alone would also take 20260531 and 2026-W22-7
    if not ISO_DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_amount(text: str) -> bool:
    return AMOUNT.fullmatch(text) is not None
