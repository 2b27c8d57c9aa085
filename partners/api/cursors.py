"""A place in an ordered list, as an opaque text: what to come back to, whatever was inserted meanwhile."""

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, Model

Order = Sequence[tuple[str, bool]]  # (column, descending), the last one unique


class Exact(DjangoJSONEncoder):
    """Times with their microseconds, which Django's own encoder cuts off."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def encoded(values: Sequence[Any], order: Order) -> str:
    text = json.dumps([signature(order), *values], cls=Exact, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decoded(told: str, order: Order, model: type[Model]) -> tuple[Any, ...]:
    """The values of a place; raises ValueError for what is none, and for a place in another order."""
    try:
        padded = told.encode("ascii") + b"=" * (-len(told) % 4)
        under, *values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        fields: list[Any] = [model._meta.get_field(column) for column, _ in order]
        if under != signature(order):
            raise ValueError(under)
        return tuple(exactly(field, value) for field, value in zip(fields, values, strict=True))
    except (TypeError, RecursionError, OverflowError) as error:
        raise ValueError(told) from error


def signature(order: Order) -> str:
    return ",".join(f"{'-' if descending else ''}{column}" for column, descending in order)


def exactly(field: "Field[Any, Any]", value: Any) -> Any:
    """A cursor's value as the column holds it; raises ValueError for anything else."""
    kind = field.get_internal_type()
    if kind == "DateTimeField":
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(value)
        return moment
    if kind in {"CharField", "TextField"}:
        if not isinstance(value, str) or "\0" in value:
            raise ValueError(value)
        return value
    if type(value) is not int or abs(value) >= 2**63:
        raise ValueError(value)
    return value
