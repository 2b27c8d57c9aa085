"""Loading the product: what is loaded at the start stays for as long as the process."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep the collector from walking through what stays anyway: a sixth of a start, and some of each later request."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
