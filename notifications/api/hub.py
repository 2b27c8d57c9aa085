"""TMF683 version 4 `hub`: a partner's system says where events are to be sent."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from interactions.api import reading
from notifications.api import schema
from notifications.domain import subscriptions
from notifications.domain.queries import MOST_QUERY
from notifications.errors import CallbackNotAccepted, QueryNotAccepted, TooManySubscriptions
from notifications.models import Subscription
from notifications.models.subscription import SubscriptionQuerySet
from partners.api import once
from partners.api.authentication import ApiRequest
from partners.api.errors import Problem, invalid
from partners.api.permissions import IsListener
from partners.api.schema import answered, failures, in_header, in_path, many
from partners.api.views import ApiView

BASE = "/tmf-api/partyInteraction/v4/hub"
MOST_CALLBACK = 500
CREATED = [
    in_header("Idempotency-Key", "The same key and request again replay the first answer."),
    answered("Location", "The address of the new subscription.", 201),
]


class Hub(ApiView):
    """The subscriptions of the role that the client speaks in."""

    permission_classes = (IsListener,)

    @extend_schema(
        operation_id="listListener",
        tags=["hub"],
        responses={200: many(schema.EventSubscription, "All that have not ended."), **failures(401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        return Response([represented(one) for one in own(request).order_by("pk")])

    @extend_schema(
        operation_id="registerListener",
        tags=["hub"],
        parameters=CREATED,
        request=schema.EventSubscriptionInput,
        responses={201: schema.NewEventSubscription, **failures(400, 401, 403, 409, 413, 415, 422)},
    )
    def post(self, request: ApiRequest) -> Response | HttpResponse:
        return once.answer(request, lambda: self.register(request), is_secret=True)

    def register(self, request: ApiRequest) -> Response:
        content = reading.body_of(request.data, getattr(request, "raw_body", b""))
        callback = reading.text(content, "callback", most=MOST_CALLBACK, needed=True)
        query = reading.text(content, "query", most=MOST_QUERY)
        try:
            issued = subscriptions.add_own(callback, query=query, actor=request.actor, at=timezone.now())
        except CallbackNotAccepted as refusal:
            raise invalid("callback", str(refusal)) from refusal
        except QueryNotAccepted as refusal:
            raise invalid("query", str(refusal)) from refusal
        except TooManySubscriptions as refusal:
            raise Problem("62", str(refusal), status=409) from refusal
        body = represented(issued.subscription) | {"secret": issued.secret}
        return Response(body, status=201, headers={"Location": body["href"]})


class Listener(ApiView):
    """One subscription."""

    permission_classes = (IsListener,)

    @extend_schema(
        operation_id="retrieveListener",
        tags=["hub"],
        parameters=[in_path("identifier", "The id, as the answer to POST had it.")],
        responses={200: schema.EventSubscription, **failures(401, 403, 404)},
    )
    def get(self, request: ApiRequest, identifier: str) -> Response:
        return Response(represented(load(request, identifier)))

    @extend_schema(
        operation_id="unregisterListener",
        tags=["hub"],
        parameters=[in_path("identifier", "The id, as the answer to POST had it.")],
        responses={204: OpenApiResponse(description="It has ended."), **failures(401, 403, 404)},
    )
    def delete(self, request: ApiRequest, identifier: str) -> Response:
        subscriptions.end(load(request, identifier), actor=request.actor, at=timezone.now())
        return Response(status=204)


def own(request: ApiRequest) -> SubscriptionQuerySet:
    return Subscription.objects.visible_to(request.actor).standing()


def load(request: ApiRequest, identifier: str) -> Subscription:
    """What has ended is as unknown as what is another's."""
    found = own(request).filter(identifier=identifier[:40]).first() if "\0" not in identifier else None
    if found is None:
        raise Problem("60", "There is no such subscription.", status=404)
    return found


def represented(subscription: Subscription) -> dict[str, Any]:
    return {
        "id": subscription.identifier,
        "href": f"{settings.BASE_URL}{BASE}/{subscription.identifier}",
        "callback": subscription.callback,
        "query": subscription.query,
        "state": subscription.state,
        "@type": "EventSubscription",
    }
