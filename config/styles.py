"""One style sheet for every page, put together from small files: forty that wait for each other are slow to draw."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage, Storage

from config import whole

SHEET = "css/main.css"
PARTS = settings.BASE_DIR / "static" / "css" / "parts.css"
IMPORT = re.compile(r'^@import url\("(?P<path>[^"]+)"\) layer\((?P<layer>\w+)\);$', re.MULTILINE)


class Finder(BaseFinder):
    """Finds the sheet, made anew when a part of it is newer: for `collectstatic`, and for whoever edits a part."""

    def __init__(self) -> None:
        self.storage = FileSystemStorage(location=settings.VAR_DIR / "styles")

    def check(self, **_kwargs: Any) -> list[CheckMessage]:
        return []

    def find(self, path: str, find_all: bool = False) -> Any:
        """The path of the sheet, or a list of it, as Django asks; an empty list for whatever else is wanted."""
        if path != SHEET:
            return []
        found = str(self.sheet())
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:  # noqa: ARG002 - the sheet is wanted always
        self.sheet()
        yield SHEET, self.storage

    def sheet(self) -> Path:
        made = Path(self.storage.path(SHEET))
        sources = [PARTS, *(PARTS.parent / found["path"] for found in IMPORT.finditer(PARTS.read_text()))]
        if not made.exists() or made.stat().st_mtime < max(source.stat().st_mtime for source in sources):
            with whole.written(made) as file:
                file.write(together().encode())
        return made


def together() -> str:
    """The parts in their order, each in its layer; in place of each import what it leads to."""

    def put_in(found: re.Match[str]) -> str:
        return f"@layer {found['layer']} {{\n{(PARTS.parent / found['path']).read_text()}}}"

    return IMPORT.sub(put_in, PARTS.read_text())
