from typing import Any

from rest_framework.views import APIView

from partners.api.errors import Problem


class Unknown(APIView):
    """Whatever lies under the API's addresses and is no resource."""

    authentication_classes = ()
    permission_classes = ()
    schema = None

    def initial(self, *_args: Any, **_kwargs: Any) -> None:
        raise Problem("60", "There is no such resource.", status=404)
