"""The mailbox of development: what would leave the house is kept in a folder, and read in the browser.

Each mail is one file, named by the moment it was written, so that names sort as mails do.
"""

import email
import itertools
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage as ParsedMail
from email.policy import default as modern
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

MOST_SEARCHED = 2000
HEADER_BYTES = 20_000


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A mail in the folder; `name` is its file's without the ending."""

    name: str
    mail: ParsedMail

    @property
    def recipient(self) -> str:
        return str(self.mail["To"] or "")

    @property
    def subject(self) -> str:
        return str(self.mail["Subject"] or "")

    @property
    def written_at(self) -> float:
        return int(self.name.partition("-")[0]) / 1_000_000_000


class EmailBackend(BaseEmailBackend):
    """Django's mails as files."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            keep(message.message().as_bytes(linesep="\r\n"))  # type: ignore[call-arg]  # Django's own messages have it
        return len(email_messages)


serial = itertools.count()


def folder() -> Path:
    return Path(settings.VAR_DIR) / "mail"


def keep(content: bytes) -> Path:
    """Write a mail; nobody ever sees half of one."""
    folder().mkdir(parents=True, exist_ok=True)
    name = f"{time.time_ns():020d}-{os.getpid()}-{next(serial)}"
    unfinished = folder() / f"{name}.part"
    unfinished.write_bytes(content)
    return unfinished.rename(folder() / f"{name}.eml")


def newest(*, containing: str = "") -> Iterator[Kept]:
    """Mails, the newest first, with `containing` in an address or the subject; only the newest 2,000 are searched."""
    wanted = containing.casefold().strip()
    names = sorted((path.stem for path in folder().glob("*.eml")), reverse=True)
    for name in names[:MOST_SEARCHED]:
        kept = read(name, headers_only=True)
        if kept is not None and wanted in f"{kept.recipient} {kept.mail['From']} {kept.subject}".casefold():
            yield kept


def read(name: str, *, headers_only: bool = False) -> Kept | None:
    """The mail of this name; None when there is none, or the name is no name of ours."""
    content = raw(name, most=HEADER_BYTES if headers_only else -1)
    if content is None:
        return None
    if headers_only:
        content = content.partition(b"\r\n\r\n")[0]
    parsed: Any = email.message_from_bytes(content, policy=modern)
    return Kept(name=name, mail=parsed)


def raw(name: str, *, most: int = -1) -> bytes | None:
    """The bytes of a mail. The name comes out of an address: it may hold nothing but digits and hyphens."""
    if not name.replace("-", "").isdecimal():
        return None
    try:
        with (folder() / f"{name}.eml").open("rb") as file:
            return file.read(most)
    except OSError:
        return None
