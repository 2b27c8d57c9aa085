"""What is filled in to make a key for a machine, and to change one."""

import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext_lazy, pgettext_lazy

from partners.domain import credentials, scopes
from partners.domain.credentials import MOST_LIFE, MOST_NAME, MOST_OVERLAP, Issued
from partners.enums import CredentialKind, Scope
from partners.errors import (
    CredentialEnded,
    CredentialNotAccepted,
    EndNotAllowed,
    RoleNotGrantable,
    RoleNotInForce,
    ScopeBeyondRole,
    SecretRenewed,
)
from partners.forms.fields import MACHINES, DayInput, MachineRoleField
from partners.models import Credential, PartnerRole
from partners.models.role import PartnerRoleQuerySet
from partners.payloads import Actor

USUAL_LIFE = timedelta(days=180)
OVERLAPS = [timedelta(0), timedelta(hours=1), timedelta(days=1), timedelta(days=7), MOST_OVERLAP]
NOT_DONE = (CredentialEnded, EndNotAllowed, RoleNotGrantable, RoleNotInForce, ScopeBeyondRole, SecretRenewed)
FIELDS: Mapping[type[Exception], str] = {
    CredentialNotAccepted: "kind",
    EndNotAllowed: "ends_on",
    RoleNotGrantable: "role",
    RoleNotInForce: "role",
    ScopeBeyondRole: "scopes",
}


class TermsForm(forms.Form):
    """What a key is called, what it may and how long; the last day is a whole one, in UTC."""

    name = forms.CharField(
        label=lazy("Name"), max_length=MOST_NAME, help_text=lazy("Of the system or device, as your colleagues know it.")
    )
    scopes = forms.MultipleChoiceField(
        label=pgettext_lazy("of a key", "May"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    ends_on = forms.DateField(label=lazy("Last day"), widget=DayInput, required=False)

    def __init__(self, data: Any = None, *, actor: Actor, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.actor = actor
        ends_on = self.fields["ends_on"]
        if actor.is_partner_side:
            ends_on.required = True
            ends_on.help_text = lazy("At most a year ahead. You are told two weeks before.")
        else:
            ends_on.help_text = lazy("Empty: without end. The partner is told two weeks before.")

    def expires_at(self, at: datetime) -> datetime | None:
        """The end of the last day; of the last day there may be, the moment itself."""
        day: date | None = self.cleaned_data["ends_on"]
        latest = at + MOST_LIFE
        if day == latest.astimezone(UTC).date():
            return latest
        return datetime.combine(day, time.max.replace(microsecond=0), UTC) if day else None

    def refuse(self, refusal: Exception) -> None:
        field = FIELDS.get(type(refusal))
        self.add_error(field if field in self.fields else None, str(refusal))


class KeyForm(TermsForm):
    """A new key: of a system that buys tokens, or of a device."""

    kind = forms.ChoiceField(
        label=lazy("For"),
        choices=[
            (CredentialKind.CLIENT, lazy("A system, by OAuth 2 client credentials")),
            (CredentialKind.DEVICE_KEY, lazy("A device that reports")),
        ],
        widget=forms.RadioSelect,
        initial=CredentialKind.CLIENT,
    )
    role = MachineRoleField(
        label=lazy("In the role"), queryset=PartnerRole.objects.none(), empty_label=lazy("Choose a role")
    )
    once = forms.CharField(widget=forms.HiddenInput, max_length=40)
    field_order = ["kind", "name", "role", "scopes", "ends_on", "once"]

    def __init__(self, data: Any = None, *, roles: PartnerRoleQuerySet, actor: Actor, at: datetime) -> None:
        initial = {"once": secrets.token_urlsafe(12), "ends_on": (at + USUAL_LIFE).date(), "scopes": [Scope.READ]}
        super().__init__(data, actor=actor, initial=initial)
        self.fields["role"].queryset = roles.filter(kind__credential_kinds__overlap=MACHINES)  # type: ignore[attr-defined]

    def issue(self, *, actor: Actor, at: datetime) -> Issued | None:
        """The key; None when it was refused, which the form then says. Raises CredentialMade."""
        kind = CredentialKind(self.cleaned_data["kind"])
        given = {name: self.cleaned_data[name] for name in ("role", "name", "once")}
        wanted = self.cleaned_data["scopes"] if kind == CredentialKind.CLIENT else []
        try:
            return credentials.issue(
                kind=kind, wanted=wanted, expires_at=self.expires_at(at), actor=actor, at=at, **given
            )
        except (CredentialNotAccepted, *NOT_DONE) as refusal:
            self.refuse(refusal)
            return None


class ChangeForm(TermsForm):
    """Another name, other scopes, another end of a key."""

    def __init__(self, data: Any = None, *, credential: Credential, actor: Actor) -> None:
        initial = {
            "name": credential.name,
            "scopes": credential.scopes,
            "ends_on": credential.expires_at.astimezone(UTC).date() if credential.expires_at else None,
        }
        super().__init__(data, actor=actor, initial=initial)
        self.credential = credential
        within = scopes.within(credential.role.kind.permissions) | set(credential.scopes)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            choice for choice in Scope.choices if choice[0] in within
        ]
        if credential.kind == CredentialKind.DEVICE_KEY:
            del self.fields["scopes"]

    def change(self, *, at: datetime) -> bool:
        """Whether it was done; else the form says why not."""
        has_same_end = self.cleaned_data["ends_on"] == self.initial["ends_on"]
        try:
            credentials.change(
                self.credential,
                name=self.cleaned_data["name"],
                wanted=self.cleaned_data.get("scopes", []),
                expires_at=self.credential.expires_at if has_same_end else self.expires_at(at),
                actor=self.actor,
                at=at,
            )
        except NOT_DONE as refusal:
            self.refuse(refusal)
            return False
        return True


class RotationForm(forms.Form):
    """A new secret, and how long the one before still works."""

    overlap = forms.TypedChoiceField(
        label=lazy("The old secret works on"),
        coerce=lambda hours: timedelta(hours=int(hours)),
        choices=[],
        initial=24,
        help_text=lazy("Long enough to give the new one to your system. Not at all, where the old one has leaked."),
    )
    after = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, data: Any = None, *, credential: Credential) -> None:
        super().__init__(data, initial={"after": credential.mark})
        self.credential = credential
        self.fields["overlap"].choices = [  # type: ignore[attr-defined]
            (int(span.total_seconds()) // 3600, how_long(span)) for span in OVERLAPS
        ]

    def rotate(self, *, actor: Actor, at: datetime) -> Issued:
        """Raises one of NOT_DONE."""
        return credentials.rotate(self.credential, **self.cleaned_data, actor=actor, at=at)


def how_long(span: timedelta) -> Any:
    if not span:
        return lazy("not at all")
    hours = int(span.total_seconds()) // 3600
    if hours < 24:
        return ngettext_lazy("for %d hour", "for %d hours", hours) % hours
    return ngettext_lazy("for %d day", "for %d days", hours // 24) % (hours // 24)
