"""What partners write in the portal; what the fields of a type accept is decided by the domain alone."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from interactions.errors import NotAccepted
from interactions.models import TypeVersion
from interactions.payloads import File
from interactions.portal.shared_form import Colleagues, SharedForm
from interactions.portal.typed_fields import OWN, TypedForm, received_one
from partners.enums import Priority

MOST_SUBJECT = 200
MOST_TEXT = 100_000
MOST_REASON = 5_000
MOST_FILES = 20
MOST_BYTES = 50_000_000
OURS = {"text", "subject", "attachment", "priority", "readers"}


class FilesInput(forms.FileInput):
    """Several files in one field."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Every file that was chosen, each within what we take."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[Any]"]:
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("At most %(most)d files at once.") % {"most": MOST_FILES})
        if sum(one.size for one in given) > MOST_BYTES:
            raise forms.ValidationError(_("Together at most %(most)d MB.") % {"most": MOST_BYTES // 1_000_000})
        for one in given:
            super().clean(one, initial)
            if one.size > settings.ATTACHMENT_MAX_BYTES:
                most = settings.ATTACHMENT_MAX_BYTES // 1_000_000
                raise forms.ValidationError(
                    _("“%(name)s” is larger than %(most)d MB.") % {"name": one.name[:100], "most": most}
                )
        return given


class MessageForm(forms.Form):
    """A message or an answer; `version` is what the writer had read, `verdict` the answer to what is to be approved."""

    YES, NO = "yes", "no"

    text = forms.CharField(
        label=lazy("Your message"), max_length=MOST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": "5"})
    )
    attachment = FilesField(label=lazy("Files"), required=False)
    verdict = forms.ChoiceField(choices=[(YES, lazy("Approved.")), (NO, lazy("Not approved."))], required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if cleaned["verdict"] == self.NO and not cleaned["text"]:
            self.add_error("text", _("Say what stands against it."))
        elif not cleaned["verdict"] and not cleaned["text"] and not cleaned["attachment"]:
            self.add_error("text", _("Write something, or attach a file."))
        return cleaned

    @property
    def words(self) -> str:
        """What is said: the verdict first, where one was asked for."""
        verdict = dict(self.fields["verdict"].choices).get(self.cleaned_data["verdict"], "")  # type: ignore[attr-defined]
        return "\n\n".join(filter(None, [str(verdict), self.cleaned_data["text"]]))


class MoveForm(forms.Form):
    """A move with its reason, where it needs one."""

    reason = forms.CharField(
        label=lazy("Reason"), max_length=MOST_REASON, required=False, widget=forms.Textarea(attrs={"rows": "3"})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class RequestForm(SharedForm, TypedForm):
    """A new request of one type; `key` makes a second press of the button harmless."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    subject = forms.CharField(
        label=lazy("Subject"),
        max_length=MOST_SUBJECT,
        help_text=lazy("In a few words, such as in the subject of a mail."),
    )
    text = forms.CharField(label=lazy("Description"), max_length=MOST_TEXT, widget=forms.Textarea(attrs={"rows": "6"}))
    priority = forms.TypedChoiceField(
        label=lazy("Priority"), coerce=lambda value: Priority(int(value)), choices=Priority.choices, required=False
    )
    attachment = FilesField(label=lazy("Files"), required=False)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        version: TypeVersion,
        colleagues: Colleagues = (),
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        begun = {"key": uuid.uuid4().hex, "priority": Priority.NORMAL, **(initial or {})}
        super().__init__(data, files, initial=begun)
        self.version, self.colleagues = version, colleagues
        self.ask(version.fields)
        self.offer(colleagues)
        before = ["key", "subject", *(OWN + asked["name"] for asked in version.fields)]
        named = [*before, "text", "priority"]
        rest = [name for name in self.fields if name not in {*named, "attachment"}]
        self.order_fields([*named, *rest, "attachment"])  # files last: beneath them stand those that are kept

    def refuse(self, refusal: NotAccepted) -> None:
        """Show what the domain did not accept at the field it names."""
        name = refusal.attribute if refusal.attribute in OURS else OWN + refusal.attribute
        self.add_error(name if name in self.fields else None, refusal.reason)


def received(files: Sequence["UploadedFile[Any]"]) -> list[File]:
    """The files as the domain takes them."""
    return [received_one(file) for file in files]
