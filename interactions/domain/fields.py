"""The fields of an interaction type: what was filled in is checked the same way for every channel."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from interactions.channels import text as texts
from interactions.enums import FieldKind
from interactions.errors import NotAccepted

MOST_VALUE = 10_000
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


def check(asked: Sequence[Mapping[str, Any]], values: Mapping[str, Any], *, complete: bool) -> dict[str, str]:
    """The values in their stored form; raises NotAccepted naming the field.

    `complete` asks for required fields: a form has them all, a mail or a system may not. Unknown names are dropped.
    """
    return {
        field["name"]: stored
        for field in asked
        if (stored := check_one(field, values.get(field["name"]), complete=complete))
    }


def check_one(field: Mapping[str, Any], value: Any, *, complete: bool) -> str:
    if isinstance(value, Mapping | list | tuple | set):
        raise NotAccepted(field["name"], _("“%(label)s” is one value.") % {"label": field["label"]})
    stored = texts.clean(str(value), most=MOST_VALUE).strip() if value is not None else ""
    if not stored:
        if complete and field.get("required"):
            raise NotAccepted(field["name"], _("“%(label)s” is needed.") % {"label": field["label"]})
        return ""
    if field["kind"] == FieldKind.CHOICE and stored not in field["choices"]:
        choices = ", ".join(field["choices"])
        raise NotAccepted(
            field["name"], _("“%(label)s” is one of: %(choices)s.") % {"label": field["label"], "choices": choices}
        )
    if field["kind"] == FieldKind.DATE and not is_date(stored):
        raise NotAccepted(field["name"], _("“%(label)s” is a date such as 2026-05-31.") % {"label": field["label"]})
    if field["kind"] == FieldKind.AMOUNT and not is_amount(stored):
        raise NotAccepted(field["name"], _("“%(label)s” is an amount such as 1250.00.") % {"label": field["label"]})
    return stored


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
