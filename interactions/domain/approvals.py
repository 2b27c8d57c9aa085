"""Acts that move money wait for a second person, and are approved for this amount and this payee and nothing else."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from interactions.channels import text
from interactions.domain import facts
from interactions.enums import Event, StepKind, StepStatus
from interactions.errors import NotAccepted, NotWaiting, SecondPersonNeeded, TermsChanged
from interactions.models import Approval, ApprovalKind, ApprovalStatus, Interaction, Step
from partners.domain import access, record
from partners.domain.locks import Lock
from partners.enums import AssuranceLevel, Permission
from partners.models import BankAccount
from partners.payloads import Actor, Fact

MOST_REASON = 1000
MOST_PAYEE = 200
NEEDS: Mapping[ApprovalKind, Permission] = {
    ApprovalKind.SETTLEMENT: Permission.APPROVE_SETTLEMENT,
    ApprovalKind.CREDIT: Permission.APPROVE_CREDIT,
    ApprovalKind.BANK_DETAILS: Permission.CHANGE_BANK_DETAILS,
}
KINDS = {permission.value: kind for kind, permission in NEEDS.items()}
AMOUNT, CURRENCY = "amount", "currency"  # the fields of a type that say how much; an amount may have its currency in it


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is approved: how much, and to whom; `account` is the mark of the payee's bank account."""

    kind: str
    amount: str
    currency: str
    payee: str
    account: str

    @property
    def binding(self) -> str:
        told = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(told.encode()).hexdigest()


def kind_of(interaction: Interaction) -> ApprovalKind | None:
    """What approvals in a matter are about, where its type moves money."""
    return KINDS.get(interaction.type.permission)


def ask_for(steps: Sequence[Step], interaction: Interaction, *, actor: Actor, at: datetime) -> None:
    """Ask for a second person where a step that approves money has opened. The caller holds the interaction."""
    kind = kind_of(interaction)
    opened = [step for step in steps if step.kind == StepKind.APPROVAL and step.status == StepStatus.OPEN]
    if kind is None or not opened:
        return
    asked = set(Approval.objects.filter(step__in=opened).values_list("step_id", flat=True))
    for step in opened:
        if step.pk not in asked:
            ask(step, interaction, kind, asked_by=actor.user_id or interaction.created_by_id, actor=actor, at=at)


def ask(
    step: Step, interaction: Interaction, kind: ApprovalKind, *, asked_by: int | None, actor: Actor, at: datetime
) -> Approval:
    terms = terms_of(interaction, kind)
    approval = Approval.objects.create(
        partner_id=interaction.partner_id,
        interaction=interaction,
        step=step,
        kind=kind,
        amount=decimal_of(terms.amount) if terms.currency else None,
        currency=terms.currency,
        payee=terms.payee[:MOST_PAYEE],
        binding=terms.binding,
        asked_by_id=asked_by,
        asked_at=at,
    )
    record.append(told(approval, Event.APPROVAL_ASKED, actor=actor, at=at, binding=approval.binding))
    return approval


def terms_of(interaction: Interaction, kind: ApprovalKind) -> Terms:
    """What an approval in a matter is about now."""
    account = BankAccount.objects.in_force().filter(partner=interaction.partner_id).first()
    payee = f"{account.holder}, {account.masked}" if account else interaction.partner.name
    amount, _space, currency = str(interaction.values.get(AMOUNT, "")).partition(" ")
    currency = currency or str(interaction.values.get(CURRENCY, ""))
    currency = currency[:3] if decimal_of(amount) is not None else ""
    return Terms(
        kind=kind, amount=amount, currency=currency, payee=payee[:MOST_PAYEE], account=account.mark if account else ""
    )


def terms_of_step(step: Step) -> Terms | None:
    """What a decision on a step is about now; None where it moves no money."""
    kind = kind_of(step.interaction) if step.kind == StepKind.APPROVAL else None
    return terms_of(step.interaction, kind) if kind else None


def decimal_of(amount: str) -> Decimal | None:
    try:
        return Decimal(amount).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None


@transaction.atomic
def decide_step(
    step: Step, interaction: Interaction, *, approves: bool, reason: str, seen: str = "", actor: Actor, at: datetime
) -> None:
    """What a decision on a step means where it moves money; the caller holds both and ends the step.

    Raises NotPermitted, StepUpNeeded, SecondPersonNeeded, TermsChanged and NotAccepted.
    """
    kind = kind_of(interaction)
    if kind is None:
        return
    approval = Approval.objects.waiting().select_for_update().filter(step=step).first()
    if approval is None:
        approval = ask(step, interaction, kind, asked_by=interaction.created_by_id, actor=actor, at=at)
    if approves and terms_of(interaction, kind).binding != approval.binding:
        raise TermsChanged
    decide(approval, approves=approves, reason=reason, seen=seen, actor=actor, at=at)


LOCK = Lock(lambda: Approval.objects.select_related("step", "interaction"))


@transaction.atomic
def decide(approval: Approval, *, approves: bool, reason: str, seen: str = "", actor: Actor, at: datetime) -> Approval:
    """Approve or refuse; `seen` is the binding of what whoever decides had before their eyes.

    Raises NotWaiting, NotPermitted, StepUpNeeded, SecondPersonNeeded, TermsChanged and NotAccepted.
    """
    approval = LOCK.hold(approval.pk)
    if approval.status != ApprovalStatus.WAITING:
        raise NotWaiting
    access.require(actor, NEEDS[ApprovalKind(approval.kind)])
    access.require_level(actor, AssuranceLevel.DOUBLE)
    if not may_decide(approval, actor):
        raise SecondPersonNeeded
    if approves and seen and seen != approval.binding:
        raise TermsChanged
    reason = text.clean(reason, most=MOST_REASON).strip()
    if not approves and not reason:
        raise NotAccepted("reason", _("Say why it is refused."))
    approval.status = ApprovalStatus.APPROVED if approves else ApprovalStatus.REFUSED
    approval.decided_by_id, approval.decided_for_id = actor.user_id, actor.behalf_of_id
    approval.decided_level, approval.decided_at, approval.reason = actor.level, at, reason
    approval.save()
    known = {"decision": approval.status, "binding": approval.binding}
    record.append(told(approval, Event.APPROVAL_DECIDED, actor=actor, at=at, reason=reason, **known))
    return approval


def may_decide(approval: Approval, actor: Actor) -> bool:
    """Whether somebody is a second person: neither who asked, nor who raised it, nor a substitute of either."""
    first = {approval.asked_by_id, approval.interaction.created_by_id if approval.interaction else None} - {None}
    return actor.user_id is not None and first.isdisjoint({actor.user_id, actor.behalf_of_id})


def void_of_partner(partner_id: int, *, actor: Actor, at: datetime) -> int:
    """The payee has changed: what was to be approved, or was approved and not yet done, is asked for anew.

    Returns how many became void.
    """
    standing = Approval.objects.select_for_update(of=("self",)).filter(
        partner=partner_id, step__isnull=False, status__in=[ApprovalStatus.WAITING, ApprovalStatus.APPROVED]
    )
    found = [
        approval
        for approval in standing.select_related("step", "interaction__type", "interaction__partner").order_by("pk")
        if approval.interaction is not None and approval.interaction.is_open
    ]
    for approval in found:
        void(approval, actor=actor, at=at)
    return len(found)


def void_changed(interaction: Interaction, *, changed_by: int | None = None, actor: Actor, at: datetime) -> int:
    """A matter is about another amount or payee now: its approvals for what it was about are asked for anew.

    `changed_by` asks then, so that nobody approves their own change. The caller holds the interaction. Returns how
    many became void.
    """
    kind = kind_of(interaction)
    if kind is None or not interaction.is_open:
        return 0
    binding = terms_of(interaction, kind).binding
    standing = Approval.objects.select_for_update(of=("self",)).filter(
        interaction=interaction, status__in=[ApprovalStatus.WAITING, ApprovalStatus.APPROVED]
    )
    found = [one for one in standing.select_related("step__team").order_by("pk") if one.binding != binding]
    for approval in found:
        approval.interaction = interaction
        void(approval, asked_by=changed_by, actor=actor, at=at)
    return len(found)


def void(approval: Approval, *, asked_by: int | None = None, actor: Actor, at: datetime) -> None:
    """What it was about is no longer so: its step is open again, and asks for what is so now."""
    approval.status, approval.decided_at = ApprovalStatus.VOID, at
    approval.save(update_fields=["status", "decided_at"])
    if approval.step is None or approval.interaction is None:
        return
    record.append(told(approval, Event.APPROVAL_VOIDED, actor=actor, at=at))
    if approval.step.status == StepStatus.DONE:
        approval.step.status, approval.step.opened_at, approval.step.ended_at = StepStatus.OPEN, at, None
        approval.step.values = {}
        approval.step.save(update_fields=["status", "opened_at", "ended_at", "values"])
    kind = ApprovalKind(approval.kind)
    asked_by = asked_by or approval.asked_by_id
    ask(approval.step, approval.interaction, kind, asked_by=asked_by, actor=actor, at=at)


def told(approval: Approval, event: Event, *, actor: Actor, at: datetime, reason: str = "", **known: Any) -> Fact:
    """A fact for the stream of the matter, or of the partner where there is none; who is paid is a personal text."""
    texts = {"payee": approval.payee, **({"reason": reason} if reason else {})}
    about: dict[str, Any] = {
        "approval": approval.pk,
        "kind": approval.kind,
        "amount": str(approval.amount or ""),
        **known,
    }
    if approval.interaction is not None and approval.step is not None:
        step: dict[str, Any] = {"step": approval.step.position, "team": approval.step.team.code}
        money = about | {"currency": approval.currency}
        return facts.about(approval.interaction, event, actor=actor, at=at, texts=texts, **step, **money)
    return Fact(
        stream=f"partner:{approval.partner_id}",
        event=event,
        actor=actor,
        at=at,
        partner_id=approval.partner_id,
        facts=about,
        texts=texts,
        quiet=True,
    )
