"""Who of the own company may know of a matter: chosen with a new one, changed later by who raised it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from interactions import rules
from interactions.domain import sharing
from interactions.errors import ChangedMeanwhile, NotAccepted
from interactions.models import Interaction
from interactions.portal import page
from interactions.portal.shared_form import SharingForm
from partners.middleware import ActorRequest
from partners.portal.entrance import for_partners


def colleagues_of(request: ActorRequest, *, raised_by: int | None) -> list[tuple[int, str]]:
    """Everybody of the company but whoever raised it, by name."""
    places = sharing.colleagues(request.actor.partner_id or 0, at=timezone.now()).exclude(user=raised_by)
    return list(places.order_by("user__name", "user").values_list("user", "user__name"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_partners
def share(request: ActorRequest, number: str) -> HttpResponse:
    """Who sees it, for who may say so."""
    interaction = page.load(request, number)
    if not rules.can_share(request.actor, interaction):
        raise PermissionDenied
    colleagues = colleagues_of(request, raised_by=interaction.created_by_id)
    form = SharingForm(
        request.POST if request.method == "POST" else None, interaction=interaction, colleagues=colleagues
    )
    if form.is_valid() and changed(request, interaction, form):
        messages.success(request, _("Who sees it is changed."))
        return redirect("portal-interactions:page", interaction.number)
    context = {"interaction": interaction, "form": form}
    return render(request, "portal/interactions/sharing.html", context, status=422 if form.errors else 200)


def changed(request: ActorRequest, interaction: Interaction, form: SharingForm) -> bool:
    """Whether it was done; else the form says why not."""
    version = form.cleaned_data["version"]
    try:
        sharing.share(interaction, **form.shared, version=version, actor=request.actor, at=timezone.now())
    except NotAccepted as refusal:
        form.add_error("readers", refusal.reason)
    except ChangedMeanwhile as refusal:
        form.add_error(None, str(refusal))
    return not form.errors
