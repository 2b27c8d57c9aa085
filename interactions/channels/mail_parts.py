"""The parts of a mail: which one is its text, which ones are files."""

import re
from collections.abc import Iterator
from email.message import EmailMessage, Message
from email.policy import compat32
from itertools import islice
from pathlib import PurePosixPath

from interactions.channels import charsets, mail_headers, markup, text
from interactions.errors import Unreadable
from interactions.payloads import File

MOST_PARTS = 200
MOST_DEPTH = 20
MOST_TEXT = 1_000_000
MOST_FILES = 50
MOST_FILE_NAME = 150

_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")
_FORBIDDEN_IN_NAMES = re.compile(r'[<>:"|?*]')
_ENDINGS = {"text/calendar": ".ics", "message/rfc822": ".eml", "message/delivery-status": ".txt", "text/html": ".html"}
_ENDINGS |= {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "application/pdf": ".pdf"}

Part = Message


def body(message: EmailMessage) -> str:
    """The text a person would read, from plain text where there is some and from HTML otherwise."""
    return text.clean("\n".join(_texts(message)).strip("\n"), most=MOST_TEXT)


def files(message: EmailMessage) -> list[File]:
    """Everything else, in order, the first 50."""
    found = (_file(part, number) for number, part in enumerate(_leaves(message), 1) if not _is_text(part))
    return list(islice(found, MOST_FILES))


def check_bounds(message: EmailMessage) -> None:
    """Refuse a mail whose parts are nested or multiplied beyond reason."""
    waiting: list[tuple[Part, int]] = [(message, 1)]
    count = 0
    while waiting:
        part, depth = waiting.pop()
        count += 1
        if depth > MOST_DEPTH or count > MOST_PARTS:
            raise Unreadable("The parts of this mail are nested too deep or too many.")
        waiting.extend((child, depth + 1) for child in _children(part))


def _children(part: Part) -> list[Part]:
    """The parts of a multipart; a mail inside the mail is one closed file."""
    if part.get_content_maintype() != "multipart" or not part.is_multipart():
        return []
    return [child for child in part.get_payload() if isinstance(child, Message)]


def _leaves(part: Part) -> Iterator[Part]:
    children = _children(part)
    if not children:
        yield part
    for child in children:
        yield from _leaves(child)


def _texts(part: Part) -> list[str]:
    children = _children(part)
    if not children:
        return [_text(part)] if _is_text(part) else []
    if part.get_content_type() == "multipart/alternative":
        return _best(children)
    return [found for child in children for found in _texts(child)]


def _best(alternatives: list[Part]) -> list[str]:
    """Plain text where it says something, else whatever says something; senders list the plainest first."""
    readings = [_texts(alternative) for alternative in alternatives]
    return next((reading for reading in readings if "".join(reading).strip()), [])


def _is_text(part: Part) -> bool:
    """Whether a part is read as text and not kept as a file."""
    if part.get_content_maintype() == "multipart":
        return True  # announced as a multipart, but no boundary was found: its text is all there is
    is_readable = part.get_content_type() in {"text/plain", "text/html"}
    return is_readable and part.get_content_disposition() != "attachment" and not _told_name(part)


def _text(part: Part) -> str:
    content = content_of(part)[: MOST_TEXT * 4]
    try:
        declared = str(part.get_param("charset", "") or "")
    except (ValueError, LookupError, TypeError):
        declared = ""
    decoded = text.clean(charsets.decode(content, declared), most=MOST_TEXT)
    return markup.as_text(decoded) if part.get_content_type() == "text/html" else decoded


def content_of(part: Part) -> bytes:
    """The decoded content; where the transfer encoding is broken, what is there."""
    if part.get_content_maintype() == "message":
        return _inner(part)
    try:
        content = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001  broken uuencode and base64 raise many kinds of errors
        return _undecoded(part)
    return content if isinstance(content, bytes) else _undecoded(part)


def _undecoded(part: Part) -> bytes:
    try:
        return str(part.get_payload()).encode("utf-8", "surrogateescape")
    except (ValueError, LookupError):
        return b""


def _inner(part: Part) -> bytes:
    """A mail in the mail (or the report of a mail server), as its own bytes."""
    if not part.is_multipart():
        return _undecoded(part)
    try:
        return b"\n".join(inner.as_bytes(policy=compat32) for inner in part.get_payload() if isinstance(inner, Message))
    except Exception:  # noqa: BLE001  writing a broken mail raises many kinds of errors; the original is kept whole
        return b""


def _told_name(part: Part) -> str:
    try:
        return part.get_filename() or ""
    except Exception:  # noqa: BLE001  broken RFC 2231 parameters raise many kinds of errors
        return ""


def _file(part: Part, number: int) -> File:
    told_type = part.get_content_type().lower()
    content_type = told_type if _TYPE.fullmatch(told_type) else "application/octet-stream"
    return File(
        name=file_name(_told_name(part)) or f"part-{number}{_ENDINGS.get(content_type, '.bin')}",
        content=content_of(part),
        content_type=content_type,
        content_id=text.flatten(str(part.get("content-id", "")), most=250).strip("<> "),
    )


def file_name(told: str) -> str:
    """The last part of a told name, safe to show and to offer for download; nothing when nothing is left."""
    name = text.flatten(mail_headers.decode_words(_recover(told)), most=2_000).replace("\\", "/")
    name = _FORBIDDEN_IN_NAMES.sub("_", PurePosixPath(name).name).strip(". ")
    if len(name) <= MOST_FILE_NAME:
        return name
    ending = PurePosixPath(name).suffix[-20:]
    return name[: MOST_FILE_NAME - len(ending)].rstrip(". ") + ending


def _recover(told: str) -> str:
    """A name in raw 8-bit bytes comes as lone surrogates."""
    try:
        return charsets.decode(told.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        return told
