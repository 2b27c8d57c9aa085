from django.urls import path

from notifications.api.hub import Hub, Listener

app_name = "api-notifications"

urlpatterns = [
    path("tmf-api/partyInteraction/v4/hub", Hub.as_view(), name="hub"),
    path("tmf-api/partyInteraction/v4/hub/<str:identifier>", Listener.as_view(), name="listener"),
]
