"""A request without signing in: type, form, a letter to the address given, and only then a matter."""

from typing import Any

from allauth.core.internal import ratelimit
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from interactions.domain import catalogue, enquiries
from interactions.domain.enquiries import Asking
from interactions.errors import EnquiryOver, NotAccepted
from interactions.models import InteractionType, TypeVersion
from interactions.portal.forms import MOST_SUBJECT, FilesField, received
from interactions.portal.typed_fields import OWN, TypedForm
from partners.domain import fence
from partners.middleware import ActorRequest

MOST_TEXT = 20_000
MOST_TOKEN = 100
LIMITS = {"ask": "20/h/ip,4/h/key"}


class AskForm(TypedForm):
    """What we ask somebody whom we do not know; `website` is filled in by programs only."""

    name = forms.CharField(
        label=lazy("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    organisation = forms.CharField(
        label=lazy("Your company"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    email = forms.EmailField(
        label=lazy("Your e-mail address"),
        max_length=254,
        help_text=lazy("We send a link there to confirm it, and our answers afterwards."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    subject = forms.CharField(label=lazy("Subject"), max_length=MOST_SUBJECT)
    text = forms.CharField(label=lazy("Description"), max_length=MOST_TEXT, widget=forms.Textarea(attrs={"rows": "6"}))
    attachment = FilesField(label=lazy("Files"), required=False)
    website = forms.CharField(
        label=lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, version: TypeVersion) -> None:
        super().__init__(data, files)
        self.version = version
        self.ask(version.fields)
        own = [OWN + asked["name"] for asked in version.fields]
        self.order_fields(["name", "organisation", "email", "subject", *own, "text", "attachment", "website"])

    def clean(self) -> dict[str, Any]:
        filled = super().clean()
        sent = [*filled.get("attachment", []), *self.own_files()]
        if len(sent) > enquiries.MOST_FILES or sum(file.size or 0 for file in sent) > enquiries.MOST_BYTES:
            told = {"files": enquiries.MOST_FILES, "most": enquiries.MOST_BYTES // 1_000_000}
            self.add_error("attachment", _("At most %(files)d files, together %(most)d MB.") % told)
        return filled

    @property
    def shown(self) -> list[forms.BoundField]:
        return [field for field in self if field.name != "website"]


@login_not_required
@require_safe
def types(request: ActorRequest) -> HttpResponseBase:
    """What anybody may hand in; who acts for a partner has more to choose from in the portal."""
    if request.actor.partner_id is not None:
        return redirect("portal-interactions:types")
    return render(request, "account/ask/types.html", {"types": enquiries.open_types()})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@fence.standing_for(fence.ENTERPRISE)  # it is nobody's yet, and the enterprise keeps it
def new(request: ActorRequest, code: str) -> HttpResponseBase:
    """The form of one type. The answer is the same whether we know the address or not."""
    type_ = load(code)
    version = catalogue.current(type_)
    if request.method != "POST":
        return show(request, type_, AskForm(version=version))
    form = AskForm(request.POST, request.FILES, version=version)
    if not form.is_valid():
        return show(request, type_, form, status=422)
    address = form.cleaned_data["email"].lower()
    if not is_within_limits(request, address):
        form.add_error(None, _("This was tried too often. Please wait an hour and try again."))
        return show(request, type_, form, status=429)
    if not form.cleaned_data["website"]:
        hand_in(form)
    return render(request, "account/ask/sent.html", {"address": form.cleaned_data["email"]})


def hand_in(form: AskForm) -> None:
    told = form.cleaned_data
    asking = Asking(
        version=form.version,
        address=told["email"],
        name=told["name"],
        organisation=told["organisation"],
        subject=told["subject"],
        text=told["text"],
        values=form.stored,
        files=received([*form.own_files(), *told["attachment"]]),
        language=get_language() or "",
    )
    enquiries.ask(asking, at=timezone.now())


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@fence.standing_for(fence.ENTERPRISE)  # whose it becomes, the enterprise finds out
def confirm(request: HttpRequest, token: str) -> HttpResponseBase:
    """Looking changes nothing: mail programs open links before people do."""
    now = timezone.now()
    enquiry = enquiries.behind(token, at=now) if len(token) <= MOST_TOKEN else None
    if enquiry is None:
        return render(request, "account/ask/over.html", status=404)
    if request.method == "POST":
        try:
            enquiry.interaction = enquiries.confirm(enquiry, at=now)
        except EnquiryOver:
            return render(request, "account/ask/over.html", status=404)
        except NotAccepted as refusal:
            return render(request, "account/ask/over.html", {"reason": refusal.reason}, status=409)
    return render(request, "account/ask/confirm.html", {"enquiry": enquiry, "interaction": enquiry.interaction})


def is_within_limits(request: HttpRequest, address: str) -> bool:
    """Counted in the cache that all processes share, by the sender's network and by the address to write to."""
    return ratelimit.consume(request, app="ask", action="ask", config=LIMITS, key=address) is not None


def load(code: str) -> InteractionType:
    type_ = next((one for one in enquiries.open_types() if one.code == code), None)
    if type_ is None:
        raise Http404
    return type_


def show(request: HttpRequest, type_: InteractionType, form: AskForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "type": type_, "has_lost_files": status != 200 and bool(request.FILES)}
    return render(request, "account/ask/new.html", context, status=status)
