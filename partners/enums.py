"""The closed lists of partners, access and the record. What an installation may extend is data, not an enum."""

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def in_sentence(label: Any) -> str:
    """A label within a sentence: it begins small, but where nouns never do, as in German."""
    words = str(label)
    return words if (get_language() or "").startswith("de") else words[:1].lower() + words[1:]


class ActorKind(models.TextChoices):
    """Who acted, as the record names it."""

    REPRESENTATIVE = "representative", _("Representative")
    PARTNER = "partner", _("Partner")
    MACHINE = "machine", _("Machine")
    SYSTEM = "system", _("System")
    UNKNOWN = "unknown", _("Unknown sender")


class AssuranceLevel(models.IntegerChoices):
    """How strongly somebody proved who they are."""

    NONE = 0, _("Not signed in")
    SINGLE = 1, _("Single factor")
    DOUBLE = 2, _("Two factors")
    RESISTANT = 3, _("Phishing-resistant")


class Channel(models.TextChoices):
    """The path something was said or sent over; one interaction may cross several."""

    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    WEB = "web", _("Portal")
    DEVICE = "device", _("Device")
    API = "api", _("API")
    DOCUMENT = "document", _("Document")
    POST = "post", _("Post")


class Priority(models.IntegerChoices):
    """How urgent a matter is; a smaller number is more urgent."""

    URGENT = 1, _("Urgent")
    HIGH = 2, _("High")
    NORMAL = 3, _("Normal")
    LOW = 4, _("Low")


class PartnerStatus(models.TextChoices):
    """Where an organisation stands with us; a prospect is known only by what it sent."""

    PROSPECT = "prospect", _("Potential partner")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    ENDED = "ended", _("Ended")


class RoleStatus(models.TextChoices):
    """The life of a partner role."""

    PROPOSED = "proposed", _("Proposed")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    ENDED = "ended", _("Ended")


class ContactMedium(models.TextChoices):
    """How a contact is reached."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    POST = "post", _("Postal address")


class ContactPurpose(models.TextChoices):
    """What a contact is for."""

    GENERAL = "general", _("General")
    BILLING = "billing", _("Billing")
    ASSURANCE = "assurance", _("Faults and service")
    FULFILMENT = "fulfilment", _("Orders")
    ESCALATION = "escalation", _("Escalation")


class AgreementStatus(models.TextChoices):
    """The life of an agreement, which is referenced here and negotiated elsewhere."""

    DRAFT = "draft", _("Draft")
    IN_FORCE = "in_force", _("In force")
    ENDED = "ended", _("Ended")


class CredentialKind(models.TextChoices):
    """What proves who somebody is; a role kind says which of these it accepts."""

    PASSWORD = "password", _("Password")
    MAIL_CODE = "mail_code", _("Code by e-mail")
    TOTP = "totp", _("Authenticator app")
    PASSKEY = "passkey", _("Passkey")
    SINGLE_SIGN_ON = "single_sign_on", _("Single sign-on")
    CLIENT = "client", _("API client")
    DEVICE_KEY = "device_key", _("Device key")


class SignOnKind(models.TextChoices):
    """The protocols by which a partner's identity provider speaks to us."""

    OPENID = "openid", "OpenID Connect"
    SAML = "saml", "SAML"


class SecondFactorClaim(models.TextChoices):
    """Where an ID token says how its person was proven; SAML has one place for it."""

    AMR = "amr", _("amr (methods)")
    ACR = "acr", _("acr (class)")


class SignOnRefusal(models.TextChoices):
    """Why somebody whom their company's provider vouches for does not get in, as that person is told."""

    CLOSED = "closed", _("This sign-in is not open at the moment.")
    NOT_PROVEN = "not_proven", _("Your company's sign-in answered something that we cannot accept.")
    UNREACHABLE = "unreachable", _("Your company's sign-in does not answer.")
    NO_ADDRESS = "no_address", _("Your company's sign-in did not tell us your e-mail address.")
    ADDRESS_NOT_VERIFIED = "address_not_verified", _("Your company has not verified your e-mail address.")
    FOREIGN_ADDRESS = "foreign_address", _("Your company's sign-in may not speak for this e-mail address.")
    NO_ROLE = "no_role", _("Your company's sign-in named no role that you have with us.")
    NOT_INVITED = "not_invited", _("You are not one of the people who act for this company.")
    OTHER_PERSON = "other_person", _("This e-mail address belongs to somebody else at your company.")


class Permission(models.TextChoices):
    """Everything that code asks whether somebody may; a role kind grants some of these to who acts in it."""

    RAISE = "interaction.raise", _("Raise a matter")
    ANSWER = "interaction.answer", _("Answer, and write in a matter")
    CONFIRM = "interaction.confirm", _("Confirm or reopen what was solved")
    CANCEL = "interaction.cancel", _("Cancel a matter")
    SUBMIT_BILL = "bill.submit", _("Send a bill")
    QUERY_BILL = "bill.query", _("Question a bill")
    SUBMIT_ORDER = "order.submit", _("Place an order")
    CHANGE_ORDER = "order.change", _("Change or cancel an order")
    REPORT_FAULT = "fault.report", _("Report a fault")
    ANNOUNCE_WORK = "planned_work.announce", _("Announce planned work")
    PORT_NUMBER = "number.port", _("Port a number")
    SUBMIT_DOCUMENT = "documents.submit", _("Send a business document")
    APPROVE_SETTLEMENT = "settlement.approve", _("Approve a settlement")
    APPROVE_CREDIT = "credit.approve", _("Approve a credit")
    CHANGE_BANK_DETAILS = "bank_details.change", _("Change bank details")
    MANAGE_PEOPLE = "people.manage", _("Invite people, give them roles, block them")
    MANAGE_CREDENTIALS = "credentials.manage", _("Issue and revoke keys of machines")
    READ_MATTERS = "matters.read", _("Look at partners, their matters and the record")
    WORK = "matters.work", _("Work on matters, and for partners")
    READ_REPORTS = "reports.read", _("Look at figures and reports")


ENTERPRISE_ONLY = frozenset({Permission.READ_MATTERS, Permission.WORK, Permission.READ_REPORTS})
MONEY = frozenset({Permission.APPROVE_SETTLEMENT, Permission.APPROVE_CREDIT, Permission.CHANGE_BANK_DETAILS})


class Vertical(models.TextChoices):
    """The three verticals of the process framework; each type of interaction belongs to one."""

    FULFILMENT = "fulfilment", _("Fulfilment")
    ASSURANCE = "assurance", _("Assurance")
    BILLING = "billing", _("Billing")


class EscalationTarget(models.TextChoices):
    """Whom a promise that runs out concerns, one after the other."""

    OWNER = "owner", _("Whoever it is with")
    LEADS = "leads", _("Leads of the team")
    ABOVE = "above", _("Leads of the team above")
    PARTNER = "partner", _("People of the partner")
    PARTNER_ESCALATION = "partner_escalation", _("Escalation contacts of the partner")


class Scope(models.TextChoices):
    """What an access token of a machine may be used for."""

    READ = "interactions:read", _("Read interactions")
    WRITE = "interactions:write", _("Raise and answer interactions")
    SUBSCRIBE = "events:subscribe", _("Register webhook endpoints")


class AccessEvent(models.TextChoices):
    """What the record calls what happened to somebody's way in; the label is how a timeline says it."""

    SIGNED_IN = "access.signed_in", _("Signed in")
    FAILED = "access.failed", _("Sign-in failed")
    LOCKED = "access.locked", _("Sign-in locked after too many attempts")
    REFUSED = "access.refused", _("Role refused: the sign-in does not do for it")
    STEPPED_UP = "access.stepped_up", _("Signed in more strongly")
    SWITCHED = "role.switched", _("Switched role")
    SIGNED_OUT = "access.signed_out", _("Signed out")
    RAN_OUT = "access.ran_out", _("Session ran out")
    ENDED = "access.ended", _("Session ended from another one")
    FACTOR_ADDED = "access.factor_added", _("Second factor set up")
    FACTOR_REMOVED = "access.factor_removed", _("Second factor removed")
    CODES_RENEWED = "access.codes_renewed", _("New recovery codes")
    PASSWORD_CHANGED = "access.password_changed", _("Password changed")


class BankAccountStatus(models.TextChoices):
    """Where a bank account stands; one is in force, and another may be proposed."""

    PROPOSED = "proposed", _("Waits for approval")
    IN_FORCE = "in_force", _("In force")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ENDED = "ended", _("Replaced")


class PersonAct(models.TextChoices):
    """What may be done to one of a partner's people."""

    GIVE_ROLE = "give_role", _("Give a role")
    TAKE_ROLE = "take_role", _("Take a role")
    NAME_ADMINISTRATOR = "name_administrator", _("Make administrator")
    DISMISS_ADMINISTRATOR = "dismiss_administrator", _("End being administrator")
    RETITLE = "retitle", _("Change the job title")
    BLOCK = "block", _("Block")
    UNBLOCK = "unblock", _("Unblock")
    REMOVE = "remove", _("Remove")


class PartnerEvent(models.TextChoices):
    """What the record calls what happened to a partner's people and machines; the label is how a timeline says it."""

    NEWCOMER_JOINED = "partner.newcomer_joined", _("A newcomer turned out to belong here")
    NEWCOMER_REFUSED = "partner.newcomer_refused", _("Refused as a partner")
    REGISTERED = "partner.registered", _("Registered as a partner")
    INVITED = "person.invited", _("Invited")
    INVITED_AGAIN = "person.invited_again", _("Invited again")
    INVITATION_WITHDRAWN = "person.invitation_withdrawn", _("Invitation withdrawn")
    JOINED = "person.joined", _("Invitation accepted")
    CHANGED = "person.changed", _("Job title changed")
    ROLE_GIVEN = "person.role_given", _("Role given")
    ROLE_TAKEN = "person.role_taken", _("Role taken")
    ADMINISTRATOR_NAMED = "person.administrator_named", _("Made administrator")
    ADMINISTRATOR_DISMISSED = "person.administrator_dismissed", _("No longer administrator")
    BLOCKED = "person.blocked", _("Blocked")
    UNBLOCKED = "person.unblocked", _("No longer blocked")
    UNBLOCKING_REFUSED = "person.unblocking_refused", _("Unblocking refused: we set the block")
    REMOVED = "person.removed", _("Removed")
    CREDENTIAL_ISSUED = "credential.issued", _("Key issued")
    CREDENTIAL_CHANGED = "credential.changed", _("Key changed")
    CREDENTIAL_ROTATED = "credential.rotated", _("Key given a new secret")
    CREDENTIAL_EXPIRING = "credential.expiring", _("A key is about to expire")
    CREDENTIAL_EXPIRED = "credential.expired", _("A key has expired")
    CREDENTIAL_REVOKED = "credential.revoked", _("Key revoked")
    WEBHOOK_ADDED = "webhook.added", _("Webhook endpoint added")
    WEBHOOK_ROTATED = "webhook.rotated", _("Webhook endpoint given a new secret")
    WEBHOOK_PAUSED = "webhook.paused", _("Webhook endpoint paused")
    WEBHOOK_RESUMED = "webhook.resumed", _("Webhook endpoint resumed")
    WEBHOOK_TESTED = "webhook.tested", _("Test event sent to a webhook endpoint")
    WEBHOOK_FAILING = "webhook.failing", _("A webhook endpoint keeps failing")
    WEBHOOK_RECOVERED = "webhook.recovered", _("A webhook endpoint works again")
    WEBHOOK_ENDED = "webhook.ended", _("Webhook endpoint ended")
    WEBHOOK_GONE = "webhook.gone", _("A webhook endpoint is gone")
    ACCOUNT_PROPOSED = "bank_account.proposed", _("New bank account proposed")
    ACCOUNT_WITHDRAWN = "bank_account.withdrawn", _("Proposed bank account withdrawn")
    ACCOUNT_IN_FORCE = "bank_account.in_force", _("Bank account changed")
    ACCOUNT_REFUSED = "bank_account.refused", _("New bank account refused")
    SIGN_ON_LINKED = "single_sign_on.linked", _("Single sign-on used for the first time")
    SIGN_ON_JOINED = "single_sign_on.joined", _("Account made by single sign-on")
    SIGN_ON_ROLES_CHANGED = "single_sign_on.roles_changed", _("Roles changed by single sign-on")
    SIGN_ON_UNLINKED = "single_sign_on.unlinked", _("Taken off single sign-on")
    SIGN_ON_KEY_PREPARED = "single_sign_on.key_prepared", _("Next key of single sign-on made")
    SIGN_ON_KEY_CHANGED = "single_sign_on.key_changed", _("Key of single sign-on changed")
    SIGN_ON_REFUSED = "single_sign_on.refused", _("Refused by single sign-on")
