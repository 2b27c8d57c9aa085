"""Faults, services, planned work, and what we ask and complain of ourselves."""

from django.utils.translation import gettext_noop as _

from interactions.domain.default_types.kinds import BOTH, OUTBOUND, SERVICE, Kind, asked, ends, only_if
from interactions.enums import FieldKind
from interactions.models.type_version import Unanswered
from partners.enums import AssuranceLevel, Permission, Vertical

TYPES = [
    Kind(
        code="fault-report",
        name=_("Fault report"),
        description=_("A service, link or interface between us does not work as it should."),
        vertical=Vertical.ASSURANCE,
        team="assurance",
        permission=Permission.REPORT_FAULT,
        plan="fault-repair",
        fields=[
            SERVICE | {"required": True},
            asked(
                "impact", _("Impact"), FieldKind.CHOICE, required=True, choices=[_("Outage"), _("Degraded"), _("Minor")]
            ),
            asked("since", _("Since"), help=_("When it was first seen, such as 29 Nov 14:05 UTC.")),
            asked(
                "safety",
                _("Is anybody in danger"),
                FieldKind.CHOICE,
                choices=[_("No"), _("Yes")],
                when=only_if("impact", "Outage"),
            ),
        ],
        resolution_codes=ends(
            repaired=_("Repaired"), no_fault=_("No fault found"), elsewhere=_("Fault on another side")
        ),
        close_after_days=5,
    ),
    Kind(
        code="service-query",
        name=_("Question about a service"),
        description=_("How a service is set up, used or monitored."),
        when_unanswered=Unanswered.CLOSE,
        vertical=Vertical.ASSURANCE,
        team="assurance",
        fields=[SERVICE],
    ),
    Kind(
        code="planned-work",
        name=_("Planned work"),
        description=_("Work in your network or ours that may touch a service."),
        vertical=Vertical.ASSURANCE,
        team="assurance",
        permission=Permission.ANNOUNCE_WORK,
        directions=BOTH,
        plan="planned-work-check",
        fields=[
            asked("window", _("Window"), required=True, help=_("Such as 3 Dec 00:00 to 04:00 UTC.")),
            asked("services", _("Services affected"), FieldKind.LONG_TEXT),
        ],
    ),
    Kind(
        code="enterprise-query",
        name=_("Our question to a partner"),
        description=_("We ask you something and wait for your answer."),
        vertical=Vertical.ASSURANCE,
        team="front-desk",
        directions=OUTBOUND,
        partner_may_raise=False,
    ),
    Kind(
        code="enterprise-complaint",
        name=_("Our complaint to a partner"),
        description=_("We are not satisfied with what was delivered and ask you to put it right."),
        when_unanswered=Unanswered.ESCALATE,
        vertical=Vertical.ASSURANCE,
        team="assurance",
        directions=OUTBOUND,
        partner_may_raise=False,
        fields=[asked("subject_matter", _("What it is about"), FieldKind.REFERENCE)],
    ),
    Kind(
        code="webhook-endpoint",
        name=_("Webhook endpoint"),
        description=_("An endpoint of yours does not take the events that we post to it."),
        vertical=Vertical.ASSURANCE,
        team="assurance",
        directions=OUTBOUND,
        partner_may_raise=False,
        asks_confirmation=False,
    ),
    Kind(
        code="certificate-upload",
        name=_("New certificate"),
        description=_("The certificate that your systems use from now on; it is checked at once."),
        vertical=Vertical.ASSURANCE,
        team="assurance",
        permission=Permission.MANAGE_CREDENTIALS,
        minimum_level=AssuranceLevel.DOUBLE,
        fields=[asked("certificate", _("Certificate"), FieldKind.FILE, required=True, help=_("In PEM or DER."))],
        self_service="certificate-upload",
        asks_confirmation=False,
    ),
]
