from dataclasses import replace

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from interactions.api import schema
from interactions.api.errors import translated
from interactions.channels import device
from interactions.domain import reports
from interactions.domain.outward import words
from interactions.domain.outward.representation import href_of
from interactions.enums import Status
from partners.api import parsers
from partners.api.authentication import ApiRequest, DeviceAuthentication
from partners.api.errors import Problem
from partners.api.permissions import IsDevice
from partners.api.schema import failures
from partners.api.views import ApiView
from partners.domain import access
from partners.enums import Permission


class DeviceReports(ApiView):
    """What a device tells about itself; the same report twice has one effect."""

    authentication_classes = (DeviceAuthentication,)
    permission_classes = (IsDevice,)

    @extend_schema(
        operation_id="reportFromDevice",
        tags=["devices"],
        request=schema.DeviceReport,
        responses={
            200: OpenApiResponse(schema.DeviceReportAnswer, "This report was there already."),
            201: schema.DeviceReportAnswer,
            **failures(400, 401, 403, 413, 415),
        },
    )
    def post(self, request: ApiRequest) -> Response:
        now = timezone.now()
        access.require(request.actor, Permission.REPORT_FAULT)
        body = parsers.raw(request)
        with translated():
            report = device.read(body, device=request.actor.client_id, received_at=now)
            received = reports.take_in(replace(report, sender_name=request.actor.label), actor=request.actor, at=now)
        interaction = received.interaction
        if interaction is None:
            raise Problem("62", "This report was set aside.", status=409)
        href = href_of(interaction.pk)
        answer = {
            "id": interaction.number,
            "href": href,
            "status": words.STATUS[Status(interaction.status)],
            "isDuplicate": received.is_duplicate,
        }
        return Response(answer, status=200 if received.is_duplicate else 201, headers={"Location": href})
