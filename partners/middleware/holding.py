"""An act of a page that must wait is put aside, and done when it may: the same input, once, after a confirmation."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from partners.domain import access, interruptions
from partners.domain.access import Acting
from partners.domain.interruptions import Interruption
from partners.errors import StepUpNeeded
from partners.payloads import Actor

FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
SAFE = {"GET", "HEAD", "OPTIONS"}
OWN = ("/account/", "/preferences/", "/admin/logout/")
TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the name of a field
SECRET = ("password", "secret")  # in the name of a field
BACKGROUND = "X-Background"  # a page asks by itself whether something is new: nobody is there because of that
BEGUN_AS = "acting"  # the field of a form that says in which role it was opened


def refuse_who_only_looks(request: HttpRequest) -> None:
    """Raise PermissionDenied for anything that could change something, but for what is the person's own."""
    actor: Actor = request.__dict__["actor"]
    if request.method not in SAFE and not request.path.startswith(OWN) and access.only_looks(actor):
        raise PermissionDenied(_("You may look here, and change nothing."))


def hold(request: HttpRequest, acting: Acting, needed: StepUpNeeded) -> HttpResponse:
    """Put what was to be done aside, and lead to where more can be proven.

    What a script sends cannot be kept, nor what is secret: it is refused.
    """
    if request.method not in {"GET", "HEAD"} and not can_be_held(request):
        raise PermissionDenied(str(needed)) from needed
    key = interruptions.keep(
        request.session,
        act_of(
            request,
            user_id=acting.actor.user_id,
            role=acting.key,
            level=int(needed.level),
            permission=needed.permission or "",
            is_stale=needed.is_stale,
        ),
    )
    return lead(request, reverse("step_up", args=[key]))


def hold_for_role(request: HttpRequest, acting: Acting) -> HttpResponse | None:
    """Put aside what was filled in for one partner and is sent while the person acts for another, in another window."""
    begun_as = request.POST.get(BEGUN_AS, "") if is_form(request) else ""
    if not begun_as or begun_as == acting.key:
        return None
    if not can_be_held(request):
        return HttpResponse(
            _("In another window you act for somebody else now."), status=409, content_type="text/plain"
        )
    act = act_of(request, user_id=acting.actor.user_id, role=begun_as)
    return lead(request, reverse("step_up", args=[interruptions.keep(request.session, act)]))


def hold_for_sign_in(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Put what was posted aside for whoever signs in again as the same person."""
    act = act_of(request, user_id=acting.actor.user_id, role=acting.key)
    request.session.flush()
    key = interruptions.keep(request.session, act)
    following = urlencode({"next": reverse("step_up", args=[key])})
    return lead(request, f"{reverse('account_login')}?{following}")


def act_of(request: HttpRequest, **about: object) -> Interruption:
    now = timezone.now()
    is_post = can_be_held(request)
    fields = [(name, value) for name, values in request.POST.lists() if is_post and name != TOKEN for value in values]
    given = [(name, file) for name, files in request.FILES.lists() for file in files] if is_post else []
    files, has_lost_files = interruptions.store(given, at=now)
    return Interruption(
        address=request.path_info,
        query=request.META.get("QUERY_STRING", ""),
        is_post=is_post,
        fields=fields,
        files=files,
        has_lost_files=has_lost_files,
        at=now.timestamp(),
        **about,  # type: ignore[arg-type]  # who, in which role, and what was lacking
    )


def can_be_held(request: HttpRequest) -> bool:
    """A form that somebody sent, with nothing secret in it: a password is never kept."""
    has_secrets = any(secret in name for name in request.POST for secret in SECRET)
    return is_form(request) and not has_secrets and not is_by_itself(request)


def is_form(request: HttpRequest) -> bool:
    return request.method == "POST" and request.content_type in FORMS


def is_by_itself(request: HttpRequest) -> bool:
    """Whether a script of the page asks, which nobody sees the answer of; htmx leads the whole page on."""
    is_fetched = request.headers.get("Sec-Fetch-Dest") == "empty" and request.headers.get("HX-Request") != "true"
    return is_fetched or BACKGROUND in request.headers


def lead(request: HttpRequest, address: str) -> HttpResponse:
    """To another page, also where a part of a page was asked for."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def resume(request: HttpRequest, act: Interruption) -> HttpResponse:
    """Do what was put aside, as if it were posted now; the request that confirms it has passed every check of one."""
    match = resolve(act.address)
    posted, files = QueryDict(mutable=True), MultiValueDict[str, SimpleUploadedFile]()
    for name, value in act.fields:
        posted.appendlist(name, value)
    for handed, content in interruptions.opened(act.files):
        file = SimpleUploadedFile(handed.name, content, handed.content_type)
        files.appendlist(handed.field, file)
    interruptions.discard(act.files)
    request.path = request.path_info = act.address
    request.META["QUERY_STRING"] = act.query
    request.resolver_match = match
    refuse_who_only_looks(request)
    request.__dict__.update(GET=QueryDict(act.query), _post=posted, _files=files)
    answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return answer
