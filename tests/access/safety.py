"""What must hold of every answer, whoever asked: its headers, and that looking changes nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.db import connection

# Public, and the same for all.
CACHED = ("/admin/jsi18n/", "/.well-known/jwks.json")
# What a visit itself leaves behind, of which nothing is a change of the product.
VISITS = ('"django_session"', '"usersessions_usersession"', "partners_credential SET last_used_at")
WRITES = ("INSERT", "UPDATE", "DELETE", "COPY")


def missing_headers(headers: Mapping[str, str], address: str) -> list[str]:
    """The names of headers that are absent or too weak."""
    is_framed = address.startswith("/dev/mail/") and address.endswith("/html/")
    wanted: dict[str, Callable[[str], bool]] = {
        "Content-Security-Policy": lambda value: "default-src 'none'" in value and ("unsafe" not in value or is_framed),
        "X-Content-Type-Options": lambda value: value == "nosniff",
        "X-Frame-Options": lambda value: value == "DENY" or is_framed,
        "Referrer-Policy": lambda value: value == "same-origin",
        "Permissions-Policy": lambda value: "camera=()" in value and "geolocation=()" in value,
        "Cache-Control": lambda value: "no-store" in value or address in CACHED,
    }
    return [name for name, is_good in wanted.items() if not is_good(headers.get(name, ""))]


@contextmanager
def noting_writes() -> Iterator[list[str]]:
    """The statements that write while this is held, but for those of the visit itself."""
    written: list[str] = []

    def note(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if sql.lstrip().startswith(WRITES) and not any(visit in sql for visit in VISITS):
            written.append(" ".join(sql.split())[:80])
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield written
