"""How and when somebody hears of what happens; who hears of what is no matter of taste."""

from collections.abc import Iterator
from datetime import time
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms.boundfield import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from notifications.domain import preferences, topics
from notifications.domain.preferences import Wishes
from notifications.enums import Pace, Topic
from partners.middleware import ActorRequest
from partners.models import User

ABOUT_THEIRS = {
    Topic.YOUR_TURN: lazy("Questions to you, reminders, and solutions that you confirm."),
    Topic.SAID: lazy("What we write to you."),
    Topic.STATUS: lazy("Received, reopened, closed, cancelled, and what was decided."),
    Topic.PROGRESS: lazy("How far we are, when nothing else was new for a while."),
    Topic.PROMISES: lazy("A date has moved, or we are late."),
}
ABOUT_OURS = {
    Topic.YOUR_TURN: lazy("Work that comes to you, steps, mentions, and what you have to see to."),
    Topic.SAID: lazy("What partners write and answer."),
    Topic.STATUS: lazy("Received, confirmed, reopened, cancelled."),
    Topic.PROGRESS: lazy("That a partner was told of progress because nothing else was new."),
    Topic.PROMISES: lazy("A promise is at risk or late, or a date has moved."),
}
HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class NoticesForm(forms.Form):
    """A pace for each topic, the hour of the daily mail, and quiet hours."""

    daily_hour = forms.TypedChoiceField(label=lazy("Daily mail at"), coerce=int, choices=HOURS, required=False)
    quiet_from = forms.TimeField(label=lazy("Quiet from"), required=False)
    quiet_until = forms.TimeField(label=lazy("Quiet until"), required=False)

    def __init__(self, data: Any = None, *, wishes: Wishes, is_ours: bool) -> None:
        hours = {name: getattr(wishes, name) for name in ("daily_hour", "quiet_from", "quiet_until")}
        super().__init__(data, initial=hours)
        for name in ("quiet_from", "quiet_until"):
            self.fields[name].widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        for topic, about in (ABOUT_OURS if is_ours else ABOUT_THEIRS).items():
            self.fields[topic] = forms.ChoiceField(
                label=topic.label,
                help_text=about,
                choices=[(pace, pace.label) for pace in topics.paces(topic, is_ours=is_ours)],
                initial=wishes.paces.get(topic, Pace.AT_ONCE),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if not self.errors and (begins is None) != (ends is None):
            self.add_error("quiet_until" if ends is None else "quiet_from", _("Give both, or neither."))
        elif begins is not None and begins == ends:
            self.add_error("quiet_until", _("Quiet hours end at another time than they begin."))
        return cleaned

    def by_topic(self) -> Iterator[BoundField]:
        return (self[topic] for topic in Topic if topic in self.fields)

    @property
    def wishes(self) -> Wishes:
        given = self.cleaned_data
        quiet: dict[str, time | None] = {name: given[name] for name in ("quiet_from", "quiet_until")}
        chosen = {topic: Pace(given[topic]) for topic in Topic if topic in self.fields}
        return Wishes(
            paces=chosen,
            daily_hour=given["daily_hour"] if given["daily_hour"] != "" else preferences.DAILY_HOUR,
            **quiet,
        )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def notices(request: ActorRequest) -> HttpResponse:
    """What somebody chose, to be changed."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    filled = request.POST if request.method == "POST" else None
    form = NoticesForm(filled, wishes=preferences.of(user), is_ours=user.is_representative)
    if filled is None:
        return render(request, "account/notices.html", {"form": form})
    if not form.is_valid():
        return render(request, "account/notices.html", {"form": form}, status=422)
    preferences.choose(user, form.wishes)
    messages.success(request, _("From now on this is how you hear from us."))
    return redirect("account_notices")
