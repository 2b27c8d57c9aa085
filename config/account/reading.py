"""How somebody reads our pages and mails: in which language and time zone."""

import zoneinfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partners.middleware import ActorRequest
from partners.models import User


class ReadingForm(forms.Form):
    language = forms.ChoiceField(label=lazy("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=lazy("Time zone"), choices=lambda: [(name, name) for name in sorted(zoneinfo.available_timezones())]
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def reading(request: ActorRequest) -> HttpResponse:
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    now = {"language": user.language, "time_zone": user.time_zone}
    form = ReadingForm(request.POST if request.method == "POST" else None, initial=now)
    if request.method != "POST":
        return render(request, "account/reading.html", {"form": form})
    if not form.is_valid():
        return render(request, "account/reading.html", {"form": form}, status=422)
    user.language, user.time_zone = form.cleaned_data["language"], form.cleaned_data["time_zone"]
    user.save(update_fields=["language", "time_zone"])
    with translation.override(form.cleaned_data["language"]):
        messages.success(request, _("From now on this is how you read us."))
    return redirect("account_reading")
