from partners.models.absence import Absence
from partners.models.agreement import Agreement
from partners.models.bank_account import BankAccount
from partners.models.calendar import BusinessCalendar, CalendarVersion
from partners.models.contact import Contact
from partners.models.credential import Credential
from partners.models.idempotency import IdempotencyKey
from partners.models.invitation import Invitation
from partners.models.membership import Membership
from partners.models.outbox import OutboxMessage
from partners.models.partner import Partner
from partners.models.policy import ServicePolicy
from partners.models.policy_version import PolicyVersion
from partners.models.record import Checkpoint, RecordEntry, RecordStream
from partners.models.role import PartnerRole
from partners.models.role_kind import RoleKind
from partners.models.sign_on_answer import SignOnAnswer
from partners.models.sign_on_identity import SignOnIdentity
from partners.models.sign_on_role import SignOnRole
from partners.models.single_sign_on import SingleSignOn
from partners.models.staff_role import StaffRole
from partners.models.translation import Translation
from partners.models.user import User

__all__ = [
    "Absence",
    "Agreement",
    "BankAccount",
    "BusinessCalendar",
    "CalendarVersion",
    "Checkpoint",
    "Contact",
    "Credential",
    "IdempotencyKey",
    "Invitation",
    "Membership",
    "OutboxMessage",
    "Partner",
    "PartnerRole",
    "PolicyVersion",
    "RecordEntry",
    "RecordStream",
    "RoleKind",
    "ServicePolicy",
    "SignOnAnswer",
    "SignOnIdentity",
    "SignOnRole",
    "SingleSignOn",
    "StaffRole",
    "Translation",
    "User",
]
