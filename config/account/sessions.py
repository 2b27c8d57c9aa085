"""Where somebody is signed in, and the ends of it: one place, or every other one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partners.domain import sessions
from partners.middleware import ActorRequest
from partners.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def places(request: ActorRequest) -> HttpResponse:
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    if request.method == "POST":
        end(request, user)
        return redirect("usersessions_list")
    found = sessions.of(user, at=timezone.now())
    context = {"places": found, "current": request.session.session_key, "count": len(found)}
    return render(request, "account/sessions.html", context)


def end(request: ActorRequest, user: User) -> None:
    """The session named, or all but this one where none is."""
    actor, now = request.acting.actor, timezone.now()
    chosen = request.POST.get("session", "")
    if chosen:
        is_number = chosen.isascii() and chosen.isdigit() and len(chosen) < 10
        if is_number and sessions.end(user, int(chosen), actor=actor, at=now):
            messages.success(request, _("That session has ended."))
        else:
            messages.info(request, _("That session was over already."))
        return
    count = sessions.end_others(user, kept=request.session.session_key or "", actor=actor, at=now)
    told = ngettext("%(count)d session has ended.", "%(count)d sessions have ended.", count)
    messages.success(request, told % {"count": count})
