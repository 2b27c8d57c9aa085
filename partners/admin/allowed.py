"""One control for what a role kind allows, and how strongly each of it must be proven."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from partners.domain.access import LEAST_LEVEL
from partners.enums import ENTERPRISE_ONLY, AssuranceLevel, Permission

OF_PARTNERS = [permission for permission in Permission if permission not in ENTERPRISE_ONLY]
NO, YES = "", "0"


def choices_of(permission: Permission) -> list[tuple[str, Any]]:
    """Not at all, as everywhere, or at a level above that."""
    least = LEAST_LEVEL[permission]
    more = [level for level in AssuranceLevel if level > least]
    return [
        (NO, "—"),
        (YES, format_lazy(_("Allowed ({level})"), level=least.label)),
        *((str(int(level)), format_lazy(_("Allowed, but only with: {level}"), level=level.label)) for level in more),
    ]


class AllowedWidget(forms.MultiWidget):
    """A list of permissions, each with its own choice."""

    template_name = "admin/allowed.html"

    def __init__(self) -> None:
        selects: dict[str, forms.Widget | type[forms.Widget]] = {
            permission.name.lower(): forms.Select(
                choices=choices_of(permission), attrs={"aria-label": permission.label}
            )
            for permission in OF_PARTNERS
        }
        super().__init__(selects)

    def decompress(self, value: Mapping[str, int] | None) -> list[str]:
        allowed = value or {}
        return [str(allowed[one]) if one in allowed else NO for one in OF_PARTNERS]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["rows"] = list(zip(OF_PARTNERS, context["widget"]["subwidgets"], strict=True))
        return context


class AllowedField(forms.MultiValueField):
    """A mapping of permissions to levels; 0 is as everywhere."""

    widget = AllowedWidget

    def __init__(self, **about: Any) -> None:
        fields = [forms.ChoiceField(choices=choices_of(permission), required=False) for permission in OF_PARTNERS]
        super().__init__(fields, require_all_fields=False, required=False, **about)

    def compress(self, data_list: Sequence[str]) -> dict[str, int]:
        return {
            permission: int(chosen) for permission, chosen in zip(OF_PARTNERS, data_list, strict=False) if chosen != NO
        }
