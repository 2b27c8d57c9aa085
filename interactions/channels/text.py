"""Text from outside, made safe to store and to show."""

import re
import unicodedata

CUT_MARK = "\n[…]"

_LINE_ENDS = re.compile(r"\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")
# C0 and C1 controls but tab and newline; lone surrogates; bidirectional overrides, which make a name read as another
_UNWANTED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")


def clean(text: str, *, most: int) -> str:
    """Lines of at most `most` characters in all: no control but tab and newline, no surrogate; marked when cut."""
    text = _LINE_ENDS.sub("\n", text)
    text = _SURROGATES.sub("\ufffd", _UNWANTED.sub("", text))
    if len(text) <= most:
        return text
    return text[: most - len(CUT_MARK)] + CUT_MARK if most > len(CUT_MARK) else text[:most]


def flatten(text: str, *, most: int) -> str:
    """One line of at most `most` characters."""
    line = _SPACES.sub(" ", clean(text[: most * 20], most=most * 20)).strip()
    return unicodedata.normalize("NFC", line)[:most].rstrip()


def has_unwanted(text: str) -> bool:
    """Whether `clean` would take a control or a surrogate out."""
    return bool(_UNWANTED.search(text) or _SURROGATES.search(text))
