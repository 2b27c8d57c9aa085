from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from interactions.models import Attachment, Interaction
from partners.api.authentication import ApiRequest
from partners.api.errors import Problem
from partners.api.schema import failures
from partners.api.views import ApiView


class AttachmentContent(ApiView):
    """The bytes of one file, always as a download."""

    @extend_schema(
        operation_id="readAttachment",
        tags=["partyInteraction"],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **failures(401, 403, 404)},
    )
    def get(self, request: ApiRequest, number: int) -> FileResponse:
        seen = Interaction.objects.visible_to(request.actor)
        row = Attachment.objects.filter(pk=number, is_original=False, interaction__in=seen).first()
        if row is None:
            raise Problem("60", "There is no such attachment.", status=404)
        return FileResponse(
            row.file.open("rb"), as_attachment=True, filename=row.name, content_type="application/octet-stream"
        )
