"""A new request: first its type, then only what that type asks for."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from interactions import rules
from interactions.domain import catalogue, intake, offers
from interactions.domain.offers import Offer
from interactions.enums import Direction
from interactions.errors import NotAccepted
from interactions.payloads import Intake
from interactions.portal.forms import RequestForm, received
from interactions.portal.order_lines import Lines
from interactions.portal.sharing import colleagues_of
from partners.enums import Channel, Priority
from partners.middleware import ActorRequest
from partners.portal.entrance import for_partners


@require_safe
@for_partners
def types(request: ActorRequest) -> HttpResponse:
    """What can be raised, and when it would be answered."""
    return render(request, "portal/interactions/types.html", {"offers": offered(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_partners
@never_cache  # coming back to the form gives it a new key, or a second request would count as the first again
def new(request: ActorRequest, code: str) -> HttpResponse:
    """The form of one type, and what becomes of it."""
    offer = load(request, code)
    version = catalogue.current(offer.type)
    colleagues = colleagues_of(request, raised_by=request.actor.user_id)
    filled = request.POST if request.method == "POST" else None
    form = RequestForm(filled, request.FILES if filled is not None else None, version=version, colleagues=colleagues)
    lines = Lines(filled) if version.has_lines else None
    context = {"form": form, "lines": lines, "offer": offer, "has_lost_files": bool(request.FILES)}
    if filled is None:
        return render(request, "portal/interactions/new.html", context)
    is_valid = form.is_valid() and (lines is None or lines.is_valid())
    if is_valid and (outcome := hand_in(request, form, lines)) is not None:
        return answered(request, outcome)
    return render(request, "portal/interactions/new.html", context, status=422)


def offered(request: ActorRequest, code: str = "") -> list[Offer]:
    """What the role of the actor may raise."""
    role = request.acting.role
    found = offers.offers(
        partner_id=request.actor.partner_id or 0,
        role_kind_id=role.kind_id if role else None,
        at=timezone.now(),
        code=code,
    )
    return [offer for offer in found if rules.can_raise(request.actor, offer.type)]


def load(request: ActorRequest, code: str) -> Offer:
    """The type with its promise, or 404 when this role may not raise it. Raises StepUpNeeded."""
    found = offered(request, code)
    if not found:
        raise Http404
    rules.require_raise(request.actor, found[0].type)
    return found[0]


def hand_in(request: ActorRequest, form: RequestForm, lines: Lines | None) -> intake.Received | None:
    """What became of the request, or nothing when it was refused; the form says why then."""
    now = timezone.now()
    key = form.cleaned_data["key"]
    wanted = Intake(
        channel=Channel.WEB,
        direction=Direction.INBOUND,
        subject=form.cleaned_data["subject"],
        text=form.cleaned_data["text"],
        happened_at=now,
        type_code=form.version.type.code,
        priority=form.cleaned_data["priority"] or Priority.NORMAL,
        values=form.stored,
        lines=lines.ordered() if lines is not None else (),
        **form.shared,
        files=received([*form.own_files(), *form.cleaned_data["attachment"]]),
        external_id=key,
        scope=f"web:{request.actor.partner_id}:{request.actor.user_id}" if key else "",
    )
    try:
        return intake.receive(wanted, actor=request.actor, at=now)
    except NotAccepted as refusal:
        form.refuse(refusal)
        return None


def answered(request: ActorRequest, outcome: intake.Received) -> HttpResponse:
    """On to the page of the new request; a second press leads to the same one."""
    if outcome.interaction is None:
        return redirect("portal-interactions:list")
    if outcome.is_duplicate:
        messages.info(request, _("You had sent this already; here it is."))
        return redirect("portal-interactions:page", outcome.interaction.number)
    return redirect(f"{reverse('portal-interactions:page', args=[outcome.interaction.number])}?sent=1")
