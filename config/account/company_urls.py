from django.urls import path

from config.account import companies

app_name = "account-company"

urlpatterns = [
    path("", companies.find, name="find"),
    path("<slug:slug>/", companies.company, name="page"),
    path("<slug:slug>/start/", companies.start, name="start"),
    path("<slug:slug>/callback/", companies.callback, name="callback"),
    path("<slug:slug>/acs/", companies.assertion, name="acs"),
    path("<slug:slug>/arrive/", companies.arrive, name="arrive"),
    path("<slug:slug>/metadata/", companies.metadata, name="metadata"),
]
