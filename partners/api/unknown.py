from typing import Any

from partners.api.errors import Problem
from partners.api.views import ApiView


class Unknown(ApiView):
    """Whatever lies under the API's addresses and is no resource."""

    authentication_classes = ()
    permission_classes = ()
    schema = None

    def initial(self, *_args: Any, **_kwargs: Any) -> None:
        raise Problem("60", "There is no such resource.", status=404)
