from django.urls import path

from reporting.console import views

app_name = "console-reporting"

urlpatterns = [
    path("reports/", views.overview, name="overview"),
    path("reports/figures.csv", views.download, name="download"),
]
