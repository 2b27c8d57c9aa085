"""One word for each request: whoever sees a page or an error can name it, and the lines of the log bear it too."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

NONE = "-"  # outside any request

current: ContextVar[str] = ContextVar("reference", default=NONE)


@contextmanager
def a_request() -> Iterator[str]:
    """A new reference, for as long as the request is answered."""
    reference = secrets.token_hex(6)
    token = current.set(reference)
    try:
        yield reference
    finally:
        current.reset(token)


def reference() -> str:
    """That of the request that is answered now, or nothing."""
    found = current.get()
    return "" if found == NONE else found


class Line(logging.Formatter):
    """A line of the log, with the reference in it whoever writes it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(reference)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record.reference = current.get()
        return super().format(record)
