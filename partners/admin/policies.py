"""Policies: what one says is never changed, an edit adds the next version."""

import types
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.duration import duration_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners.admin import shares
from partners.admin.base import ReadOnlyInline, RecordedAdmin
from partners.admin.generic import AnyModelForm
from partners.domain import policies
from partners.enums import EscalationTarget
from partners.models import PolicyVersion, ServicePolicy

CRITERIA: list[Any] = ["partner", "role_kind", "interaction_type", "priority"]
PROMISES: list[Any] = ["calendar", "first_response", "next_response", "resolution", "silence_limit", "answer"]
PERIOD: list[Any] = ["effective_from", "effective_until"]
CHAINS = ["escalation", "reminders"]
SHARES = {name: field for chain in CHAINS for name, field in shares.fields_of(chain, EscalationTarget).items()}
PARTNER = PolicyVersion._meta.get_field("partner")
WIDGETS: dict[str, type[forms.Widget] | forms.Widget] = {
    "partner": AutocompleteSelect(PARTNER, admin.site),
    "effective_from": AdminDateWidget(),
    "effective_until": AdminDateWidget(),
}
TERMS = forms.fields_for_model(PolicyVersion, fields=[*CRITERIA, *PROMISES, *PERIOD], widgets=WIDGETS)


class PolicyForm(AnyModelForm):
    """The name, with what the newest version says; anything else said makes the next version."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = policies.newest(self.instance) if self.instance.pk else None
        said = newest or PolicyVersion()
        for name in TERMS:
            self.initial.setdefault(name, getattr(said, said._meta.get_field(name).attname))  # type: ignore[union-attr]
        for name in SHARES:
            chain, _, target = name.partition("_")
            self.initial.setdefault(name, getattr(said, chain).get(target, []))

    def clean(self) -> dict[str, Any]:
        """What is said must make a version; otherwise the message stands at the field that is wrong."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.version().validate_constraints(exclude={"policy", "number"})
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned

    def version(self) -> PolicyVersion:
        said = {name: self.cleaned_data[name] for name in TERMS}
        for chain in CHAINS:
            said[chain] = shares.filled_in(chain, self.cleaned_data)
        return PolicyVersion(**said)

    @property
    def says_something_new(self) -> bool:
        return bool({*TERMS, *SHARES} & set(self.changed_data)) or not self.instance.versions.exists()


# the metaclass wants fields as attributes of a class; these come from the version's own
PolicyVersionForm: Any = types.new_class(
    "PolicyVersionForm", (PolicyForm,), exec_body=lambda body: body.update(TERMS | SHARES)
)


SPANS = PROMISES[1:]


def as_entered(span: timedelta | None) -> str:
    """Days and hours without words: "4 00:00:00"."""
    return "-" if span is None else duration_string(span).replace(" ", "\N{NO-BREAK SPACE}")


def shown(name: str) -> Any:
    @admin.display(description=PolicyVersion._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    def span(version: PolicyVersion) -> str:
        return as_entered(getattr(version, name))

    return span


SAID = ["number", *CRITERIA, "calendar", *map(shown, SPANS), "told", "reminded", *PERIOD, "created_at"]


class VersionInline(ReadOnlyInline):
    model = PolicyVersion
    fk_name = "policy"
    fields = SAID
    readonly_fields = SAID
    ordering = ["-number"]
    verbose_name_plural = _("Versions, the newest first")

    @admin.display(description=_("escalation"))
    def told(self, version: PolicyVersion) -> str:
        return chain_words(version.escalation)

    @admin.display(description=_("reminders"))
    def reminded(self, version: PolicyVersion) -> str:
        return chain_words(version.reminders)


def chain_words(chain: dict[str, list[int]]) -> str:
    told = [(EscalationTarget(target).label, shares.shares_text(given)) for target, given in chain.items() if given]
    return "; ".join(f"{label}: {given} %" for label, given in told)


def told_fields(chain: str) -> list[Any]:
    return [f"{chain}_{target}" for target in EscalationTarget.values]


SHOWN = ["partner__name", "role_kind__name", "interaction_type", "priority", "first_response", "resolution"]


@admin.register(ServicePolicy)
class ServicePolicyAdmin(RecordedAdmin):
    form = PolicyVersionForm
    inlines = [VersionInline]
    list_display = ["name", "for_whom", "promised", "number"]
    search_fields = ["name", "versions__partner__name", "versions__interaction_type"]
    ordering = ["name"]
    fieldsets = [
        (None, {"fields": ["name", *PERIOD]}),
        (
            _("Applies to"),
            {"fields": CRITERIA, "description": _("What is left empty applies to all; the most exact policy wins.")},
        ),
        (
            _("Promises, in business time"),
            {
                "fields": PROMISES,
                "description": _("A change adds a version; promises already made keep the one they were made by."),
            },
        ),
        (
            _("Who is told when how much of the time of our promise has passed"),
            {
                "fields": told_fields("escalation"),
                "description": _("In per cent: 75 is a warning, 100 the moment it breaks, 150 half as long again."),
            },
        ),
        (
            _("Who is told when how much of the partner's time for an answer has passed"),
            {
                "fields": told_fields("reminders"),
                "description": _(
                    "In per cent of the time the partner was given. The people of the partner are reminded."
                ),
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        newest = PolicyVersion.objects.filter(policy=OuterRef("pk")).order_by("-number")
        annotations = {f"newest__{name}".replace("__", "_"): Subquery(newest.values(name)[:1]) for name in SHOWN}
        found: QuerySet[Any] = super().get_queryset(request)
        annotated: QuerySet[Any] = found.annotate(number=Subquery(newest.values("number")[:1]), **annotations)
        return annotated

    @admin.display(description=_("applies to"))
    def for_whom(self, policy: Any) -> str:
        named = [policy.newest_partner_name, policy.newest_interaction_type, policy.newest_role_kind_name]
        priority = PolicyVersion(priority=policy.newest_priority).get_priority_display()
        return " · ".join(str(part) for part in [*named, priority] if part) or gettext("everything")

    @admin.display(description=_("first response, resolution"))
    def promised(self, policy: Any) -> str:
        return f"{as_entered(policy.newest_first_response)}, {as_entered(policy.newest_resolution)}"

    @admin.display(description=_("version"), ordering=F("number"))
    def number(self, policy: Any) -> int | None:
        return policy.number  # type: ignore[no-any-return]  # annotated above

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.says_something_new:
            version = form.version()
            version.created_by_id = request.user.pk
            policies.revise(obj, version)
