"""The kinds of role that every installation starts with, and the credentials that each mandates."""

from django.utils.translation import gettext_noop as _

from partners.enums import AssuranceLevel, CredentialKind, Permission

PERSONS = [
    *(CredentialKind.PASSWORD, CredentialKind.MAIL_CODE, CredentialKind.TOTP, CredentialKind.PASSKEY),
    CredentialKind.SINGLE_SIGN_ON,
]
STRONG_PERSONS = [CredentialKind.TOTP, CredentialKind.PASSKEY, CredentialKind.SINGLE_SIGN_ON]
SYSTEMS = [CredentialKind.CLIENT]
DEVICES = [CredentialKind.CLIENT, CredentialKind.DEVICE_KEY]

TALK = [Permission.RAISE, Permission.ANSWER, Permission.CONFIRM, Permission.CANCEL, Permission.SUBMIT_DOCUMENT]
BILLS = [*TALK, Permission.SUBMIT_BILL, Permission.QUERY_BILL, Permission.CHANGE_BANK_DETAILS]
ORDERS = [*TALK, Permission.SUBMIT_ORDER, Permission.CHANGE_ORDER]
FAULTS = [Permission.REPORT_FAULT, Permission.ANNOUNCE_WORK]
SETTLEMENT = [Permission.APPROVE_SETTLEMENT, Permission.APPROVE_CREDIT]

# code, name, description, permissions, credentials, least level
ROLE_KINDS: list[tuple[str, str, str, list[Permission], list[CredentialKind], AssuranceLevel]] = [
    (
        "supplier",
        _("Supplier"),
        _("Sells us equipment, licences or services."),
        BILLS,
        PERSONS + SYSTEMS,
        AssuranceLevel.SINGLE,
    ),
    (
        "wholesaler",
        _("Wholesaler"),
        _("Sells us capacity, access or traffic in bulk."),
        [*BILLS, *FAULTS, *SETTLEMENT],
        PERSONS + SYSTEMS,
        AssuranceLevel.SINGLE,
    ),
    (
        "reseller",
        _("Reseller"),
        _("Sells our services under our name on its own account."),
        [*ORDERS, Permission.REPORT_FAULT],
        PERSONS + SYSTEMS,
        AssuranceLevel.SINGLE,
    ),
    (
        "dealer",
        _("Dealer"),
        _("Runs shops that sell our contracts and devices."),
        ORDERS,
        PERSONS,
        AssuranceLevel.SINGLE,
    ),
    (
        "mvno",
        _("MVNO"),
        _("Sells mobile service under its own name over our network."),
        [*ORDERS, *FAULTS, *SETTLEMENT, Permission.PORT_NUMBER],
        PERSONS + SYSTEMS,
        AssuranceLevel.SINGLE,
    ),
    (
        "content-provider",
        _("Content provider"),
        _("Offers content or services billed over our platform."),
        [*BILLS, *SETTLEMENT],
        PERSONS + SYSTEMS,
        AssuranceLevel.SINGLE,
    ),
    (
        "roaming-partner",
        _("Roaming partner"),
        _("A network whose customers use ours, and ours theirs."),
        [*BILLS, *FAULTS, *SETTLEMENT],
        STRONG_PERSONS + PERSONS + SYSTEMS,
        AssuranceLevel.SINGLE,
    ),
    (
        "infrastructure-provider",
        _("Infrastructure provider"),
        _("Owns towers, ducts, fibre or power that we use."),
        [*BILLS, *FAULTS],
        PERSONS + DEVICES,
        AssuranceLevel.SINGLE,
    ),
    (
        "interconnect-carrier",
        _("Interconnect carrier"),
        _("Exchanges voice or data traffic with us at a point of interconnect."),
        [*BILLS, *FAULTS, *SETTLEMENT, Permission.PORT_NUMBER],
        PERSONS + SYSTEMS,
        AssuranceLevel.SINGLE,
    ),
    (
        "system-integrator",
        _("System integrator"),
        _("Builds and runs solutions for our business customers."),
        [*ORDERS, Permission.REPORT_FAULT],
        PERSONS + DEVICES,
        AssuranceLevel.SINGLE,
    ),
]
