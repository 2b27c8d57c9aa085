"""Faults, services, planned work, and what we ask and complain of ourselves."""

from interactions.domain.default_types.kinds import BOTH, OUTBOUND, SERVICE, Kind, asked, ends, only_if
from interactions.enums import FieldKind
from interactions.models.type_version import Unanswered
from partners.enums import AssuranceLevel, Permission, Vertical

TYPES = [
    Kind(
        code="fault-report",
        name="Fault report",
        description="A service, link or interface between us does not work as it should.",
        vertical=Vertical.ASSURANCE,
        team="assurance",
        permission=Permission.REPORT_FAULT,
        plan="fault-repair",
        fields=[
            SERVICE | {"required": True},
            asked("impact", "Impact", FieldKind.CHOICE, required=True, choices=["Outage", "Degraded", "Minor"]),
            asked("since", "Since", help="When it was first seen, such as 29 Nov 14:05 UTC."),
            asked(
                "safety",
                "Is anybody in danger",
                FieldKind.CHOICE,
                choices=["No", "Yes"],
                when=only_if("impact", "Outage"),
            ),
        ],
        resolution_codes=ends(repaired="Repaired", no_fault="No fault found", elsewhere="Fault on another side"),
        close_after_days=5,
    ),
    Kind(
        code="service-query",
        name="Question about a service",
        description="How a service is set up, used or monitored.",
        when_unanswered=Unanswered.CLOSE,
        vertical=Vertical.ASSURANCE,
        team="assurance",
        fields=[SERVICE],
    ),
    Kind(
        code="planned-work",
        name="Planned work",
        description="Work in your network or ours that may touch a service.",
        vertical=Vertical.ASSURANCE,
        team="assurance",
        permission=Permission.ANNOUNCE_WORK,
        directions=BOTH,
        plan="planned-work-check",
        fields=[
            asked("window", "Window", required=True, help="Such as 3 Dec 00:00 to 04:00 UTC."),
            asked("services", "Services affected", FieldKind.LONG_TEXT),
        ],
    ),
    Kind(
        code="enterprise-query",
        name="Our question to a partner",
        description="We ask you something and wait for your answer.",
        vertical=Vertical.ASSURANCE,
        team="front-desk",
        directions=OUTBOUND,
        partner_may_raise=False,
    ),
    Kind(
        code="enterprise-complaint",
        name="Our complaint to a partner",
        description="We are not satisfied with what was delivered and ask you to put it right.",
        when_unanswered=Unanswered.ESCALATE,
        vertical=Vertical.ASSURANCE,
        team="assurance",
        directions=OUTBOUND,
        partner_may_raise=False,
        fields=[asked("subject_matter", "What it is about", FieldKind.REFERENCE)],
    ),
    Kind(
        code="webhook-endpoint",
        name="Webhook endpoint",
        description="An endpoint of yours does not take the events that we post to it.",
        vertical=Vertical.ASSURANCE,
        team="assurance",
        directions=OUTBOUND,
        partner_may_raise=False,
        asks_confirmation=False,
    ),
    Kind(
        code="certificate-upload",
        name="New certificate",
        description="The certificate that your systems use from now on; it is checked at once.",
        vertical=Vertical.ASSURANCE,
        team="assurance",
        permission=Permission.MANAGE_CREDENTIALS,
        minimum_level=AssuranceLevel.DOUBLE,
        fields=[asked("certificate", "Certificate", FieldKind.FILE, required=True, help="In PEM or DER.")],
        self_service="certificate-upload",
        asks_confirmation=False,
    ),
]
