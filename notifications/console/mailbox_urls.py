"""The mailbox of development; config/urls.py has it only there."""

from django.urls import path

from notifications.console import mailbox

app_name = "mailbox"

urlpatterns = [
    path("", mailbox.mails, name="mails"),
    path("<str:name>/", mailbox.mail, name="mail"),
    path("<str:name>/html/", mailbox.html, name="html"),
    path("<str:name>/raw/", mailbox.raw, name="raw"),
    path("<str:name>/answer/", mailbox.answer, name="answer"),
]
