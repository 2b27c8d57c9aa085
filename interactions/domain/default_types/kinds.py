"""What a default type says, and the fields that several of them ask for."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_noop as _

from interactions.enums import Comparison, Direction, FieldKind
from interactions.models.type_version import Unanswered
from partners.enums import AssuranceLevel, Permission, Vertical

Field = dict[str, Any]

INBOUND = [Direction.INBOUND]
OUTBOUND = [Direction.OUTBOUND]
BOTH = [Direction.INBOUND, Direction.OUTBOUND]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A default type; `plan` and `team` are codes."""

    code: str
    name: str
    description: str
    vertical: Vertical
    team: str
    directions: list[Direction] = field(default_factory=lambda: INBOUND)
    plan: str = ""
    fields: list[Field] = field(default_factory=list)
    partner_may_raise: bool = True
    login_needed: bool = True
    minimum_level: AssuranceLevel = AssuranceLevel.SINGLE
    permission: Permission | None = None
    self_service: str = ""
    asks_confirmation: bool = True
    close_after_days: int | None = 10
    reopen_within_days: int = 14
    resolution_codes: list[dict[str, str]] = field(default_factory=list)
    cancel_consequence: str = ""
    has_survey: bool = False
    has_lines: bool = False
    when_unanswered: Unanswered = Unanswered.REMIND
    unanswered_after_days: int = 3


def ends(**labels: str) -> list[dict[str, str]]:
    """The ways in which such a matter ends, the usual one first."""
    return [{"code": code.replace("_", "-"), "label": label} for code, label in labels.items()]


def asked(name: str, label: str, kind: FieldKind = FieldKind.TEXT, *, required: bool = False, **more: Any) -> Field:
    return {"name": name, "label": label, "kind": kind.value, "required": required, **more}


def only_if(name: str, value: str) -> dict[str, str]:
    return {"field": name, "comparison": Comparison.IS.value, "value": value}


CURRENCIES = ["EUR", "USD", "GBP", "CHF", "SEK"]
BILL = asked(
    "bill", _("Invoice number"), FieldKind.REFERENCE, required=True, refers_to="bill", help=_("Such as INV-2026-04711.")
)
AMOUNT = asked("amount", _("Amount"), FieldKind.AMOUNT, currencies=CURRENCIES)
PERIOD = asked("period", _("Billing period"), help=_("Such as 2026-04."))
ORDER = asked("order", _("Order number"), FieldKind.REFERENCE, refers_to="order", help=_("Such as PO-88213."))
SERVICE = asked(
    "service", _("Service or circuit"), FieldKind.REFERENCE, refers_to="service", help=_("Such as IPL-MUC-LON-890.")
)
