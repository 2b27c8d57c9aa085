"""What holds for every request and every answer, whatever door it goes through."""

from collections.abc import Callable

from django.core.exceptions import BadRequest, ValidationError
from django.db import DataError
from django.http import HttpRequest, HttpResponse

from partners.domain import tracing

Answering = Callable[[HttpRequest], HttpResponse]

IDENTITY = "/identity/"
UNUSED = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb")
PERMISSIONS = ", ".join(f"{feature}=()" for feature in UNUSED)


class HeadersMiddleware:
    """No page may use the browser's devices, no cache keeps an answer unasked, and each has a reference.

    Files of the product (whitenoise) say themselves how long they last.
    """

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with tracing.a_request() as reference:
            response = self.get_response(request)
        response.headers["X-Request-Id"] = reference
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class StrangeInputMiddleware:
    """What failed because of what was sent is the sender's mistake, where nothing else has said so."""

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, failure: Exception) -> None:
        if isinstance(failure, DataError) and "NUL" in str(failure):
            raise BadRequest("A NUL can neither be stored nor looked for") from failure
        if isinstance(failure, ValidationError) and request.path.startswith(IDENTITY):
            raise BadRequest("; ".join(failure.messages)) from failure  # allauth leaves a bad `resource` to nobody
