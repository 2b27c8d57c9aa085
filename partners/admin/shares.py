"""A form field for per cents of a promise's time, such as “75, 100”."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from partners.enums import EscalationTarget
from partners.models.policy_version import MOST_SHARE, MOST_SHARES

Chain = Mapping[str, list[int]]

SEPARATOR = re.compile(r"[\s,;%]+")


class SharesField(forms.CharField):
    """Whole per cent as somebody writes them, in any order; cleaned they are a list that rises."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=100, **kwargs)

    def to_python(self, value: Any) -> Any:
        written = [part for part in SEPARATOR.split(str(super().to_python(value))) if part]
        if not all(part.isascii() and part.isdigit() for part in written):
            raise ValidationError(gettext("Give whole per cent with commas between, such as 75, 100."))
        shares = sorted({int(part) for part in written})
        if len(shares) > MOST_SHARES or not all(1 <= share <= MOST_SHARE for share in shares):
            raise ValidationError(
                gettext("Give at most %(count)d of them, between 1 and %(most)d.")
                % {"count": MOST_SHARES, "most": MOST_SHARE}
            )
        return shares

    def prepare_value(self, value: Any) -> Any:
        return shares_text(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != (initial or []))
        except ValidationError:
            return True


def shares_text(shares: Iterable[int]) -> str:
    return ", ".join(str(share) for share in shares)


def fields_of(chain: str, targets: Iterable[EscalationTarget]) -> dict[str, SharesField]:
    """A field for each target of a chain."""
    return {f"{chain}_{target}": SharesField(label=target.label) for target in targets}


def filled_in(chain: str, cleaned: Mapping[str, Any]) -> dict[str, list[int]]:
    """The chain that somebody filled in; who is never told is not in it."""
    told = {target: cleaned.get(f"{chain}_{target}") for target in EscalationTarget.values}
    return {target: shares for target, shares in told.items() if shares}
