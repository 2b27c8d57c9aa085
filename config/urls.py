"""The map of the system: every door, by audience."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config import home, installed, preferences
from config.account import notices, reading, roles, sessions, step_up
from config.console import gallery
from partners.api import urls as partners_api_urls
from partners.portal.urls import joining_urls

admin.autodiscover()  # here and not at the start: who serves no page has no use for it

urlpatterns = [
    path("", include("interactions.api.urls")),  # systems ask most often: the way to them is the shortest
    path("", include("notifications.api.urls")),
    path("", include("partners.api.urls")),
    path("", home.home, name="home"),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("worker.js", installed.worker, name="worker"),
    path("offline/", installed.offline, name="offline"),
    path("preferences/", preferences.choose, name="preferences"),
    path("console/components/", gallery.components, name="components"),
    path("console/", include("partners.console.urls")),
    path("console/", include("interactions.console.urls")),
    path("console/", include("notifications.console.urls")),
    path("console/", include("reporting.console.urls")),
    path("ask/", include("interactions.portal.asking_urls")),
    path("portal/", include("interactions.portal.urls")),
    path("portal/", include("partners.portal.urls")),
    path("portal/", include("notifications.portal.urls")),
    path("admin/", admin.site.urls),
    path("account/company/", include("config.account.company_urls")),
    path("account/notices/", notices.notices, name="account_notices"),
    path("account/reading/", reading.reading, name="account_reading"),
    path("account/role/", roles.choose, name="account_role"),
    path("account/sessions/", sessions.places, name="usersessions_list"),
    path("account/step-up/<str:key>/", step_up.step_up, name="step_up"),
    path("account/email/", RedirectView.as_view(pattern_name="mfa_index")),  # administrators say who has which address
    path("account/", include(joining_urls)),
    path("account/", include("allauth.urls")),
    path("", include(partners_api_urls.identity)),
    path("", include("allauth.idp.urls")),
    path("", include(partners_api_urls.unknown)),
]

if settings.DEVELOPMENT:
    urlpatterns.append(path("dev/mail/", include("notifications.console.mailbox_urls")))
