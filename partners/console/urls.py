from django.urls import path

from partners.console import views

app_name = "console-partners"

urlpatterns = [
    path("partners/", views.partner_list, name="list"),
    path("partners/<int:partner_id>/", views.partner_page, name="page"),
]
