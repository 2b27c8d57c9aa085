from django.urls import path

from interactions.api.attachments import AttachmentContent
from interactions.api.devices import DeviceReports
from interactions.api.interactions import PartyInteraction, PartyInteractions
from interactions.api.telephony import TelephonyEvents

app_name = "api-interactions"

urlpatterns = [
    path("tmf-api/partyInteraction/v4/partyInteraction", PartyInteractions.as_view(), name="interactions"),
    path("tmf-api/partyInteraction/v4/partyInteraction/<str:number>", PartyInteraction.as_view(), name="interaction"),
    path("api/attachments/<int:number>", AttachmentContent.as_view(), name="attachment"),
    path("api/telephony/events", TelephonyEvents.as_view(), name="telephony-events"),
    path("api/devices/reports", DeviceReports.as_view(), name="device-reports"),
]
