from django.urls import path, re_path

from partners.api.browser import Browser, Schema
from partners.api.unknown import Unknown

app_name = "api-partners"

urlpatterns = [
    path("api/schema/", Schema.as_view(), name="schema"),
    path("api/docs/", Browser.as_view(), name="docs"),
]

unknown = [re_path(r"^(?:tmf-api|api)(?:/|$)", Unknown.as_view(), name="api-unknown")]
