"""Every word that people read can be translated, and is: nothing stands unmarked, and the catalogues are complete."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.conf import settings

from tests.architecture.sources import ROOT

TEMPLATES = ROOT / "templates"
MAILS = TEMPLATES / "notifications"
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]

# what is never read by people, or reads the same everywhere
UNREAD = re.compile(
    r"\{#.*?#\}|&\w+;|<!--.*?-->|\{%\s*comment\b.*?endcomment\s*%\}|\{%\s*setvar\b.*?endsetvar\s*%\}"
    r"|\{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}"
    r"|<(style|script|code|kbd|pre)\b.*?</\1>|\{%\s*block body_class\s*%\}\w+",
    re.DOTALL,
)
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
LITERAL = re.compile(r"""\{%\s*firstof\b[^%]*?\s(["'][A-Z][a-z][^%]*?)%\}""")
DEFAULT = re.compile(r"""\|default:(["'](?:[A-Z]\w|[^"'|]*\s)[^"']*["'])""")
ELEMENT = re.compile(r"<[^<>]*>")
SHOWN = re.compile(
    r"""\s(?:title|label|placeholder|aria-label|alt|lead|hint|detail|help|of|\w+_word)=(?:"([^"]*)"|'([^']*)')"""
)
WORD = re.compile(r"[^\W\d_]{2}")
SAME_EVERYWHERE = ('"Partner Interactions"', "HTML", "BPI-0000042", "· SHA-256")

PLACE = re.compile(r"%\(\w+\)\d*[sd]|%[sd%]|\{\w*\}")
NAMES = re.compile(r"(?<![|\w])[a-z_]+(?:\.[a-z_]+)*\b")


def shown(source: str) -> Iterator[str]:
    """The words of a template that are in it as they are."""
    text = UNREAD.sub("", source)
    yield from (*LITERAL.findall(text), *DEFAULT.findall(text))
    text = TAG.sub("", text)
    for element in ELEMENT.findall(text):
        yield from (first or second for first, second in SHOWN.findall(element))
    for piece in ELEMENT.split(text):
        yield " ".join(piece.split())


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Read me</p>", ["Read me"]),
        ("""<c-empty title="Nothing here">{% translate "Look elsewhere." %}</c-empty>""", ["Nothing here"]),
        ("""{% firstof name "Nobody yet" %}""", ['"Nobody yet" ']),
        ("""{{ subject|default:"(no subject)" }}{{ kind|default:"rows" }}""", ['"(no subject)"']),
        ("""<p class="muted">{% blocktranslate %}{{ n }} left{% endblocktranslate %} {{ name }}</p>""", []),
    ],
)
def test_words_that_are_not_marked_are_found(source: str, found: list[str]) -> None:
    assert [words for words in shown(source) if WORD.search(words)] == found


def test_templates_have_no_words_that_cannot_be_translated() -> None:
    paths = [path for path in TEMPLATES.rglob("*.html") if "console/components" not in path.as_posix()]

    unmarked = [
        f"{path.relative_to(TEMPLATES)}: {words}"
        for path in paths
        for words in shown(path.read_text())
        if WORD.search(words) and words not in SAME_EVERYWHERE
    ]

    assert not unmarked, "mark them with {% translate %}:\n" + "\n".join(unmarked)


def catalogue(language: str) -> Catalog:
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_that_can_be_chosen_is_complete(language: str) -> None:
    messages = [message for message in catalogue(language) if message.id]

    missing = [message.id for message in messages if message.fuzzy or not all(several(message.string or ""))]
    other_places = [message.id for message in messages if places(message.id) != places(message.string or "")]

    assert (missing, other_places) == ([], [])


def several(text: str | Sequence[str]) -> Sequence[str]:
    return [text] if isinstance(text, str) else text


def places(text: str | Sequence[str]) -> list[str]:
    """What is filled in; of several forms in the last one, for "one" needs no number."""
    return sorted(PLACE.findall(several(text)[-1]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_mail_is_written_in_each_language_with_the_same_values(language: str) -> None:
    wordings = {path.name for path in MAILS.glob("*.txt")} - {"layout.txt", "letter.txt"}

    assert {path.name for path in (MAILS / language).iterdir()} == wordings
    assert not [name for name in wordings if values(MAILS / name) != values(MAILS / language / name)]


def values(path: Path) -> set[str]:
    tags = "".join(TAG.findall(path.read_text()))
    return set(NAMES.findall(re.sub(r'\|[a-z]+|"[^"]*"', "", tags)))
