"""What devices report: a fault begins a matter, whatever else it says about the same fault continues it."""

import hashlib
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from interactions.domain import intake
from interactions.enums import ItemKind
from interactions.models import ENDED, InteractionType, Reference
from interactions.payloads import Intake
from partners.payloads import Actor

FAULT_TYPE = "fault-report"
FAULT = "DeviceFault"


@transaction.atomic
def take_in(report: Intake, *, actor: Actor, at: datetime) -> intake.Received:
    """One report of a device that has proven itself; a repeat is harmless. Raises NotAccepted.

    While a fault with the same code is open, a report with that code joins it. Any other fault begins an
    interaction; any other reading or all-clear is kept as one that was closed at once.
    """
    code = str(report.values.get("code", ""))
    fault = f"{report.scope}/{code}"[:100] if code else ""
    hold(report.scope)
    known = open_fault(fault, actor) if fault else None
    is_fault = report.kind == ItemKind.REQUEST
    if known is not None:
        report = replace(report, reply_to=known)
    elif is_fault:
        report = as_fault(report)
    else:
        report = replace(report, is_closed_at_once=True, resolution=_("Recorded; nothing is to be done."))
    received = intake.receive(report, actor=actor, at=at)
    if is_fault and fault and known is None and received.interaction and not received.is_duplicate:
        Reference.objects.create(interaction=received.interaction, kind=FAULT, value=fault, name=code)
    return received


def hold(device: str) -> None:
    """Two reports of one device wait for each other, so that one fault never begins two interactions."""
    number = int.from_bytes(hashlib.sha256(f"device\n{device}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def open_fault(fault: str, actor: Actor) -> int | None:
    """The newest interaction in which this fault is still open."""
    seen = Reference.objects.filter(kind=FAULT, value=fault, interaction__partner_id=actor.partner_id or 0)
    return (
        seen.exclude(interaction__status__in=ENDED)
        .order_by("-interaction_id")
        .values_list("interaction_id", flat=True)
        .first()
    )


def as_fault(report: Intake) -> Intake:
    """With the type for faults, where the installation has it."""
    if InteractionType.objects.active().filter(code=FAULT_TYPE).exists():
        return replace(report, type_code=FAULT_TYPE, values={"service": report.sender_name or report.sender})
    return report
