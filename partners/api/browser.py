"""The interface described by the running code, and a page to look at it with; both hold no data and are open to all."""

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView


@extend_schema(exclude=True)
class Schema(SpectacularAPIView):
    """The OpenAPI document of this instance, in YAML or JSON."""

    authentication_classes = ()
    permission_classes = ()


class Browser(SpectacularSwaggerSplitView):
    """The API browser; its script comes from its own address, so that no inline script is needed."""

    authentication_classes = ()
    permission_classes = ()
    url_name = "api-partners:schema"
    template_name = "partners/api/browser.html"
