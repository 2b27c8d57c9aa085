"""Controls that browsers draw themselves, and fields that hold what they send."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from interactions.payloads import File

YEARS = timedelta(days=3660)
LOCAL = "%Y-%m-%dT%H:%M"
MOST_FILES = 20
MOST_ADDRESS = 254
MOST_ADDRESSES = 100


class DayInput(forms.DateInput):
    """A date, which no zone shifts."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class MomentField(forms.DateTimeField):
    """A day and a minute in the reader's zone, no more than ten years away."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)

    def clean(self, value: Any) -> datetime | None:
        found: datetime | None = super().clean(value)
        if found is not None and abs(found.replace(tzinfo=None) - timezone.now().replace(tzinfo=None)) > YEARS:
            raise ValidationError(_("Give a moment within ten years."))
        return found


class AddressesField(forms.Field):
    """Addresses that were ticked, in lower case, each once; how many there may be is for the domain to say."""

    widget = forms.SelectMultiple

    def clean(self, value: Any) -> list[str]:
        given = [str(one).strip().lower() for one in super().clean(value) or ()]
        return list(dict.fromkeys(one[:MOST_ADDRESS] for one in given if one and one.isprintable()))[:MOST_ADDRESSES]


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, as the domain takes them."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[File]:
        uploads: list[UploadedFile[Any]] = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        kept = [super(FilesField, self).clean(upload, initial) for upload in uploads]
        if len(kept) > MOST_FILES:
            raise ValidationError(_("At most %(most)d files at once.") % {"most": MOST_FILES})
        return [file_of(upload) for upload in kept]


class FileField(forms.FileField):
    """One file, as the domain takes it; nothing where none was sent."""

    def clean(self, data: Any, initial: Any = None) -> File | None:
        upload = super().clean(data, initial)
        return file_of(upload) if upload else None


def file_of(upload: "UploadedFile[Any]") -> File:
    if (upload.size or 0) > settings.ATTACHMENT_MAX_BYTES:
        most = settings.ATTACHMENT_MAX_BYTES // 1_000_000
        raise ValidationError(_("“%(name)s” is larger than %(most)d MB.") % {"name": upload.name, "most": most})
    return File(
        name=upload.name or "file",
        content=upload.read(),
        content_type=upload.content_type or "application/octet-stream",
    )
