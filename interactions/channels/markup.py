"""HTML as plain text that a person can read; quotes become lines that start with `>`."""

import re
from html.parser import HTMLParser

import nh3

_TAGS = {"p", "div", "br", "hr", "ul", "ol", "li", "table", "tr", "td", "th", "blockquote", "pre", "a"}
_TAGS |= {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = _TAGS - {"a", "br", "hr", "td", "th", "li"}
_SPACED = {"p", "h1", "h2", "h3", "h4", "h5", "h6"}
_UNSEEN = {"script", "style", "title", "head", "template", "noscript"}

# nh3 takes time with the square of the depth; elements that close by themselves do not nest
_MOST_DEPTH = 1_000
_MARK = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NEVER_DEEP = {"p", "br", "hr", "li", "td", "th", "tr", "img", "meta", "link", "input", "wbr", "col", "area", "base"}
_ANY_MARK = re.compile(r"<[^<>]*>")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_MOST_LINK = 500
_MANY_LINES = re.compile(r"\n{3,}")


def as_text(html: str) -> str:
    """Readable text; never fails, and takes time in proportion to the length."""
    if _depth(html) > _MOST_DEPTH:
        return _ANY_MARK.sub(" ", html)
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_UNSEEN,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(cleaned)
    reader.close()
    return reader.result()


def _depth(html: str) -> int:
    depth = deepest = 0
    for mark in _MARK.finditer(html):
        if mark.group(2).lower() not in _NEVER_DEEP:
            depth = max(depth + (-1 if mark.group(1) else 1), 0)
            deepest = max(deepest, depth)
    return deepest


class _Reader(HTMLParser):
    """Reads what nh3 wrote: well-formed, and of the tags above only."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []  # pieces of the line being written; joined once, or long lines cost their square
        self._quotes = 0
        self._kept = 0
        self._href = ""
        self._label = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._end_line()
        elif tag == "hr":
            self._break()
            self._write("-" * 20)
            self._break()
        elif tag == "a":
            self._href, self._label = (dict(attrs).get("href") or "")[:_MOST_LINK], ""
        elif tag == "li":
            self._break()
            self._write("• ")
        elif tag in {"td", "th"}:
            if self._line:
                self._write(" \t")
        else:
            self._break()
            if tag in _SPACED:
                self._space()
            self._quotes += tag == "blockquote"
            self._kept += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._close_link()
        elif tag in _BLOCKS or tag == "li":
            self._break()
            if tag in _SPACED:
                self._space()
            if tag in {"blockquote", "pre"}:
                self._quotes -= tag == "blockquote"
                self._kept -= tag == "pre"

    def handle_data(self, data: str) -> None:
        if self._href and len(self._label) < _MOST_LINK:
            self._label += data[:_MOST_LINK]
        if self._kept:
            self._write_as_is(data)
            return
        words = _SPACES.sub(" ", data)
        self._write(words if self._line else words.lstrip(" "))

    def _write_as_is(self, data: str) -> None:
        first, *more = data.split("\n")
        self._write(first)
        for line in more:
            self._end_line()
            self._write(line)

    def _write(self, words: str) -> None:
        if words:
            self._line.append(words)

    def _end_line(self) -> None:
        words = "".join(self._line).replace("\xa0", " ")
        self._lines.append(("> " * min(self._quotes, 20) + words).rstrip())
        self._line = []

    def _break(self) -> None:
        """Start a new line unless this one is empty."""
        if self._line:
            self._end_line()

    def _space(self) -> None:
        """One empty line, quoted where the paragraph is."""
        if self._lines and self._lines[-1].strip("> "):
            self._end_line()

    def _close_link(self) -> None:
        label, href, self._href = self._label.strip(), self._href, ""
        told = href.removeprefix("mailto:").rstrip("/")
        if told and told not in label and label != told.split("//", 1)[-1]:
            self._write(f" ({told})" if label else told)

    def result(self) -> str:
        self._break()
        return _MANY_LINES.sub("\n\n", "\n".join(self._lines)).strip("\n")
