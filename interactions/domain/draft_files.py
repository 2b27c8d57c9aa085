"""Files that wait with a draft of any kind: stored as they come, read when it leaves, gone from the store with it."""

from collections.abc import Iterable
from functools import partial
from typing import TypeVar

import filetype
from django.core.files.base import ContentFile
from django.db import transaction

from interactions.channels import text as texts
from interactions.domain import files
from interactions.models.kept_file import KeptFile
from interactions.payloads import File

Kept = TypeVar("Kept", bound=KeptFile)


def filled(kept: Kept, upload: File) -> Kept:
    """The row with the content of a file in the store; the caller stores the row."""
    guess = filetype.guess(upload.content)
    kept.name = files.name_of(upload)
    kept.content_type = guess.mime if guess else texts.flatten(upload.content_type, most=100)
    kept.size = len(upload.content)
    kept.file.save(kept.name, ContentFile(upload.content), save=False)
    return kept


def content(kept: KeptFile) -> bytes:
    """The bytes of a file; raises FileNotFoundError when the store has lost them."""
    with kept.file.open("rb") as opened:
        found: bytes = opened.read()
    return found


def forget(kept: Iterable[KeptFile]) -> None:
    """Remove files from the store once that is certain; the caller removes the rows."""
    for file in kept:
        transaction.on_commit(partial(file.file.storage.delete, str(file.file.name)))
