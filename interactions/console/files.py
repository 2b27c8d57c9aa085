"""Files as received, always as a download: nothing a partner sent is ever shown by our own address."""

from typing import Any

from django.core.files.base import File
from django.http import FileResponse, Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from interactions.console import loaders
from partners.middleware import ActorRequest


@require_safe
def download(request: ActorRequest, attachment_id: int) -> HttpResponseBase:
    attachment = loaders.attachment(request, attachment_id)
    return sent(attachment.file, attachment.name)


@require_safe
def original(request: ActorRequest, message_id: int) -> HttpResponseBase:
    """A message as it came in."""
    message = loaders.message(request, message_id)
    return sent(message.original, f"message-{message.pk}.eml")


def sent(file: "File[Any]", name: str) -> HttpResponseBase:
    """A kept file under the name it was told, as bytes that no browser interprets."""
    try:
        content = file.open("rb")
    except (FileNotFoundError, ValueError) as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=name, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
