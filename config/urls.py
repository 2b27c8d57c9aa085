"""The map of the system: every door, by audience."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
    path("identity/", include("allauth.idp.urls")),
]
