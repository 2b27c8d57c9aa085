"""Bytes to text, whatever their sender said they are."""

import codecs

# Labels as mail programs use them, with what they mean by them (WHATWG Encoding Standard and Microsoft code pages)
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_NAMES = {"ks_c_5601-1987": "cp949", "x-sjis": "cp932", "x-gbk": "gb18030", "iso-8859-8-i": "iso8859-8"}
# no charsets of mail: slow on long input, or escapes that hide text from a scanner
_REFUSED = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7", "mbcs", "oem"}


def decode(content: bytes, declared: str = "") -> str:
    """Never fails: UTF-8 where it fits, else as declared, else the closest guess."""
    codec = _codec(declared)
    # text in another charset is practically never valid UTF-8, but is often declared wrongly;
    # UTF-16 and the escapes of ISO-2022 are the exceptions
    may_be_utf8 = not codec.startswith(("utf-16", "utf-32")) and b"\x1b" not in content
    for attempt in ("utf-8-sig" if may_be_utf8 else "", codec):
        try:
            if attempt:
                return content.decode(attempt)
        except ValueError:
            continue
    if codec and codec not in {"utf-8", "cp1252"}:
        return content.decode(codec, "replace")
    return _nearly_utf8(content) or content.decode("cp1252", "replace")


def _codec(declared: str) -> str:
    """The Python codec for a label, or nothing when the label is unknown, refused or no charset at all."""
    label = declared.strip().strip("\"'").lower()[:40]
    try:
        name = codecs.lookup(_NAMES.get(label, label)).name
        b"a".decode(name, "replace")  # codecs such as hex and rot13 are no charsets and refuse
    except (LookupError, ValueError):
        return ""
    return "" if name in _REFUSED else _MEANT.get(name, name)


def _nearly_utf8(content: bytes) -> str:
    """The text as UTF-8 when only a few bytes are broken, such as where a message was cut."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    foreign = sum(character > "\x7f" for character in text) - broken
    return text if foreign > broken * 4 else ""
