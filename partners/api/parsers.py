"""JSON as RFC 8259 has it and nothing looser: what two readers could read differently is refused."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import IO, Any, NoReturn, cast

from django.conf import settings
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.utils.mediatypes import _MediaType

from partners.api.errors import Problem, invalid

MOST_DEPTH = 30
MOST_VALUES = 200_000
CHARSETS = {"", "utf-8", "utf8", "us-ascii"}


class StrictJSONParser(BaseParser):
    """Leaves the bytes as received on the request (`raw_body`), for whoever needs a fingerprint of them."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        check_charset(media_type or "")
        body = read(stream, int((parser_context or {})["request"].META.get("CONTENT_LENGTH") or 0))
        (parser_context or {})["request"].raw_body = body
        return loads(body)


def check_charset(media_type: str) -> None:
    charset = _MediaType(media_type).params.get("charset", "")
    if charset.strip('"').lower() not in CHARSETS:
        raise UnsupportedMediaType(media_type, "JSON is sent in UTF-8.")


def read(stream: IO[Any], length: int) -> bytes:
    """The whole body, which may not be longer than the installation allows."""
    most = settings.API_MAX_BODY_BYTES
    if length > most:
        raise Problem("22", f"The body is larger than {most} bytes.", status=413)
    return bytes(stream.read(length))


def loads(body: bytes) -> Any:
    """The content of a JSON body; every text in it can be stored and every number is finite."""
    if not body.strip():
        raise Problem("21", "Send a JSON object.")
    if body.count(b",") + body.count(b"[") + body.count(b"{") > MOST_VALUES:
        raise Problem("22", f"The body has more than {MOST_VALUES} values.")
    try:
        content = json.loads(body.decode("utf-8"), parse_constant=refuse_constant, object_pairs_hook=unique)
    except UnicodeDecodeError as error:
        raise Problem("22", f"The body is not UTF-8 at byte {error.start}.") from error
    except json.JSONDecodeError as error:
        raise Problem("22", f"The body is not JSON: {error.msg} in line {error.lineno}.") from error
    except (ValueError, RecursionError) as error:
        raise Problem("22", "The body is not JSON that can be read here.") from error
    for path, value in leaves(content):
        check(path, value)
    return content


def refuse_constant(constant: str) -> NoReturn:
    raise Problem("22", f"{constant} is not JSON.")


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name given twice means two things to two readers."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise invalid(printable(twice), "This attribute is given twice.")
    return found


def leaves(content: Any) -> Iterator[tuple[str, Any]]:
    """Every name and every single value, with the path to it; refuses what is nested too deeply."""
    waiting: list[tuple[str, Any, int]] = [("", content, 1)]
    while waiting:
        path, value, depth = waiting.pop()
        if not isinstance(value, dict | list):
            yield path, value
            continue
        if depth > MOST_DEPTH:
            raise Problem("22", f"The body is nested deeper than {MOST_DEPTH} levels.")
        if isinstance(value, list):
            waiting += [(f"{path}[{index}]", one, depth + 1) for index, one in enumerate(value)]
            continue
        for name, one in value.items():
            yield path, name
            waiting.append((f"{path}.{name}" if path else name, one, depth + 1))


def check(path: str, value: Any) -> None:
    if isinstance(value, str) and not is_storable(value):
        raise invalid(printable(path), "This holds a NUL character or half of a character.")
    if isinstance(value, float) and not math.isfinite(value):
        raise invalid(printable(path), "This number is too large.")


def is_storable(text: str) -> bool:
    """Whether PostgreSQL and UTF-8 can hold the text."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def printable(path: str) -> str:
    """A path that can be answered, whatever was sent."""
    return path[:200].encode("ascii", "replace").decode().replace("\0", "?")


def raw(request: Request) -> bytes:
    """The bytes of a JSON body as they were sent, for a reader that checks them itself."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if not length:
        raise Problem("21", "Send a JSON object.")
    if _MediaType(request.content_type).full_type.lower() != "application/json":
        raise UnsupportedMediaType(request.content_type)
    check_charset(request.content_type)
    return read(cast("IO[Any]", request._request), int(request.META.get("CONTENT_LENGTH") or 0))
