"""An act that was interrupted, since it needs a stronger sign-in or a new one, waits with what was handed in for it.

It waits in the session, never in an address; its files wait in the attachment store. Whoever interrupted it resumes
it, in the same role, within a while and once.
"""

import secrets
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage

KEY = "interrupted"
MOST = 3  # of one session: as many tabs as somebody would step up in at once
KEPT_FOR = timedelta(minutes=30)
MOST_BYTES = 50_000_000
PLACE = "interrupted"
STAMP = "%Y%m%dT%H%M%S"


@dataclass(frozen=True, kw_only=True)
class Handed:
    """A file that waits: the field it was in, as it was called, and where it lies."""

    field: str
    name: str
    content_type: str
    place: str


@dataclass(frozen=True, kw_only=True)
class Interruption:
    """What was to be done: the address with its query, and the fields that were posted; none where it was only read."""

    address: str
    query: str = ""
    is_post: bool = False
    fields: Sequence[tuple[str, str]] = ()
    files: Sequence[Handed] = ()
    has_lost_files: bool = False
    user_id: int | None = None
    role: str = ""  # `access.choice_key`
    level: int = 0
    permission: str = ""
    is_stale: bool = False
    at: float = 0.0


def keep(session: MutableMapping[str, Any], act: Interruption) -> str:
    """Let it wait; returns the key that it is resumed by."""
    key = secrets.token_urlsafe(9)
    held = dict(session.get(KEY, {}))
    for oldest in sorted(held, key=lambda one: float(held[one]["at"]))[: max(0, len(held) - MOST + 1)]:
        discard(read(held.pop(oldest)).files)
    session[KEY] = held | {key: asdict(act)}
    return key


def waiting(session: MutableMapping[str, Any], key: str, *, user_id: int | None, at: datetime) -> Interruption | None:
    """What waits under this key for this person."""
    row = session.get(KEY, {}).get(key)
    act = read(row) if row else None
    if act is None or act.user_id != user_id or at - datetime.fromtimestamp(act.at, UTC) > KEPT_FOR:
        return None
    return act


def take(session: MutableMapping[str, Any], key: str) -> None:
    """It waits no longer: it can be resumed once."""
    session[KEY] = {one: row for one, row in session.get(KEY, {}).items() if one != key}


def newest(session: MutableMapping[str, Any], *, user_id: int | None, at: datetime) -> str:
    """The key of what waits last, or nothing."""
    held = session.get(KEY, {})
    keys = [key for key in held if waiting(session, key, user_id=user_id, at=at)]
    return max(keys, key=lambda key: float(held[key]["at"]), default="")


def read(row: dict[str, Any]) -> Interruption:
    fields = [(str(name), str(value)) for name, value in row["fields"]]
    return Interruption(**{**row, "fields": fields, "files": [Handed(**one) for one in row["files"]]})


def store(files: Iterable[tuple[str, "File[Any]"]], *, at: datetime) -> tuple[list[Handed], bool]:
    """Let files wait; without them when they are too many bytes, which the second value tells."""
    given = list(files)
    if sum(file.size for _field, file in given) > MOST_BYTES:
        return [], True
    handed = []
    for field, file in given:
        file.seek(0)
        place = f"{PLACE}/{at.strftime(STAMP)}-{secrets.token_hex(16)}"
        handed.append(
            Handed(
                field=field,
                name=file.name or "",
                content_type=str(getattr(file, "content_type", "") or "application/octet-stream"),
                place=default_storage.save(place, file),
            )
        )
    return handed, False


def opened(files: Sequence[Handed]) -> Iterator[tuple[Handed, bytes]]:
    """The files with their content; one that is gone is passed over."""
    for one in files:
        if default_storage.exists(one.place):
            with default_storage.open(one.place, "rb") as content:
                yield one, content.read()


def discard(files: Sequence[Handed]) -> None:
    for one in files:
        default_storage.delete(one.place)


def forget(*, at: datetime) -> int:
    """Remove the files of acts that nobody resumed; how many there were."""
    if not default_storage.exists(PLACE):
        return 0
    until = (at - 2 * KEPT_FOR).strftime(STAMP)
    old = [name for name in default_storage.listdir(PLACE)[1] if name[: len(until)] < until]
    for name in old:
        default_storage.delete(f"{PLACE}/{name}")
    return len(old)
