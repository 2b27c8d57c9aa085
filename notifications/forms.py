"""What is filled in to add a webhook endpoint, and to give it a new secret."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as lazy

from notifications.domain import queries, subscriptions
from notifications.domain.subscriptions import Issued
from notifications.enums import HubEvent
from notifications.errors import CallbackNotAccepted, TooManySubscriptions
from notifications.models import Subscription
from notifications.transports import callbacks
from partners.errors import RoleNotGrantable, RoleNotInForce
from partners.forms.fields import RoleField
from partners.forms.keys import OVERLAPS, how_long
from partners.models import PartnerRole
from partners.models.role import PartnerRoleQuerySet
from partners.payloads import Actor


class EndpointForm(forms.Form):
    """A new endpoint: where to, in which role, and which events."""

    callback = forms.CharField(
        label=lazy("Address"),
        max_length=500,
        help_text=lazy("Where your system takes POST requests, such as https://hooks.example.com/bpi."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    events = forms.MultipleChoiceField(
        label=lazy("Events"), choices=HubEvent.choices, widget=forms.CheckboxSelectMultiple, initial=HubEvent.values
    )
    role = RoleField(
        label=lazy("In the role"),
        queryset=PartnerRole.objects.none(),
        empty_label=lazy("Choose a role"),
        help_text=lazy("It is told what a system in this role may read."),
    )
    once = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, data: Any = None, *, roles: PartnerRoleQuerySet, actor: Actor) -> None:
        initial = {"once": secrets.token_urlsafe(12), "role": actor.role_id}
        super().__init__(data, initial=initial)
        self.fields["role"].queryset = roles  # type: ignore[attr-defined]

    def clean_callback(self) -> str:
        """Said beside whatever else is missing."""
        callback = str(self.cleaned_data["callback"])
        try:
            callbacks.parts_of(callback)
        except CallbackNotAccepted as refusal:
            raise ValidationError(str(refusal)) from refusal
        return callback

    def add(self, *, actor: Actor, at: datetime) -> Issued | None:
        """The endpoint; None when it was refused, which the form then says. Raises SubscriptionMade."""
        given = self.cleaned_data
        query = queries.of_events(given["events"])
        try:
            return subscriptions.add(
                given["role"], given["callback"], query=query, once=given["once"], actor=actor, at=at
            )
        except (RoleNotGrantable, RoleNotInForce) as refusal:
            self.add_error("role", str(refusal))
        except TooManySubscriptions as refusal:
            self.add_error(None, str(refusal))
        return None


class NewSecretForm(forms.Form):
    """How long what is sent carries the signature of the old secret as well."""

    overlap = forms.TypedChoiceField(
        label=lazy("The old secret signs on"),
        coerce=lambda hours: timedelta(hours=int(hours)),
        choices=[],
        initial=24,
        help_text=lazy("So long each event carries two signatures. Not at all, where the old one has leaked."),
    )
    after = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, data: Any = None, *, subscription: Subscription) -> None:
        super().__init__(data, initial={"after": subscription.mark})
        self.subscription = subscription
        self.fields["overlap"].choices = [  # type: ignore[attr-defined]  # in the reader's language
            (int(span.total_seconds()) // 3600, how_long(span)) for span in OVERLAPS
        ]

    def rotate(self, *, actor: Actor, at: datetime) -> Issued:
        """Raises SubscriptionEnded and SecretRenewed."""
        return subscriptions.rotate(self.subscription, **self.cleaned_data, actor=actor, at=at)
