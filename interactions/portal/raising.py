"""A new request: first its type, then only what that type asks for."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from interactions import rules
from interactions.domain import catalogue, intake, offers, request_drafts
from interactions.domain.offers import Offer
from interactions.enums import Direction
from interactions.errors import DraftChanged, NotAccepted
from interactions.payloads import Intake
from interactions.portal import drafting
from interactions.portal.drafting import Begun
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
    context = {"offers": offered(request), "drafts": request_drafts.mine(request.actor)}
    return render(request, "portal/interactions/types.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_partners
@never_cache  # coming back to the form gives it a new key, or a second request would count as the first again
def new(request: ActorRequest, code: str) -> HttpResponse:
    """The form of one type, and what becomes of it; `?draft` goes on with one that was begun."""
    begun = begin(request, load(request, code))
    if request.method != "POST":
        return show(request, begun)
    if "save" in request.POST or "remove" in request.POST:
        saved = drafting.saved(request, begun)
        return saved if isinstance(saved, HttpResponse) else show(request, as_filled(request, begun), problem=saved)
    is_valid = begun.form.is_valid() and (begun.lines is None or begun.lines.is_valid())
    if is_valid and (outcome := hand_in(request, begun.form, begun.lines)) is not None:
        return answered(request, outcome)
    return show(request, begun, status=422, lost=drafting.keep_files(request, begun))


@require_POST
@for_partners
def keep(request: ActorRequest, code: str) -> HttpResponse:
    """Save what is filled in so far, for a page that does so while one types."""
    begun = begin(request, load(request, code))
    try:
        begun.draft = drafting.keep(request, begun)
    except (DraftChanged, NotAccepted) as problem:
        words, status = drafting.words_of(problem), 409 if isinstance(problem, DraftChanged) else 422
        return drafting.kept(request, begun, problem=words, status=status)
    return drafting.kept(request, begun)


def begin(request: ActorRequest, offer: Offer) -> Begun:
    """The form as it was sent, or as its draft has it, or empty; files that the draft keeps count as chosen."""
    version = catalogue.current(offer.type)
    draft = drafting.of(request, offer)
    is_sent = request.method == "POST"
    initial = drafting.initial_of(draft.filled) | {"key": draft.key} if draft and not is_sent else {}
    form = RequestForm(
        request.POST if is_sent else None,
        drafting.with_kept(request.FILES, draft) if is_sent else None,
        version=version,
        colleagues=colleagues_of(request, raised_by=request.actor.user_id),
        initial=initial,
    )
    lines = Lines(request.POST if is_sent else None, initial=initial) if version.has_lines else None
    return Begun(offer=offer, form=form, lines=lines, draft=draft)


def as_filled(request: ActorRequest, begun: Begun) -> Begun:
    """The same form without a word on what is missing in it: it was not to be sent yet."""
    initial = drafting.initial_of(dict(request.POST.lists()))
    colleagues = begun.form.colleagues
    form = RequestForm(version=begun.form.version, colleagues=colleagues, initial=initial)
    lines = Lines(initial=initial) if begun.lines is not None else None
    return replace(begun, form=form, lines=lines)


def show(
    request: ActorRequest, begun: Begun, *, problem: str = "", lost: bool = False, status: int = 200
) -> HttpResponse:
    context = {
        "form": begun.form,
        "lines": begun.lines,
        "offer": begun.offer,
        "draft": begun.draft,
        "problem": problem,
        "has_lost_files": lost,
    }
    return render(request, "portal/interactions/new.html", context, status=422 if problem else status)


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
        outcome = intake.receive(wanted, actor=request.actor, at=now)
    except NotAccepted as refusal:
        form.refuse(refusal)
        return None
    request_drafts.drop(key, actor=request.actor)
    return outcome


def answered(request: ActorRequest, outcome: intake.Received) -> HttpResponse:
    """On to the page of the new request; a second press leads to the same one."""
    if outcome.interaction is None:
        return redirect("portal-interactions:list")
    if outcome.is_duplicate:
        messages.info(request, _("You had sent this already; here it is."))
        return redirect("portal-interactions:page", outcome.interaction.number)
    return redirect(f"{reverse('portal-interactions:page', args=[outcome.interaction.number])}?sent=1")
