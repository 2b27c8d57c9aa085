"""Calendars: the hours are never changed, a revision adds the next version."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partners.admin.base import ReadOnlyInline, RecordedAdmin
from partners.admin.generic import AnyModelForm
from partners.domain import calendars
from partners.domain.business_time import CalendarInvalid
from partners.models import BusinessCalendar, CalendarVersion

HOURS = ["time_zone", "weekly_hours", "country", "region", "closed_dates", "open_dates"]
PLACES = {
    "time zone": "time_zone",
    "country": "country",
    "region": "region",
    "closed dates": "closed_dates",
    "open dates": "open_dates",
}


def field_at_fault(message: str) -> str:
    """The field that an error is about; the hours, unless the message names another."""
    return next((field for words, field in PLACES.items() if words in message), "weekly_hours")


class CalendarForm(AnyModelForm):
    """Code and name, with the hours of the newest version; other hours make the next version."""

    time_zone = forms.CharField(label=_("Time zone"), max_length=63, help_text=_("Such as Europe/Berlin."))
    weekly_hours = forms.JSONField(
        label=_("Weekly hours"),
        widget=forms.Textarea(attrs={"rows": 9, "cols": 60}),
        help_text=_(
            'Seven lists, Monday first, of frames such as [["09:00", "12:00"], ["13:00", "17:30"]]; [] is a closed day.'
        ),
    )
    country = forms.CharField(
        label=_("Country"),
        max_length=2,
        required=False,
        help_text=_("Whose public holidays are closed, such as DE."),
    )
    region = forms.CharField(label=_("Region"), max_length=10, required=False, help_text=_("Its region, such as BY."))
    closed_dates = forms.JSONField(
        label=_("Closed dates"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text=_('Such as ["2026-12-24"].'),
    )
    open_dates = forms.JSONField(
        label=_("Open dates"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text=_("Dates open in spite of a holiday."),
    )

    class Meta:
        model = BusinessCalendar
        fields = ["code", "name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = self.instance.versions.order_by("-number").first() if self.instance.pk else None
        for name in HOURS:
            empty: Any = [] if name.endswith("dates") else ""
            self.initial.setdefault(name, getattr(newest, name) if newest else empty)

    def clean(self) -> dict[str, Any]:
        """The hours must make a calendar; otherwise the message stands at the field that is wrong."""
        cleaned = super().clean() or self.cleaned_data
        for name in ("closed_dates", "open_dates"):
            cleaned[name] = cleaned.get(name) or []
        if not self.errors:
            try:
                calendars.build(self.version())
            except CalendarInvalid as error:
                self.add_error(field_at_fault(str(error)), str(error))
        return cleaned

    def version(self) -> CalendarVersion:
        return CalendarVersion(**{name: self.cleaned_data[name] for name in HOURS})

    @property
    def has_new_hours(self) -> bool:
        return bool(set(HOURS) & set(self.changed_data)) or not self.instance.versions.exists()


class VersionInline(ReadOnlyInline):
    model = CalendarVersion
    fields = ["number", *HOURS, "created_at"]
    readonly_fields = ["number", *HOURS, "created_at"]
    ordering = ["-number"]
    verbose_name_plural = _("Versions, the newest first")


@admin.register(BusinessCalendar)
class BusinessCalendarAdmin(RecordedAdmin):
    form = CalendarForm
    inlines = [VersionInline]
    list_display = ["name", "code"]
    search_fields = ["name", "code"]
    ordering = ["name"]
    fieldsets = [
        (None, {"fields": ["code", "name"]}),
        (
            _("Hours"),
            {
                "fields": [*HOURS],
                "description": _("A change adds a version; promises already made keep the hours they have."),
            },
        ),
    ]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.has_new_hours:
            calendars.revise(obj, form.version())

    def has_delete_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False
