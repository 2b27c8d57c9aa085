"""The mailbox of development, without sign-in: a newcomer reads what both sides are told, and answers as a partner."""

from datetime import UTC, datetime
from itertools import islice

from csp.constants import NONE, SELF
from csp.decorators import csp
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from notifications.errors import TransportDown
from notifications.transports import mailbox, replying
from notifications.transports.mailbox import Kept

PAGE = 50
FRAME = {"default-src": [NONE], "style-src": ["'unsafe-inline'"], "img-src": ["data:"], "frame-ancestors": [SELF]}


class AnswerForm(forms.Form):
    """What the partner answers."""

    text = forms.CharField(
        label=gettext_lazy("Your answer"), widget=forms.Textarea(attrs={"rows": 5}), max_length=100_000
    )


@login_not_required
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """What was sent, the newest first."""
    refuse_outside_development()
    wanted = request.GET.get("q", "")[:200]
    page = [row(kept) for kept in islice(mailbox.newest(containing=wanted), PAGE)]
    return render(request, "notifications/mailbox/mails.html", {"mails": page, "wanted": wanted, "most": PAGE})


@login_not_required
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: headers, text, HTML in a frame of its own, and the form that answers it."""
    return show(request, load(name), AnswerForm())


@login_not_required
@require_POST
def answer(request: HttpRequest, name: str) -> HttpResponse:
    """Answer as the partner would, through the real listener."""
    kept = load(name)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return show(request, kept, form, status=422)
    try:
        replying.hand_in(replying.answer_to(kept, form.cleaned_data["text"]))
    except TransportDown as error:
        form.add_error(None, _("The mail listener did not take it: %(error)s") % {"error": error})
        return show(request, kept, form, status=502)
    messages.success(request, _("Your answer is on its way."))
    return redirect("mailbox:mail", name=name)


@login_not_required
@require_safe
@csp(FRAME)  # type: ignore[arg-type]  # its stub knows no view with arguments
def html(_request: HttpRequest, name: str) -> HttpResponse:
    """What a mail holds as HTML may style itself, and do nothing else."""
    part = load(name).mail.get_body(["html"])
    return HttpResponse(part.get_content() if part else "", headers={"X-Frame-Options": "SAMEORIGIN"})


@login_not_required
@require_safe
def raw(_request: HttpRequest, name: str) -> HttpResponse:
    """The mail as it was sent."""
    kept = load(name)
    return HttpResponse(
        mailbox.raw(kept.name),
        content_type="message/rfc822",
        headers={"Content-Disposition": f'attachment; filename="{kept.name}.eml"'},
    )


def show(request: HttpRequest, kept: Kept, form: AnswerForm, *, status: int = 200) -> HttpResponse:
    text, markup = kept.mail.get_body(["plain"]), kept.mail.get_body(["html"])
    context = {
        **row(kept),
        "headers": kept.mail.items(),
        "text": text.get_content() if text else "",
        "has_html": markup is not None,
        "form": form,
    }
    return render(request, "notifications/mailbox/mail.html", context, status=status)


def row(kept: Kept) -> dict[str, object]:
    return {
        "name": kept.name,
        "recipient": kept.recipient,
        "sender": str(kept.mail["From"] or ""),
        "subject": kept.subject or _("(no subject)"),
        "at": datetime.fromtimestamp(kept.written_at, tz=UTC),
    }


def load(name: str) -> Kept:
    refuse_outside_development()
    kept = mailbox.read(name)
    if kept is None:
        raise Http404
    return kept


def refuse_outside_development() -> None:
    if not settings.DEVELOPMENT:
        raise Http404
