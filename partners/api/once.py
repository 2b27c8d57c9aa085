"""`Idempotency-Key`: the same request sent again replays the first answer instead of acting again."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.http import HttpResponse
from rest_framework.response import Response

from partners.api.authentication import ApiRequest
from partners.api.errors import Problem
from partners.api.renderers import UTF8JSONRenderer
from partners.domain import idempotency
from partners.domain.idempotency import Answer
from partners.errors import KeyInFlight, KeyReused
from partners.models import encryption

MOST_KEY = 255
CONTENT_TYPE = "application/json; charset=utf-8"
KEPT_HEADERS = ("Location", "ETag")


def answer(request: ApiRequest, act: Callable[[], Response], *, is_secret: bool = False) -> Response | HttpResponse:
    """What `act` answers, in a transaction; with a key its effect, the key and the answer are committed together.

    An answer that `is_secret` is kept encrypted. A failure is raised out of the transaction, so it undoes the effect
    and leaves the key free.
    """
    key = key_in(request)
    if key is None:
        with transaction.atomic():
            return act()
    caller, fingerprint = f"client:{request.actor.client_id}", fingerprint_of(request)
    try:
        with transaction.atomic():
            kept = idempotency.claim(caller, key, fingerprint)
            if kept is not None:
                return replayed(unsealed(kept) if is_secret else kept)
            first = written(act())
            idempotency.keep(caller, key, fingerprint, sealed(first) if is_secret else first)
    except KeyInFlight as error:
        message = "A request with this key is being answered; repeat it in a moment."
        raise Problem("62", message, attribute="Idempotency-Key", status=409, headers={"Retry-After": "1"}) from error
    except KeyReused as error:
        message = "This key was used before with another request."
        raise Problem("26", message, attribute="Idempotency-Key", status=422) from error
    return HttpResponse(first.body, status=first.status, headers=dict(first.headers), content_type=CONTENT_TYPE)


def key_in(request: ApiRequest) -> str | None:
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return None
    key = key.strip()
    if not key or len(key) > MOST_KEY or not key.isascii() or not key.isprintable():
        message = f"Send 1 to {MOST_KEY} printable ASCII characters."
        raise Problem("26", message, attribute="Idempotency-Key")
    return str(key)


def fingerprint_of(request: ApiRequest) -> bytes:
    """SHA-256 of method, address and body."""
    content = request.data  # reading the body keeps its bytes
    body = getattr(request, "raw_body", b"") if content is not None else b""
    return hashlib.sha256(f"{request.method}\n{request.get_full_path()}\n".encode() + body).digest()


def written(response: Response) -> Answer:
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    body = UTF8JSONRenderer().render(response.data).decode()
    return Answer(status=response.status_code, body=body, headers=headers)


def sealed(given: Answer) -> Answer:
    return replace(given, body=encryption.encrypt(given.body))


def unsealed(kept: Answer) -> Answer:
    try:
        return replace(kept, body=encryption.decrypt(kept.body))
    except InvalidToken as error:  # the key that it was encrypted with is gone
        message = "The answer to this key can be read no more."
        raise Problem("62", message, attribute="Idempotency-Key", status=409) from error


def replayed(kept: Answer) -> HttpResponse:
    headers = {**kept.headers, "Idempotency-Replayed": "true"}
    return HttpResponse(kept.body, status=kept.status, headers=headers, content_type=CONTENT_TYPE)
