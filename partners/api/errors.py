"""Every failure answers with the error of TM Forum's guidelines: {code, reason, message, status, @type}."""

import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from rest_framework import exceptions, status
from rest_framework.response import Response

from partners.domain import tracing
from partners.domain.access import ACR_VALUES
from partners.errors import NotPermitted, StepUpNeeded

logger = logging.getLogger(__name__)

REASONS = {
    "1": "Internal error",
    "5": "The service is temporarily unavailable",
    "20": "Invalid URL parameter value",
    "21": "Missing body",
    "22": "Invalid body",
    "23": "Missing body field",
    "24": "Invalid body field",
    "25": "Missing header",
    "26": "Invalid header value",
    "28": "Invalid query-string parameter value",
    "40": "Missing credentials",
    "41": "Invalid credentials",
    "50": "Access denied",
    "53": "Too many requests",
    "60": "Resource not found",
    "61": "Method not allowed",
    "62": "Conflict",
}
CODES: dict[type[Exception], str] = {
    exceptions.ParseError: "22",
    exceptions.AuthenticationFailed: "41",
    exceptions.NotAuthenticated: "40",
    exceptions.PermissionDenied: "50",
    exceptions.NotFound: "60",
    exceptions.MethodNotAllowed: "61",
    exceptions.NotAcceptable: "26",
    exceptions.UnsupportedMediaType: "26",
    exceptions.Throttled: "53",
}


class Problem(Exception):
    """A failure as its sender shall read it; `attribute` names the part of the request that is wrong."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        attribute: str = "",
        status: int = status.HTTP_400_BAD_REQUEST,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{attribute}: {message}" if attribute else message)
        self.code = code
        self.attribute = attribute
        self.status = status
        self.headers = headers or {}


def missing(attribute: str) -> Problem:
    return Problem("23", "This attribute is mandatory.", attribute=attribute)


def invalid(attribute: str, message: str) -> Problem:
    return Problem("24", message, attribute=attribute)


def query(parameter: str, message: str) -> Problem:
    return Problem("28", message, attribute=parameter)


def body_of(problem: Problem) -> dict[str, str]:
    """The error resource."""
    body = {
        "@type": "Error",
        "code": problem.code,
        "reason": REASONS[problem.code],
        "message": str(problem),
        "status": str(problem.status),
    }
    return body | ({"attribute": problem.attribute} if problem.attribute else {})


def handle(failure: Exception, _context: Mapping[str, Any]) -> Response:
    """The REST framework's exception handler: nothing leaves as HTML, and what nobody foresaw is logged."""
    problem = problem_of(failure)
    return Response(body_of(problem), status=problem.status, headers=dict(problem.headers))


def problem_of(failure: Exception) -> Problem:
    match failure:
        case Problem():
            return failure
        case exceptions.ValidationError():
            return Problem("24", str(failure.detail))
        case exceptions.APIException():
            return foreseen(failure)
        case Http404():
            return Problem("60", "There is no such resource.", status=404)
        case PermissionDenied():
            return Problem("50", "You may not do this.", status=403)
        case RequestDataTooBig():
            return Problem("22", "The body is too large.", status=413)
        case NotPermitted():
            return Problem("50", str(failure), status=403)
        case StepUpNeeded():
            return Problem("41", str(failure), status=401, headers={"WWW-Authenticate": challenge_of(failure)})
        case SuspiciousOperation() | UnreadablePostError():
            return Problem("22", "The request cannot be read.")
    return unforeseen(failure)


def challenge_of(needed: StepUpNeeded) -> str:
    """How a client learns which proof an act needs (RFC 9470)."""
    described = str(needed).replace('"', "'")
    challenge = (
        'Bearer realm="api", error="insufficient_user_authentication", '
        f'error_description="{described}", acr_values="{ACR_VALUES[needed.level]}"'
    )
    return f'{challenge}, max_age="{settings.STEP_UP_MINUTES * 60}"' if needed.is_stale else challenge


def foreseen(failure: exceptions.APIException) -> Problem:
    """What the framework itself found wrong."""
    headers: dict[str, str] = {}
    if challenge := getattr(failure, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(failure, "wait", None)) is not None:
        headers["Retry-After"] = str(int(wait))
    code = next((code for kind, code in CODES.items() if isinstance(failure, kind)), "22")
    return Problem(code, str(failure.detail), status=failure.status_code, headers=headers)


def unforeseen(failure: Exception) -> Problem:
    """Say nothing of the inside; the reference finds the log."""
    reference = tracing.reference()
    logger.error("API failure %s", reference, exc_info=failure)
    if isinstance(failure, OperationalError):
        message = f"Try again in a moment. Reference {reference}."
        return Problem("5", message, status=503, headers={"Retry-After": "5"})
    return Problem("1", f"Something went wrong on our side. Reference {reference}.", status=500)


def refuse(problem: Problem) -> HttpResponse:
    """The same error outside the framework's views."""
    return JsonResponse(body_of(problem), status=problem.status, headers=dict(problem.headers))


def is_for_machines(request: HttpRequest) -> bool:
    """Whether a failure before any view is to be told in JSON."""
    return request.path.startswith(("/tmf-api/", "/api/"))
