from django.urls import path, register_converter
from django.urls.converters import IntConverter

from notifications.console import deliveries, preview

app_name = "console-notifications"


class IdConverter(IntConverter):
    """An id that the database can hold; a longer one names nothing."""

    regex = "[0-9]{1,18}"


register_converter(IdConverter, "delivery")

urlpatterns = [
    path("interactions/<interaction:number>/preview/", preview.preview, name="preview"),
    path("deliveries/", deliveries.delivery_list, name="deliveries"),
    path("deliveries/<delivery:delivery_id>/", deliveries.delivery_page, name="delivery"),
    path("deliveries/<delivery:delivery_id>/redrive/", deliveries.redrive, name="redrive"),
]
