"""The telephone system tells what happens; the answer says who is calling and what is open with them."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from interactions.api import parameters, schema
from interactions.api.errors import translated
from interactions.channels import phone
from interactions.domain import calls
from interactions.domain.outward import words
from interactions.domain.outward.parts import moment
from interactions.domain.outward.representation import Json, href_of
from interactions.enums import Status
from interactions.models import Call, Interaction
from partners.api import parsers
from partners.api.errors import Problem
from partners.api.schema import failures
from partners.api.views import ApiView
from partners.domain import fence

TIMESTAMP, SIGNATURE = "X-Signature-Timestamp", "X-Signature"


class TelephonyEvents(ApiView):
    """Proven by a signature instead of a token."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="tellOfCall",
        tags=["telephony"],
        parameters=parameters.SIGNED,
        request=schema.CallEvent,
        responses={
            200: OpenApiResponse(schema.CallAnswer, "This event was there already."),
            201: schema.CallAnswer,
            **failures(400, 401, 413, 415),
        },
    )
    def post(self, request: Request) -> Response:
        now = timezone.now()
        body = parsers.raw(request)
        is_signed = phone.is_signed(
            body,
            timestamp=request.headers.get(TIMESTAMP, ""),
            signature=request.headers.get(SIGNATURE, ""),
            secrets=[secret.encode() for secret in settings.TELEPHONY_SECRETS],
            now=now,
        )
        if not is_signed:
            raise Problem("41", "The signature is missing, wrong or older than five minutes.", status=401)
        with translated(), fence.standing_for(fence.ENTERPRISE):
            event = phone.read(body, region=settings.PHONE_REGION, received_at=now)
            told = calls.tell(event, at=now)
            return Response(offered(told.call, at=now), status=201 if told.is_new else 200)


def offered(call: Call, *, at: datetime) -> Json:
    """The call, who it is with, and what it may be about; subjects only once the caller is verified."""
    return {
        "call": {
            "id": call.external_id,
            "state": call.state,
            "caller": call.caller,
            "called": call.called,
        },
        "partner": {"id": str(call.partner.pk), "name": call.partner.name} if call.partner else None,
        "person": {"id": str(call.person.pk), "name": call.person.name} if call.person else None,
        "openInteractions": [summary(one, may_hear=may_hear) for one, may_hear in calls.open_with(call, at=at)],
    }


def summary(interaction: Interaction, *, may_hear: bool) -> Json:
    """What whoever answers sees at once: a subject read out by mistake would tell a stranger."""
    return {
        "id": interaction.number,
        "href": href_of(interaction.pk),
        "reason": interaction.subject if may_hear else interaction.type.name,
        "status": words.STATUS[Status(interaction.status)],
        "statusChangeDate": moment(interaction.status_changed_at),
    }
