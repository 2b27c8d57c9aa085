"""What is configured here, in the other languages that people read."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import EmptyFieldListFilter
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from partners.admin.base import CHANGED, RecordedAdmin, actor_of
from partners.admin.generic import AnyModelForm
from partners.domain import record, translations
from partners.models import Translation
from partners.payloads import Fact


class TranslationForm(AnyModelForm):
    class Meta:
        model = Translation
        fields = ["text", "language", "words"]

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if text not in translations.configured():
            raise ValidationError(_("Nothing that is configured reads so, to the letter."))
        return text


@admin.register(Translation)
class TranslationAdmin(RecordedAdmin):
    """Types, fields, choices, plans, teams, roles: gathered here, and filled in in the list."""

    form = TranslationForm
    list_display = ["text", "language", "words"]
    list_editable = ["words"]
    list_filter = ["language", ("words", EmptyFieldListFilter)]
    list_per_page = 50
    search_fields = ["text", "words"]
    ordering = ["text", "language"]
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 40})}}

    def get_readonly_fields(self, _request: HttpRequest, obj: Any = None) -> list[str]:
        return ["text", "language"] if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        translations.OWN.forget()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        translations.OWN.forget()

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        super().delete_queryset(request, queryset)
        translations.OWN.forget()

    def get_urls(self) -> list[Any]:
        gather = self.admin_site.admin_view(self.gather)
        return [path("gather/", gather, name="partners_translation_gather"), *super().get_urls()]

    @method_decorator(require_POST)
    def gather(self, request: HttpRequest) -> HttpResponse:
        """Bring in what is configured and said in no other language yet."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        added, removed = translations.gather()
        facts = {"kind": Translation._meta.label_lower, "done": "gathered", "added": added, "removed": removed}
        actor, now = actor_of(request), timezone.now()
        record.append(Fact(stream=record.INSTALLATION, event=CHANGED, actor=actor, at=now, facts=facts, quiet=True))
        messages.success(request, told(added, removed))
        return redirect("admin:partners_translation_changelist")


def told(added: int, removed: int) -> str:
    said = [
        ngettext("One text was added.", "%(count)d texts were added.", added) % {"count": added}
        if added
        else _("Everything that is configured is here.")
    ]
    if removed:
        said.append(
            ngettext("One that nobody needs went.", "%(count)d that nobody needs went.", removed) % {"count": removed}
        )
    return " ".join(said)
