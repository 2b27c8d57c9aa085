"""Every component in every state on one page, for those who build pages and for the accessibility check."""

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from interactions.enums import Status
from partners.enums import Channel


class ExampleForm(forms.Form):
    """One field of each kind a page uses."""

    name = forms.CharField(label="Name", help_text="As it stands on the invoice.")
    amount = forms.DecimalField(label="Amount", decimal_places=2, required=False)
    since = forms.DateField(label="Since", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    channel = forms.ChoiceField(label="Channel", choices=Channel.choices)
    urgency = forms.ChoiceField(
        label="Urgency", choices=[("2", "High"), ("3", "Normal")], initial="3", widget=forms.RadioSelect
    )
    text = forms.CharField(label="What happened", widget=forms.Textarea, required=False)
    file = forms.FileField(label="File", required=False)
    agree = forms.BooleanField(label="Tell the partner", required=False, help_text="Sends one message.")


def components(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    return render(
        request,
        "console/components.html",
        {
            "now": now,
            "statuses": [status.value for status in Status],
            "channels": [channel.value for channel in Channel],
            "later": now + timedelta(days=2, hours=3),
            "soon": now + timedelta(hours=2, minutes=10),
            "past": now - timedelta(hours=3, minutes=5),
            "long_ago": now - timedelta(days=40),
            "form": ExampleForm(initial={"name": "Acme Wholesale"}),
            "wrong": ExampleForm({"name": "", "amount": "a lot", "channel": "pigeon", "urgency": "9"}),
            "file_size": "248 kB",
        },
    )
