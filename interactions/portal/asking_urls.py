from django.urls import path

from interactions.portal import asking

app_name = "ask"

urlpatterns = [
    path("", asking.types, name="types"),
    path("confirm/<str:token>/", asking.confirm, name="confirm"),
    path("<slug:code>/", asking.new, name="new"),
]
