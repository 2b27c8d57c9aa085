"""Fields that several forms have: what is configured, a partner's roles, and a day."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet

from partners.domain.translations import translated
from partners.enums import CredentialKind
from partners.models import PartnerRole

if TYPE_CHECKING:  # generic in the stubs only
    OneRole = forms.ModelChoiceField[PartnerRole]
    SomeRoles = forms.ModelMultipleChoiceField[PartnerRole]
    OneOfMany = forms.ModelChoiceField[Any]
else:
    OneRole, SomeRoles = forms.ModelChoiceField, forms.ModelMultipleChoiceField
    OneOfMany = forms.ModelChoiceField

MACHINES = [CredentialKind.CLIENT, CredentialKind.DEVICE_KEY]


def configured_choices(rows: "QuerySet[Any]") -> list[tuple[str, str]]:
    """What is configured and has a code, as choices in the order of its names as they are read."""
    found = [(code, translated(name)) for code, name in rows.values_list("code", "name")]
    return sorted(found, key=lambda one: one[1].casefold())


class ConfiguredField(OneOfMany):
    """One of what is configured, a team for example, by its name in the reader's language."""

    def label_from_instance(self, row: Any) -> str:
        return translated(row.name)


class RoleField(OneRole):
    """One of a partner's roles, by the name of its kind."""

    def label_from_instance(self, role: PartnerRole) -> str:
        return translated(role.kind.name)


class RolesField(SomeRoles):
    """Some of a partner's roles, by the name of their kind."""

    def label_from_instance(self, role: PartnerRole) -> str:
        return translated(role.kind.name)


class MachineRoleField(OneRole):
    """A partner's role by the name of its kind, with the credentials that it accepts of machines."""

    def label_from_instance(self, role: PartnerRole) -> str:
        kinds = [str(kind.label) for kind in MACHINES if kind in role.kind.credential_kinds]
        return f"{translated(role.kind.name)} ({', '.join(kinds)})"


class DayInput(forms.DateInput):
    """A day as browsers pick it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")
