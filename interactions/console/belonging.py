"""Matters that belong together: merged and taken apart, one a part of another, or passed on as another matter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from interactions.console import loaders, page, problems
from interactions.console.belonging_forms import (
    BelongingForm,
    MergeForm,
    PartForm,
    PartOfForm,
    PassOnForm,
    ReasonForm,
)
from interactions.console.problems import CONFLICT, REFUSALS, UNPROCESSABLE
from interactions.domain import completeness, deriving, linking, parts
from interactions.errors import NotAccepted
from interactions.models import Interaction, Link
from partners.middleware import ActorRequest
from partners.payloads import Actor


def merge(form: Any, actor: Actor, at: datetime) -> Interaction:
    into = other_of(actor, form.cleaned_data["other"])
    linking.merge(form.interaction, into, reason=form.cleaned_data["reason"], actor=actor, at=at)
    return into


def unmerge(form: Any, actor: Actor, at: datetime) -> Interaction:
    return linking.unmerge(form.interaction, reason=form.cleaned_data["reason"], actor=actor, at=at)


def make_part(form: Any, actor: Actor, at: datetime) -> Interaction:
    whole = other_of(actor, form.cleaned_data["other"])
    linking.make_part(form.interaction, whole, actor=actor, at=at)
    return whole


def begin_part(form: Any, actor: Actor, at: datetime) -> Interaction:
    return deriving.begin_part(form.interaction, form.offspring(), actor=actor, at=at)


def pass_on(form: Any, actor: Actor, at: datetime) -> Interaction:
    reason = form.cleaned_data["reason"]
    return deriving.pass_on(form.interaction, form.offspring(), reason=reason, actor=actor, at=at)


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to join a matter with others; `act` answers the matter to go on with."""

    name: str
    title: Promise
    lead: Promise
    form: type[BelongingForm]
    act: Callable[[Any, Actor, datetime], Interaction]


WAYS: Mapping[str, Way] = {
    way.name: way
    for way in [
        Way(
            name="begin-part",
            title=gettext_lazy("Begin a part"),
            lead=gettext_lazy("It is led for itself, by its own type and team; this one does not end before it."),
            form=PartForm,
            act=begin_part,
        ),
        Way(
            name="part-of",
            title=gettext_lazy("Make it a part of another"),
            lead=gettext_lazy("The other one does not end before this one."),
            form=PartOfForm,
            act=make_part,
        ),
        Way(
            name="merge",
            title=gettext_lazy("Merge it into another"),
            lead=gettext_lazy("Both are one: this one ends, and whoever comes to it is led to the other."),
            form=MergeForm,
            act=merge,
        ),
        Way(
            name="pass-on",
            title=gettext_lazy("Pass it on as another matter"),
            lead=gettext_lazy(
                "It belongs to another type or vertical: a new matter takes its place, with its history."
            ),
            form=PassOnForm,
            act=pass_on,
        ),
        Way(
            name="unmerge",
            title=gettext_lazy("Take it apart again"),
            lead=gettext_lazy("They were two after all: this one goes on where it was."),
            form=ReasonForm,
            act=unmerge,
        ),
    ]
}


@require_safe
def belonging(request: ActorRequest, number: int) -> HttpResponse:
    """All that can be done now, and the parts that there are."""
    return show(request, loaders.interaction(request, number))


@require_POST
def join(request: ActorRequest, number: int, name: str) -> HttpResponse:
    """Go one of the ways."""
    interaction = loaders.interaction(request, number)
    way = WAYS.get(name)
    if way is None:
        raise Http404
    form = way.form(interaction, request.POST, name=name)
    if not form.is_valid():
        return show(request, interaction, form, name, status=UNPROCESSABLE)
    try:
        page.refuse_stale(request, interaction)
        following = way.act(form, request.actor, timezone.now())
    except REFUSALS as error:
        if sentence := problems.tell(form, error):
            form.add_error(None, sentence)
        status = problems.status_of(error)
        shown = loaders.interaction(request, number) if status == CONFLICT else interaction
        return show(request, shown, form, name, status=status)
    messages.success(request, _("%(number)s: “%(way)s” is done.") % {"number": interaction.number, "way": way.title})
    return redirect("console-interactions:page", following.number)


@require_POST
def end_part(request: ActorRequest, number: int, link_id: int) -> HttpResponse:
    """A part of this matter stands for itself again."""
    interaction = loaders.interaction(request, number)
    link = get_object_or_404(Link.objects.to_parts_of(interaction).select_related("interaction"), pk=link_id)
    linking.end_part(link, actor=request.actor, at=timezone.now())
    done = _("%(number)s stands for itself again.") % {"number": link.interaction.number}
    messages.success(request, done)
    return redirect(reverse("console-interactions:belonging", args=[interaction.number]))


def show(
    request: ActorRequest,
    interaction: Interaction,
    bound: BelongingForm | None = None,
    name: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    possible = {way for way in WAYS if (way == "unmerge") != interaction.is_open} | ({name} if name else set())
    if "unmerge" in possible and not name and not completeness.is_merged(interaction):
        possible = set()
    ways = [
        (way, bound if way.name == name and bound is not None else way.form(interaction, name=way.name))
        for way in WAYS.values()
        if way.name in possible
    ]
    context = {"interaction": interaction, "ways": ways, "wrong": name, "parts": parts.links_to(interaction)}
    return render(request, "console/interactions/belonging.html", context, status=status)


def other_of(actor: Actor, number: int) -> Interaction:
    """The interaction that somebody named. Raises NotAccepted."""
    found = Interaction.objects.visible_to(actor).filter(pk=number).first()
    if found is None:
        raise NotAccepted("other", _("There is no interaction with this number."))
    return found
