from django.urls import path, re_path

from partners.api.browser import Browser, Schema
from partners.api.tokens import Returns, Tokens
from partners.api.unknown import Unknown

app_name = "api-partners"

urlpatterns = [
    path("api/schema/", Schema.as_view(), name="schema"),
    path("api/docs/", Browser.as_view(), name="docs"),
]

# the library's addresses, answered by us where they are our machines'
identity = [
    path("identity/o/api/token", Tokens.as_view(), name="machine-token"),
    path("identity/o/api/revoke", Returns.as_view(), name="machine-revoke"),
]

unknown = [re_path(r"^(?:tmf-api|api)(?:/|$)", Unknown.as_view(), name="api-unknown")]
