"""What the type of a matter asks for: completed and corrected while it is led."""

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
from interactions.domain import catalogue, details
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
            if field["kind"] == FieldKind.FILE:
                sent = [(file, file) for file in details.files_of(interaction)]
                shown = self.fields[name]
                self.fields[name] = forms.ChoiceField(
                    label=shown.label, help_text=shown.help_text, choices=[("", _("None")), *sent]
                )
            self.fields[name].required = False


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ActorRequest, number: int) -> HttpResponse:
    interaction = loaders.interaction(request, number)
    form = DetailsForm(interaction, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return show(request, interaction, form)
    status = UNPROCESSABLE
    if form.is_valid():
        try:
            version = page.refuse_stale(request, interaction)
            details.fill(interaction, form.stored, actor=request.actor, at=timezone.now(), version=version)
        except REFUSALS as error:
            status = problems.status_of(error)
            if sentence := problems.tell(form, error):
                form.add_error(None, sentence)
        else:
            messages.success(request, _("The details are stored."))
            return redirect("console-interactions:page", interaction.number)
    shown = loaders.interaction(request, number) if status == CONFLICT else interaction
    return show(request, shown, form, status=status)


def show(request: ActorRequest, interaction: Interaction, form: DetailsForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "interaction": interaction,
        "form": form,
        "can_fill": details.can_fill(interaction),
        "missing": details.missing(interaction),
    }
    return render(request, "console/interactions/details.html", context, status=status)
