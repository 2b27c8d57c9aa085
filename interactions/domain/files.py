"""Files as received: kept under a generated name, with the type their content shows."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import filetype
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from interactions.channels import text as texts
from interactions.errors import NotAccepted
from interactions.models import Attachment, Interaction, Item
from interactions.payloads import File

MOST_FILES = 50
MOST_NAME = 255


def keep(
    interaction: Interaction, item: Item | None, files: Sequence[File], *, at: datetime, original: File | None = None
) -> list[Attachment]:
    """Store files with an item; `original` is the whole as it came in. Raises NotAccepted for one that is too large."""
    if len(files) > MOST_FILES:
        raise NotAccepted("attachment", _("At most %(most)d files at once.") % {"most": MOST_FILES})
    for file in [*files, *([original] if original else [])]:
        refuse_large(file)  # all before the first is stored: a refusal leaves no file behind
    kept = [kept_file(interaction, item, file, at=at, is_original=False) for file in files]
    if original is not None:
        kept.append(kept_file(interaction, item, original, at=at, is_original=True))
    return Attachment.objects.bulk_create(kept)


def refuse_large(file: File) -> None:
    if len(file.content) > settings.ATTACHMENT_MAX_BYTES:
        most = settings.ATTACHMENT_MAX_BYTES // 1_000_000
        raise NotAccepted(
            "attachment", _("“%(name)s” is larger than %(most)d MB.") % {"name": name_of(file), "most": most}
        )


def name_of(file: File) -> str:
    """The last part of the name as told, in one line; a path in it means nothing here."""
    last = file.name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return texts.flatten(last, most=MOST_NAME) or "file"


def kept_file(
    interaction: Interaction, item: Item | None, file: File, *, at: datetime, is_original: bool
) -> Attachment:
    guess = filetype.guess(file.content)
    attachment = Attachment(
        interaction=interaction,
        item=item,
        name=name_of(file),
        content_type=guess.mime if guess else texts.flatten(file.content_type, most=100),
        size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
        is_original=is_original,
        created_at=at,
    )
    attachment.file.save(attachment.name, ContentFile(file.content), save=False)
    return attachment
