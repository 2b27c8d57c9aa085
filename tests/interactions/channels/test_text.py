"""Text, charsets and HTML from outside."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.channels import charsets, markup, quotation, text

UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
ANY_TEXT = st.text(st.characters(), max_size=300)  # surrogates included


@given(told=ANY_TEXT, most=st.integers(0, 100))
def test_clean_text_is_safe_and_bounded(told: str, most: int) -> None:
    cleaned = text.clean(told, most=most)

    assert len(cleaned) <= most
    assert not UNSAFE.search(cleaned)


@given(told=ANY_TEXT, most=st.integers(1, 100))
def test_flat_text_is_one_safe_line(told: str, most: int) -> None:
    line = text.flatten(told, most=most)

    assert len(line) <= most
    assert not UNSAFE.search(line)
    assert len(line.splitlines()) <= 1


@pytest.mark.parametrize(
    ("told", "cleaned"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\x00b\x1b[0m\tc", "ab[0m\tc"),
        ("a\ud800b", "a\ufffdb"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
    ],
)
def test_what_is_taken_out_of_text(told: str, cleaned: str) -> None:
    assert text.clean(told, most=100) == cleaned


def test_cut_text_is_marked() -> None:
    assert text.clean("x" * 50, most=20) == "x" * 16 + text.CUT_MARK


@given(
    content=st.binary(max_size=200),
    declared=st.one_of(st.text(max_size=20), st.sampled_from(["utf-16", "idna", "hex"])),
)
def test_any_bytes_are_decoded(content: bytes, declared: str) -> None:
    assert isinstance(charsets.decode(content, declared), str)


@pytest.mark.parametrize(
    ("content", "declared", "meant"),
    [
        ("Grüße".encode(), "iso-8859-1", "Grüße"),
        ("Grüße".encode("latin-1"), "utf-8", "Grüße"),
        (b"40 \x80", "iso-8859-1", "40 €"),
        ("請求書①".encode("cp932"), "Shift_JIS", "請求書①"),
        ("請求書".encode("iso2022_jp"), "iso-2022-jp", "請求書"),
        ("héllo".encode("utf-16"), "utf-16", "héllo"),
        ("한국".encode("cp949"), "ks_c_5601-1987", "한국"),
        ("Привет".encode("koi8-r"), "koi8-r", "Привет"),
        (rb"\u0041", "unicode_escape", r"\u0041"),
        (b"plain", "rot13", "plain"),
        (b"plain", "a\x00b", "plain"),
        ("größere Grüße, schöne Wünsche".encode() + b"\xc3", "utf-8", "größere Grüße, schöne Wünsche\ufffd"),
    ],
)
def test_bytes_are_decoded_as_they_were_meant(content: bytes, declared: str, meant: str) -> None:
    assert charsets.decode(content, declared) == meant


@given(html=st.text(st.sampled_from("<>/&;#x=\"' \nabdivpreblockquote!-"), max_size=200))
def test_any_html_becomes_text(html: str) -> None:
    assert isinstance(markup.as_text(html), str)


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<blockquote>old<blockquote>older</blockquote></blockquote>new", "> old\n> > older\nnew"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a<script>alert(1)</script><style>x</style>b", "ab"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ('<a href="https://example.org/">example.org</a>', "example.org"),
        ('<a href="https://evil.example.org">bank.example.org</a>', "bank.example.org (https://evil.example.org)"),
        ("x &lt;script&gt; y", "x <script> y"),
    ],
)
def test_html_becomes_readable_text(html: str, told: str) -> None:
    assert markup.as_text(html) == told


@pytest.mark.parametrize(
    "heading",
    [
        "On Mon, Feb 3, 2025 at 11:05 AM Tom <tom@example.org> wrote:",
        "Am 03.02.25 um 11:05 schrieb Tom:",
        "Le 03/02/2025 à 11:05, Tom a écrit :",
        "El lun, 3 feb 2025 a las 11:05, Tom (<tom@example.org>) escribió:",
        "Op 3 feb. 2025 om 11:05 heeft Tom <tom@example.org> het volgende geschreven:",
        "Il giorno lun 3 feb 2025 alle ore 11:05 Tom <tom@example.org> ha scritto:",
        "Em seg., 3 de fev. de 2025 às 11:05, Tom <tom@example.org> escreveu:",
        "Den mån 3 feb. 2025 kl 11:05 skrev Tom <tom@example.org>:",
        "Den man. 3. feb. 2025 kl. 11.05 skrev Tom <tom@example.org>:",
        "Dne po 3. 2. 2025 11:05 uživatel Tom <tom@example.org> napsal:",
        "pon., 3 lut 2025 o 11:05 Tom <tom@example.org> napisał(a):",
        "2025年2月3日(月) 11:05 Tom <tom@example.org>:",
        "-----Ursprüngliche Nachricht-----",
    ],
)
def test_the_heading_of_a_quote_is_known_in_many_languages(heading: str) -> None:
    assert quotation.new_part(f"My answer.\n\n{heading}\n\n> old words\n> more\n") == "My answer."


def test_a_reply_that_says_nothing_new_is_shown_whole() -> None:
    quoted = "On 3 Feb 2025, at 11:05, Tom wrote:\n> old words"

    assert quotation.new_part(quoted) == quoted


@given(told=st.text(st.sampled_from("> \nOn wrote:Am schrieb@1From:_-"), max_size=300))
def test_the_new_part_adds_nothing(told: str) -> None:
    new = quotation.new_part(told)

    assert len(new) <= len(told)
    assert set(new.split()) <= set(told.split())
