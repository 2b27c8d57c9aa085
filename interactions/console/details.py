"""What the type of a matter asks for: completed and corrected while it is led."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from interactions.console import loaders, page, problems
from interactions.console.problems import CONFLICT, REFUSALS, UNPROCESSABLE
from interactions.console.typed_fields import OWN, TypedForm
from interactions.domain import catalogue, details, fields, merging
from interactions.domain.merging import Merged
from interactions.enums import FieldKind
from interactions.models import Interaction
from partners.middleware import ActorRequest


class DetailsForm(TypedForm):
    """All fields of the type with what is known; not all of it need be known yet."""

    is_complete = False

    def __init__(self, interaction: Interaction, filled: QueryDict | None = None) -> None:
        known = {OWN + name: value for name, value in interaction.values.items()}
        super().__init__(filled, initial=known)
        self.ask(catalogue.version_of(interaction).fields)
        for field in self.asked:
            name = OWN + field["name"]
            if field["kind"] == FieldKind.AMOUNT and name in known:
                self.initial[name] = fields.shown(field, known[name])
            if field["kind"] == FieldKind.FILE:
                sent = [(file, file) for file in details.files_of(interaction)]
                shown = self.fields[name]
                self.fields[name] = forms.ChoiceField(
                    label=shown.label, help_text=shown.help_text, choices=[("", _("None")), *sent]
                )
            self.fields[name].required = False

    def settle(self, merged: Merged, before: Mapping[str, str], theirs: Mapping[str, str]) -> None:
        """Ask only about what both changed: yours, theirs, or what was before; the rest goes along unseen."""
        for name, field in [(field["name"], self.fields[OWN + field["name"]]) for field in self.asked]:
            if name not in merged.clashes:
                field.widget = forms.HiddenInput()
                continue
            yours = merged.values.get(name, "")
            told = {
                yours: _("Yours: %(value)s"),
                theirs.get(name, ""): _("Theirs: %(value)s"),
                before.get(name, ""): _("Before: %(value)s"),
            }
            choices = [(value, words % {"value": value or _("nothing")}) for value, words in told.items()]
            self.fields[OWN + name] = forms.ChoiceField(
                label=field.label, choices=choices, widget=forms.RadioSelect(), required=False
            )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ActorRequest, number: int) -> HttpResponse:
    interaction = loaders.interaction(request, number)
    form = DetailsForm(interaction, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return show(request, interaction, form)
    status = UNPROCESSABLE
    if form.is_valid():
        before, theirs = before_of(request), known_of(interaction)
        merged = merging.merge(theirs if before is None else before, theirs, form.stored)
        if before is not None and merged.clashes:
            return ask_which(request, interaction, merged, before)
        try:
            version = page.refuse_stale(request, interaction) if before is None else interaction.version
            details.fill(interaction, merged.values, actor=request.actor, at=timezone.now(), version=version)
        except REFUSALS as error:
            status = problems.status_of(error)
            if sentence := problems.tell(form, error):
                form.add_error(None, sentence)
        else:
            messages.success(request, _("The details are stored."))
            return redirect("console-interactions:page", interaction.number)
    shown = loaders.interaction(request, number) if status == CONFLICT else interaction
    return show(request, shown, form, status=status)


def ask_which(
    request: ActorRequest, interaction: Interaction, merged: Merged, before: Mapping[str, str]
) -> HttpResponse:
    """The details that two people changed, each to something else, to choose from; yours is chosen."""
    filled = QueryDict(mutable=True)
    filled.update({OWN + name: value for name, value in merged.values.items()})
    form = DetailsForm(interaction, filled)
    form.settle(merged, before, known_of(interaction))
    return show(request, interaction, form, status=CONFLICT, clashes=True)


def known_of(interaction: Interaction) -> dict[str, str]:
    """What is stored of the fields of its type."""
    asked = catalogue.version_of(interaction).fields
    return {field["name"]: interaction.values[field["name"]] for field in asked if field["name"] in interaction.values}


def before_of(request: ActorRequest) -> dict[str, str] | None:
    """What the form was filled with, by its own account; None where it does not say so readably."""
    try:
        before = json.loads(request.POST.get("before", ""))
    except ValueError:
        return None
    is_ours = isinstance(before, dict) and all(isinstance(value, str) for value in before.values())
    return before if is_ours else None


def show(
    request: ActorRequest, interaction: Interaction, form: DetailsForm, *, status: int = 200, clashes: bool = False
) -> HttpResponse:
    context: dict[str, Any] = {
        "interaction": interaction,
        "form": form,
        "can_fill": details.can_fill(interaction),
        "missing": details.missing(interaction),
        "before": json.dumps(known_of(interaction)),
        "clashes": clashes,
    }
    return render(request, "console/interactions/details.html", context, status=status)
