"""Files as received: a download, or shown in a frame that may do nothing. What a partner sent never runs."""

from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.core.files.base import File
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from interactions.channels import mail_view
from interactions.console import loaders
from interactions.errors import Unreadable
from interactions.models import Attachment
from partners.middleware import ActorRequest

IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
PDF = "application/pdf"
MAIL = "message/rfc822"
STILL = {"default-src": [NONE], "frame-ancestors": [SELF], "sandbox": ["allow-popups"]}
MAIL_FRAME = STILL | {"style-src": ["'unsafe-inline'"]}
PDF_FRAME = {"default-src": [NONE], "object-src": [SELF], "style-src": ["'unsafe-inline'"], "frame-ancestors": [SELF]}


@require_safe
def download(request: ActorRequest, attachment_id: int) -> HttpResponseBase:
    attachment = loaders.attachment(request, attachment_id)
    return sent(attachment.file, attachment.name)


@require_safe
def original(request: ActorRequest, message_id: int) -> HttpResponseBase:
    """A message as it came in."""
    message = loaders.message(request, message_id)
    return sent(message.original, f"message-{message.pk}.eml")


@require_safe
def look(request: ActorRequest, attachment_id: int) -> HttpResponse:
    """A file to be looked at: over the page one comes from, or on a page of its own."""
    attachment = loaders.attachment(request, attachment_id)
    context = {"attachment": attachment, "kind": kind_of(attachment)}
    if context["kind"] == "mail":
        context["mail"] = mail_of(attachment)
    name = "console/interactions/file.html"
    response = render(request, f"{name}#sheet" if request.htmx else name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def kind_of(attachment: Attachment) -> str:
    """How a file can be looked at: its type is what its content showed when it came in."""
    if attachment.content_type in IMAGES:
        return "image"
    if attachment.content_type == PDF:
        return "pdf"
    is_mail = attachment.content_type == MAIL or (attachment.is_original and attachment.name.endswith(".eml"))
    return "mail" if is_mail else ""


def mail_of(attachment: Attachment) -> mail_view.MailView:
    try:
        with attachment.file.open("rb") as opened:
            return mail_view.of(opened.read())
    except (FileNotFoundError, ValueError, Unreadable) as error:
        raise Http404 from error


@require_safe
@csp(STILL)  # type: ignore[arg-type]  # its stub knows no view with arguments
def image(request: ActorRequest, attachment_id: int) -> HttpResponseBase:
    """A picture inside a page of ours."""
    return shown(loaders.attachment(request, attachment_id), IMAGES)


@require_safe
@csp(PDF_FRAME)  # type: ignore[arg-type]  # the same
def pdf(request: ActorRequest, attachment_id: int) -> HttpResponseBase:
    """A document in a frame; the browser's own viewer reads it."""
    return shown(loaders.attachment(request, attachment_id), {PDF})


@require_safe
@csp(MAIL_FRAME)  # type: ignore[arg-type]  # the same
def mail(request: ActorRequest, attachment_id: int) -> HttpResponse:
    """What a mail holds as HTML, cleaned: it may style itself and do nothing else."""
    attachment = loaders.attachment(request, attachment_id)
    if kind_of(attachment) != "mail":
        raise Http404
    response = render(request, "console/interactions/mail_frame.html", {"mail": mail_of(attachment)})
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def shown(attachment: Attachment, types: frozenset[str] | set[str]) -> HttpResponseBase:
    if attachment.content_type not in types:
        raise Http404
    response = opened(attachment.file)
    response["Content-Type"] = attachment.content_type
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def sent(file: "File[Any]", name: str) -> HttpResponseBase:
    """A kept file under the name it was told, as bytes that no browser interprets."""
    response = opened(file, as_attachment=True, filename=name)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def opened(file: "File[Any]", **how: Any) -> FileResponse:
    try:
        content = file.open("rb")
    except (FileNotFoundError, ValueError) as error:
        raise Http404 from error
    response = FileResponse(content, content_type="application/octet-stream", **how)
    response["X-Content-Type-Options"] = "nosniff"
    return response
