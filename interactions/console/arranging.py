"""How the queue looks: which columns in which order, how dense; for this address or for everything one opens."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from interactions.console import columns, day, loaders, shown
from interactions.console.columns import BY_CODE, COLUMNS, OF_USUAL_ROW, SUBJECT, USUAL
from interactions.console.problems import UNPROCESSABLE
from interactions.domain import desks
from partners.middleware import ActorRequest

STAMP = "arranged"  # in the session: when somebody last arranged anything, so that it counts at once
SHOW, KEEP = "show", "keep"
STEPS = {"up": -1, "down": 1}
A_YEAR = 31_536_000


def arrangement_of(request: ActorRequest) -> desks.Arrangement:
    today = day.begin(timezone.now()).date()
    return desks.of(request.actor, today=today, stamp=request.session.get(STAMP, 0))


def done(request: ActorRequest, address: str) -> HttpResponse:
    """Back to the queue, where what was arranged counts at once."""
    request.session[STAMP] = time.time()
    return redirect(f"{reverse('console-interactions:queue')}{address}")


def sheet(
    request: ActorRequest,
    form: forms.Form,
    *,
    title: str,
    button: str,
    hidden: Mapping[str, str] | None = None,
    facts: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """A small form over the queue, or on a page of its own."""
    context = {"form": form, "title": title, "button": button, "hidden": hidden or {}, "facts": facts}
    status = UNPROCESSABLE if form.errors else 200
    template = "console/interactions/queue_sheet.html"
    response = render(request, f"{template}#sheet" if request.htmx else template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def look(request: ActorRequest) -> HttpResponse:
    """Choose columns, their order and the density: for this address, or for every view that does not say."""
    loaders.worker(request)
    is_sent = request.method == "POST"
    query = QueryDict(request.POST.get("query", "")) if is_sent else request.GET
    what, _colon, code = request.POST.get("do", "").partition(":")
    if what == SHOW:
        return redirect(f"{reverse('console-interactions:queue')}?{looking(query, request.POST)}")
    if what == KEEP:
        return keep(request, query)
    now = shown.of(query, arrangement_of(request))
    codes = request.POST.getlist("column") if is_sent else list(now.codes or OF_USUAL_ROW)
    context = {
        "columns": every(moved(codes, code, STEPS.get(what, 0))),
        "query": told(query),
        "density": request.POST.get("density", "") or now.density or request.COOKIES.get("density", ""),
        "usual": USUAL,
    }
    template = "console/interactions/queue_look.html"
    response = render(request, f"{template}#sheet" if request.htmx else template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def looking(query: QueryDict, chosen: QueryDict) -> str:
    """The address, with the columns and the density that were chosen."""
    wanted = query.copy()
    wanted.setlist("column", [column.code for column in columns.chosen(chosen.getlist("column"))] or [USUAL])
    wanted["density"] = chosen.get("density", "")
    return told(wanted)


def keep(request: ActorRequest, query: QueryDict) -> HttpResponse:
    chosen = columns.chosen(request.POST.getlist("column"))
    desks.arrange_columns(",".join(column.code for column in chosen), actor=request.actor)
    messages.success(request, _("Your columns and the density are kept."))
    left = query.copy()
    for name in shown.LOOK[1:]:
        left.pop(name, None)
    response = done(request, f"?{told(left)}")
    if (density := request.POST.get("density", "")) in shown.DENSITIES:
        # as every page reads it
        secure = request.is_secure()
        response.set_cookie("density", density, max_age=A_YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


def told(query: QueryDict) -> str:
    """The address with the saved view that it comes from."""
    saved = loaders.id_in(query.get("saved", ""))
    return shown.told(query) + (f"&saved={saved}" if saved is not None else "")


def moved(codes: Sequence[str], code: str, step: int) -> list[str]:
    """The codes with one of them moved by so many places."""
    known = [one for one in dict.fromkeys(codes) if one in BY_CODE]
    if code in known:
        at = known.index(code)
        known.remove(code)
        known.insert(max(at + step, 0), code)
    return known


def every(codes: Sequence[str]) -> list[dict[str, Any]]:
    """Every column, those that are shown first and in their order."""
    rest = [column.code for column in COLUMNS if column.code not in codes]
    return [
        {"column": BY_CODE[code], "is_shown": code in codes, "is_fixed": code == SUBJECT} for code in [*codes, *rest]
    ]
