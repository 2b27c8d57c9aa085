"""The new part of a reply: what its writer adds to what was said before, in the languages of our partners."""

import re
from itertools import islice

from mailparser_reply import EmailMessage as Quoting

_LANGUAGES = ["en", "de", "fr", "it", "nl", "da", "sv", "pl", "cs", "ja", "ko", "zh"]
_HEADERS = Quoting(text="", languages=list(_LANGUAGES)).HEADER_REGEX
_VERBS = (
    r"wrote|schrieb|a écrit|ha scritto|schreef|geschreven|escribió|escreveu|skrev|kirjoitti|napsala?(?:\(a\))?|"
    r"napisał(?:\(a\))?|nadesłał"
)
_WROTE = re.compile(_VERBS + r"|\d年\d|작성하였습니다", re.IGNORECASE)
# what the library's patterns miss, such as Spanish, Portuguese, Finnish, and Dutch with the name behind the verb
_MORE_HEADERS = re.compile(
    rf"[> ]*(?:(?:El|Em|Op|Den|Dne|Le|Il|Am|On) |\d|\w{{2,12}}[.,]{{0,2}} \d).{{5,400}}?(?:{_VERBS})(?: .{{1,200}})?:",
    re.DOTALL | re.IGNORECASE,
)
_FIELD = re.compile(r"^[> *]*[^\W\d_][^:\uff1a\n]{0,20}[:\uff1a]")
_SEPARATOR = re.compile(
    r"^[> ]*-{2,} ?(?:original message|ursprüngliche nachricht|message d'origine|mensaje original|messaggio originale|"
    r"oorspronkelijk bericht|mensagem original|ursprungligt meddelande|oprindelig meddelelse) ?-{2,}$",
    re.IGNORECASE,
)
_FORWARDING = re.compile(
    r"^(?:-{3,} ?)?(?:forwarded message|begin forwarded message|weitergeleitete nachricht|anfang der weitergeleiteten "
    r"nachricht|message transféré|début du message transféré|message réexpédié|mensaje reenviado|doorgestuurd bericht|"
    r"begin doorgestuurd bericht|messaggio inoltrato|mensagem encaminhada)\b",
    re.IGNORECASE,
)
_FORWARDED_SUBJECT = re.compile(r"^\s*(?:fwd?|wg|tr|rv|doorst|enc|i|vs|pd)\s*:", re.IGNORECASE)
_UNDERSCORES = re.compile(r"^_{20,}$")

_WINDOW = 6  # lines that one heading of a quote may take
_LONGEST_LINE = 200
_MOST_LINES = 20_000
# the library's patterns take time with the square of the length of what they look at
_MOST_ATTEMPTS = 300


def new_part(full_text: str, *, subject: str = "") -> str:
    """The text without what it quotes; all of it when it is a forwarded mail or says nothing of its own."""
    if _FORWARDED_SUBJECT.match(subject):
        return full_text.strip()
    lines = full_text.split("\n")
    start, length = _heading(lines)
    own = lines[:start]
    if length:
        own += _answers(lines[start + length :])
    elif start == len(lines):
        own = _without_trailing_quote(lines)
    return _trimmed(own) or full_text.strip()


def _heading(lines: list[str]) -> tuple[int, int]:
    """Where the first quote is announced and in how many lines; (all, 0) when none is."""
    attempts = 0
    for index, line in enumerate(islice(lines, _MOST_LINES)):
        if _FORWARDING.match(line.strip()):
            break
        if _SEPARATOR.match(line):
            return index, 1
        window = _window(lines, index)
        if not window or attempts >= _MOST_ATTEMPTS:
            continue
        attempts += 1
        length = _heading_length(window)
        if length:
            return _with_rule_above(lines, index, length)
    return len(lines), 0


def _window(lines: list[str], index: int) -> list[str]:
    """The lines that may be one heading, or nothing when a quick look says that they are none."""
    window = [line.replace("\xa0", " ").strip() for line in lines[index : index + _WINDOW]]
    if not window[0] or any(len(line) > _LONGEST_LINE for line in window[:3]):
        return []
    window = [line[:_LONGEST_LINE] for line in window]
    if _WROTE.search("\n".join(window[:3])):
        return window
    fields = sum(bool(_FIELD.match(line)) for line in window)
    return window if fields >= 3 and _FIELD.match(window[0]) else []


def _heading_length(window: list[str]) -> int:
    """How many lines from the first belong to a heading; 0 when it is none."""
    for count in range(1, 4):
        if not all(window[:count]):
            break
        joined = "\n".join(window[:count])
        if joined.endswith((":", "\uff1a")) and _is_attribution(joined, window[count:]):
            return count
    found = _HEADERS.match("\n".join(window))
    if not found:
        return 0
    fields = [line for line in found.group().split("\n") if _FIELD.match(line)]
    return len(fields) if len(fields) >= 3 else 0


def _is_attribution(joined: str, after: list[str]) -> bool:
    """Whether "On …, Rosa wrote:" comes with an address, a date or a quote, and is not the start of a story."""
    if not _WROTE.search(joined):
        return False
    is_addressed_or_quoted = "@" in joined or any(line.startswith(">") for line in after[:3])
    if not (is_addressed_or_quoted or re.search(r"\d", joined)):
        return False
    found = _HEADERS.match(joined)
    if found and found.end() == len(joined):
        return True
    return is_addressed_or_quoted and bool(_MORE_HEADERS.fullmatch(joined))


def _with_rule_above(lines: list[str], index: int, length: int) -> tuple[int, int]:
    """Outlook draws a line above the heading, which belongs to it."""
    above = index - 1
    while above > 0 and not lines[above].strip():
        above -= 1
    if above >= 0 and (_UNDERSCORES.match(lines[above].strip()) or _SEPARATOR.match(lines[above])):
        return above, length + index - above
    return index, length


def _answers(quoted: list[str]) -> list[str]:
    """What is written below or between quoted lines; answers between quotes keep them, or they would make no sense."""
    while quoted and not quoted[0].strip():
        quoted = quoted[1:]
    if not quoted or not quoted[0].startswith(">"):
        return []  # quoted without marks: all that follows is old
    kept = _without_trailing_quote(quoted)
    blocks = sum(
        line.startswith(">") and not before.startswith(">") for before, line in zip(["", *kept], kept, strict=False)
    )
    if blocks > 1:
        return kept
    return [line for line in kept if not line.startswith(">")]


def _without_trailing_quote(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].startswith(">")):
        end -= 1
    return lines[:end]


def _trimmed(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip()
