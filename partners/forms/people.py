"""What is filled in to invite somebody, and to change what one of a partner's people may do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as lazy

from partners.domain import onboarding, people
from partners.enums import PersonAct
from partners.errors import (
    AlreadyThere,
    BlockedByEnterprise,
    InvitationSpent,
    LastAdministrator,
    NotTheirs,
    OwnPlace,
    RoleNotGrantable,
    TooManyInvitations,
)
from partners.forms.fields import RoleField, RolesField
from partners.models import Invitation, Membership, Partner, PartnerRole
from partners.models.role import PartnerRoleQuerySet
from partners.payloads import Actor

MOST_REASON = 500
REFUSALS = (BlockedByEnterprise, LastAdministrator, NotTheirs, OwnPlace, RoleNotGrantable)
NOT_INVITED = (AlreadyThere, InvitationSpent, RoleNotGrantable, TooManyInvitations)

WRONG: Mapping[type[Exception], str] = {
    AlreadyThere: "address",
    BlockedByEnterprise: "address",
    RoleNotGrantable: "roles",
}

NEED_ROLE = {PersonAct.GIVE_ROLE, PersonAct.TAKE_ROLE}
PLAIN = {
    PersonAct.NAME_ADMINISTRATOR: people.name_administrator,
    PersonAct.DISMISS_ADMINISTRATOR: people.dismiss_administrator,
    PersonAct.UNBLOCK: people.unblock,
    PersonAct.REMOVE: people.remove,
}
WITH_ROLE = {PersonAct.GIVE_ROLE: people.give_role, PersonAct.TAKE_ROLE: people.take_role}


class InvitationForm(forms.Form):
    """Whom to invite, and to what."""

    name = forms.CharField(label=lazy("Name"), max_length=onboarding.MOST_NAME)
    address = forms.EmailField(label=lazy("E-mail address"), max_length=254)
    title = forms.CharField(label=lazy("Job title"), max_length=people.MOST_TITLE, required=False)
    roles = RolesField(
        label=lazy("Roles"),
        queryset=PartnerRole.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=lazy("What this person may do here follows from them."),
    )
    is_administrator = forms.BooleanField(
        label=lazy("Administrator"),
        required=False,
        help_text=lazy("Invites people, gives roles and makes keys. Needs a second factor."),
    )
    language = forms.ChoiceField(label=lazy("Language"), choices=settings.LANGUAGES)

    def __init__(self, data: Any = None, *, roles: PartnerRoleQuerySet, language: str) -> None:
        super().__init__(data, initial={"language": language})
        self.fields["roles"].queryset = roles  # type: ignore[attr-defined]
        if len(settings.LANGUAGES) == 1:
            del self.fields["language"]
        if not roles:
            del self.fields["roles"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "roles" in self.fields and not self.errors and not cleaned.get("roles"):
            self.add_error("roles", lazy("Choose at least one role."))
        return cleaned

    def invite(self, partner: Partner, *, actor: Actor, at: datetime) -> Invitation | None:
        """The invitation; None when it was refused, which the form then says."""
        given = {name: self.cleaned_data[name] for name in ("name", "title", "is_administrator")}
        try:
            return onboarding.invite(
                partner,
                self.cleaned_data["address"],
                roles=list(self.cleaned_data.get("roles", [])),
                language=self.cleaned_data.get("language", ""),
                actor=actor,
                at=at,
                **given,
            )
        except (AlreadyThere, BlockedByEnterprise, RoleNotGrantable, TooManyInvitations) as refusal:
            self.add_error(WRONG.get(type(refusal)), str(refusal))
            return None


class PersonActForm(forms.Form):
    """What to do to one of the people; the act says which of the fields it needs."""

    act = forms.ChoiceField(choices=PersonAct.choices)
    role = RoleField(label=lazy("Role"), queryset=PartnerRole.objects.none(), required=False)
    reason = forms.CharField(label=lazy("Reason"), max_length=MOST_REASON, required=False)
    title = forms.CharField(label=lazy("Job title"), max_length=people.MOST_TITLE, required=False)

    def __init__(self, data: Any, *, roles: PartnerRoleQuerySet) -> None:
        super().__init__(data)
        self.fields["role"].queryset = roles  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("act") in NEED_ROLE and not cleaned.get("role") and "role" not in self.errors:
            self.add_error("role", str(RoleNotGrantable()))
        return cleaned

    @property
    def chosen(self) -> PersonAct:
        return PersonAct(self.cleaned_data["act"])

    def perform(self, membership: Membership, *, actor: Actor, at: datetime) -> None:
        """Raises one of REFUSALS."""
        if self.chosen in WITH_ROLE:
            WITH_ROLE[self.chosen](membership, self.cleaned_data["role"], actor=actor, at=at)
        elif self.chosen == PersonAct.RETITLE:
            people.retitle(membership, self.cleaned_data["title"], actor=actor, at=at)
        elif self.chosen == PersonAct.BLOCK:
            people.block(membership, actor=actor, at=at, reason=self.cleaned_data["reason"])
        else:
            PLAIN[self.chosen](membership, actor=actor, at=at)


DONE: Mapping[PersonAct, Any] = {
    PersonAct.GIVE_ROLE: lazy("%(name)s has the role now."),
    PersonAct.TAKE_ROLE: lazy("%(name)s no longer has the role."),
    PersonAct.NAME_ADMINISTRATOR: lazy("%(name)s is an administrator now."),
    PersonAct.DISMISS_ADMINISTRATOR: lazy("%(name)s is no longer an administrator."),
    PersonAct.RETITLE: lazy("The job title of %(name)s is changed."),
    PersonAct.BLOCK: lazy("%(name)s is blocked, from this moment on."),
    PersonAct.UNBLOCK: lazy("%(name)s is no longer blocked."),
    PersonAct.REMOVE: lazy("%(name)s is removed."),
}


def said(act: PersonAct, membership: Membership) -> str:
    """What has been done, in a sentence."""
    return str(DONE[act]) % {"name": membership.user.name}


def first_error(form: forms.Form) -> str:
    """What was wrong, in one sentence, for a message."""
    return next(str(message) for messages in form.errors.values() for message in messages)
