"""Reads the access matrix."""

from collections.abc import Mapping
from pathlib import Path

Cells = Mapping[str, str]  # what each of those who ask gets


def read() -> tuple[list[str], dict[str, dict[str, Cells]]]:
    """Who asks, and the cells by the name of the URL and the method. Raises ValueError for what stands there twice."""
    _, _, table = Path(__file__).with_suffix(".txt").read_text().partition("\nwho ")
    head, *rows = table.split("\nanswer ")
    who, found = head.split(), dict[str, dict[str, Cells]]()
    for row in rows:
        cells, *lines = row.splitlines()
        by_who, method = dict(zip(who, cells.split(), strict=True)), ""
        for line in lines:
            method = line[:8].strip() or method
            for door in line[8:].split():
                if method in found.setdefault(door, {}):
                    raise ValueError(f"{door} {method} stands in two rows")
                found[door][method] = by_who
    return who, found


WHO, EXPECTED = read()
