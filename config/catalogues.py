"""The translations, compiled when they are newer than what is there: in the repository there are only the .po files.

gettext's own tools are not on every machine; Babel comes with the environment.
"""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from config import whole

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_new() -> list[Path]:
    """The catalogues that were compiled just now; several processes may do it at once."""
    found = sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))
    return [compile_one(source) for source in found if is_new(source)]


def is_new(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


def compile_one(source: Path) -> Path:
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parent.parent.name)
    compiled = source.with_suffix(".mo")
    with whole.written(compiled) as file:
        write_mo(file, catalogue)
    return compiled
