from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from partners.api import limits
from partners.domain.proofs import Grant


class ApiView(APIView):
    """A resource of ours: what it answers belongs to its caller, and is not to be kept on the way.

    How often it is called is limited.
    """

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        try:
            super().initial(request, *args, **kwargs)
        finally:  # whoever is refused has called too
            grant = getattr(request, "_auth", None)
            limits.check(request._request, client=str(grant.credential_id) if isinstance(grant, Grant) else "")

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response["Cache-Control"] = "no-store"
        return super().finalize_response(request, response, *args, **kwargs)
