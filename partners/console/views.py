"""Partners: the list, and the page of one with its timeline over all channels."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners import rules
from partners.domain import directory, keyset
from partners.domain.directory import About
from partners.enums import PartnerStatus
from partners.middleware import ActorRequest
from partners.models import Partner, RoleKind

ROWS = 50
ENTRIES = 40


@require_safe
def partner_list(request: ActorRequest) -> HttpResponse:
    """Partners by name, searched and filtered."""
    if not rules.can_see_partners(request.actor):
        raise PermissionDenied
    kinds = list(RoleKind.objects.order_by("name"))
    asked = {
        "text": request.GET.get("q", ""),
        "status": known(request.GET.get("status", ""), PartnerStatus.values),
        "kind": known(request.GET.get("kind", ""), [kind.code for kind in kinds]),
    }
    page = keyset.page(
        directory.find(request.actor, **asked),
        ("name", "id"),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=ROWS,
    )
    context = {"page": page, "asked": asked, "kinds": kinds, "statuses": PartnerStatus.choices}
    return render(request, "console/partners/list.html", context)


@require_safe
def partner_page(request: ActorRequest, partner_id: int) -> HttpResponse:
    """One partner: who it is, what was agreed, who acts for it, and everything that happened."""
    partner = load(request, partner_id)
    about = known(request.GET.get("about", ""), About.values)
    timeline = keyset.page(
        directory.timeline(partner, request.actor, about=About(about) if about else None),
        ("-id",),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=ENTRIES,
    )
    context = {
        "partner": partner,
        "timeline": timeline,
        "role_names": directory.role_names(),
        "about": about,
        "abouts": About.choices,
    }
    return render(request, "console/partners/page.html", context)


def load(request: ActorRequest, partner_id: int) -> Partner:
    """The partner, or 404; the console is for representatives."""
    if not rules.can_see_partners(request.actor):
        raise Http404
    partner = directory.with_everything(partner_id, request.actor)
    if partner is None:
        raise Http404
    return partner


def known(value: str, values: list[str]) -> str:
    """A filter's value, or none when there is no such choice."""
    return value if value in values else ""
