"""Where a partner is paid: a new account counts once a second person has approved it."""

from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from interactions.channels import text
from interactions.domain import approvals
from interactions.domain.approvals import Terms
from interactions.errors import NotAccepted, NotWaiting
from interactions.models import Approval, ApprovalKind, ApprovalStatus
from partners.domain import record
from partners.enums import BankAccountStatus, PartnerEvent
from partners.models import BankAccount, Partner
from partners.payloads import Actor, Fact

MOST_HOLDER = 140
MOST_IBAN = 60


def read(iban: str) -> IBAN:
    """Raises NotAccepted for a number that cannot be one."""
    try:
        return IBAN(iban[:MOST_IBAN].replace(" ", ""))
    except SchwiftyException as error:
        raise NotAccepted("iban", _("This is no IBAN: check the digits.")) from error


@transaction.atomic
def propose(partner: Partner, *, holder: str, iban: str, actor: Actor, at: datetime) -> BankAccount:
    """Ask for another account. One that was proposed before is withdrawn. Raises NotAccepted."""
    if actor.user_id is None:
        raise NotAccepted("iban", _("A person proposes it."))
    partner = Partner.objects.select_for_update(no_key=True).get(pk=partner.pk)
    number = read(iban)
    holder = text.flatten(holder, most=MOST_HOLDER).strip()
    if not holder:
        raise NotAccepted("holder", _("Say whose account it is."))
    mark = salted_hmac("bank-account", f"{number.compact}\n{holder}", algorithm="sha256").hexdigest()
    if partner.bank_accounts.in_force().filter(mark=mark).exists():
        raise NotAccepted("iban", _("You are paid to this account already."))
    for earlier in partner.bank_accounts.proposed():
        withdraw(earlier, actor=actor, at=at)
    account = BankAccount.objects.create(
        partner=partner,
        holder=holder,
        iban=number.compact,
        country=number.country_code,
        tail=number.compact[-4:],
        mark=mark,
        proposed_by_id=actor.user_id,
        proposed_at=at,
    )
    payee = f"{holder}, {account.masked}"
    terms = Terms(kind=ApprovalKind.BANK_DETAILS, amount="", currency="", payee=payee, account=mark)
    Approval.objects.create(
        partner=partner,
        bank_account=account,
        kind=ApprovalKind.BANK_DETAILS,
        payee=payee,
        binding=terms.binding,
        asked_by_id=actor.user_id,
        asked_at=at,
    )
    record.append(told(account, PartnerEvent.ACCOUNT_PROPOSED, actor=actor, at=at))
    return account


@transaction.atomic
def withdraw(account: BankAccount, *, actor: Actor, at: datetime) -> None:
    """Not wanted any more. Raises NotWaiting."""
    account = held(account)
    finish(account, BankAccountStatus.WITHDRAWN, at=at)
    for approval in account.approvals.waiting():
        approvals.void(approval, actor=actor, at=at)
    record.append(told(account, PartnerEvent.ACCOUNT_WITHDRAWN, actor=actor, at=at))


@transaction.atomic
def decide(approval: Approval, *, approves: bool, reason: str, seen: str = "", actor: Actor, at: datetime) -> None:
    """Approve or refuse a proposed account; see `approvals.decide`.

    A new account makes every approval of a payment to the old one void.
    """
    Partner.objects.select_for_update(no_key=True).get(pk=approval.partner_id)
    approval = approvals.decide(approval, approves=approves, reason=reason, seen=seen, actor=actor, at=at)
    account = held(BankAccount.objects.get(pk=approval.bank_account_id or 0))
    if approval.status != ApprovalStatus.APPROVED:
        finish(account, BankAccountStatus.REFUSED, at=at)
        record.append(told(account, PartnerEvent.ACCOUNT_REFUSED, actor=actor, at=at, reason=reason))
        return
    before = BankAccount.objects.in_force().filter(partner=account.partner_id)
    before.update(status=BankAccountStatus.ENDED, ended_at=at)
    finish(account, BankAccountStatus.IN_FORCE, at=at)
    approvals.void_of_partner(account.partner_id, actor=actor, at=at)
    record.append(told(account, PartnerEvent.ACCOUNT_IN_FORCE, actor=actor, at=at))


def held(account: BankAccount) -> BankAccount:
    """The proposed account, locked; raises NotWaiting when it was decided on."""
    found = BankAccount.objects.select_for_update(of=("self",)).select_related("partner").get(pk=account.pk)
    if found.status != BankAccountStatus.PROPOSED:
        raise NotWaiting
    return found


def finish(account: BankAccount, status: BankAccountStatus, *, at: datetime) -> None:
    account.status, account.decided_at = status, at
    account.save(update_fields=["status", "decided_at"])


def told(account: BankAccount, event: PartnerEvent, *, actor: Actor, at: datetime, reason: str = "") -> Fact:
    """For the partner's stream; its administrators are told, so that nobody changes where they are paid unseen."""
    texts = {"account": f"{account.holder}, {account.masked}", **({"reason": reason} if reason else {})}
    return Fact(
        stream=account.partner.stream,
        event=event,
        actor=actor,
        at=at,
        partner_id=account.partner_id,
        facts={"bank_account": account.pk},
        texts=texts,
    )
