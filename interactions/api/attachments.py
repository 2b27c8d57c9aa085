from django.http import FileResponse
from rest_framework.views import APIView

from interactions.models import Attachment, Interaction
from partners.api.authentication import ApiRequest
from partners.api.errors import Problem


class AttachmentContent(APIView):
    """The bytes of one file, always as a download."""

    def get(self, request: ApiRequest, number: int) -> FileResponse:
        seen = Interaction.objects.visible_to(request.actor)
        row = Attachment.objects.filter(pk=number, is_original=False, interaction__in=seen).first()
        if row is None:
            raise Problem("60", "There is no such attachment.", status=404)
        return FileResponse(
            row.file.open("rb"), as_attachment=True, filename=row.name, content_type="application/octet-stream"
        )
