"""What every API of ours says of itself in the OpenAPI document: how callers prove themselves, what a failure is."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from partners.api import errors
from partners.enums import Scope

Json = dict[str, Any]

TOKEN_PATH = "/identity/o/api/token"  # noqa: S105  an address


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the library registers subclasses
    """OAuth 2 client credentials."""

    target_class = "partners.api.authentication.TokenAuthentication"
    name = "clientCredentials"

    def get_security_definition(self, _auto_schema: object) -> Json:
        scopes = {scope.value: str(scope.label) for scope in Scope}
        flow = {"tokenUrl": TOKEN_PATH, "scopes": scopes}
        return {"type": "oauth2", "flows": {"clientCredentials": flow}}


class DeviceScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The key of one device."""

    target_class = "partners.api.authentication.DeviceAuthentication"
    name = "deviceKey"

    def get_security_definition(self, _auto_schema: object) -> Json:
        return {"type": "apiKey", "in": "header", "name": "X-Device-Key"}


def resource(name: str, fields: Json) -> Any:
    """A class of resources; its attributes may be named as no Python attribute can, such as @type."""
    return type(name, (serializers.Serializer,), fields)


Error = resource(
    "Error",
    {
        "@type": serializers.CharField(default="Error"),
        "code": serializers.ChoiceField(list(errors.REASONS)),
        "reason": serializers.CharField(),
        "message": serializers.CharField(),
        "status": serializers.CharField(),
        "attribute": serializers.CharField(required=False, help_text="The part of the request that is wrong."),
    },
)
MEANINGS = {
    400: "The request is wrong; the error names the attribute.",
    401: "The credentials are missing or not valid now.",
    403: "The credentials are not enough for this.",
    404: "There is no such resource for this caller.",
    409: "It conflicts with what is there, or the same request is being answered.",
    413: "The body is too large.",
    415: "The content type is not application/json in UTF-8.",
    422: "The idempotency key was used with another request.",
    429: "Too many calls in this minute; `Retry-After` says when to call again.",
}


def failures(*statuses: int) -> dict[int, OpenApiResponse]:
    """What an operation refuses with; too many calls are refused by all."""
    return {status: OpenApiResponse(Error, MEANINGS[status]) for status in (*statuses, 429)}


def in_query(name: str, description: str, kind: Any = OpenApiTypes.STR, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=description, **more)


def in_header(name: str, description: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=description, required=required)


def answered(name: str, description: str, *statuses: int, kind: Any = OpenApiTypes.STR) -> OpenApiParameter:
    """A header of an answer."""
    return OpenApiParameter(
        name, kind, OpenApiParameter.HEADER, description=description, response=list(statuses), required=True
    )


def in_path(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.PATH, description=description)


def many(rows: Any, description: str) -> OpenApiResponse:
    """A list of resources."""
    return OpenApiResponse(rows(many=True), description)
