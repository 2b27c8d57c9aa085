"""The tags and filters, and components that must not lie."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import settings
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.safestring import SafeString

from config import ui
from interactions.enums import Status
from partners.enums import Channel, Priority

NOW = datetime(2026, 3, 12, 13, 5, tzinfo=UTC)


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context)).strip()


def test_when_shows_words_and_keeps_the_exact_moment_in_the_title() -> None:
    with time_machine.travel(NOW, tick=False):
        shown = render("{{ at|when }}", at=datetime(2026, 3, 12, 10, 0, tzinfo=UTC))

    assert shown == ('<time datetime="2026-03-12T10:00:00+00:00" title="Thu 12 Mar 2026, 10:00 UTC">3 h ago</time>')


def test_words_stand_for_scopes_and_no_line_ends_within_an_identifier() -> None:
    title = "Loss on IPL-MUC-ZRH-195 <b>"

    assert (
        render("{{ code|scope }}, {{ other|scope }}", code="interactions:read", other="later")
        == "Read interactions, later"
    )
    assert (
        render("{{ title|unbroken }}", title=title) == 'Loss on <span class="nowrap">IPL-MUC-ZRH-195</span> &lt;b&gt;'
    )


def test_nothing_is_shown_for_a_moment_that_is_not_known() -> None:
    assert render("{{ at|when }}{{ at|moment }}{{ at|clock }}{{ at|due }}{{ at|duration }}", at=None) == ""


@pytest.mark.parametrize(
    ("tag", "address"),
    [
        ('{% query status="open" %}', "?team=2&amp;team=3&amp;page=4&amp;status=open"),
        ("{% query page=None %}", "?team=2&amp;team=3"),
        ("{% query page=None team=None %}", "?"),
        ("{% query team=7 page=None %}", "?team=7"),
        ('{% query page=None team=None q="a & b" %}', "?q=a+%26+b"),
    ],
)
def test_query_replaces_and_removes_parameters(tag: str, address: str) -> None:
    request = RequestFactory().get("/queue/?team=2&team=3&page=4")

    assert render(tag, request=request) == address


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Rosa Lind", "RL"), ("rosa", "R"), ("Anna-Maria de Vries", "AV"), ("", "?"), ("(Acme) Wholesale", "W")],
)
def test_initials_are_of_the_first_and_last_word(name: str, letters: str) -> None:
    assert ui.initials(name) == letters


def test_a_name_always_has_the_same_colour_out_of_six() -> None:
    hues = {ui.hue(f"Person {number}") for number in range(200)}

    assert hues == {1, 2, 3, 4, 5, 6}
    assert ui.hue("Rosa Lind") == ui.hue("Rosa Lind")


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_shape_and_a_word_of_its_own(status: Status) -> None:
    shown = render('{% cotton status value="{{ status }}" %}{% endcotton %}', status=status.value)

    assert str(status.label) in shown
    assert shown.count("<svg") == 1


@pytest.mark.parametrize("value", [*Channel, *(str(priority.value) for priority in Priority)])
def test_every_channel_and_priority_has_an_icon(value: str) -> None:
    kind = "channel" if value in list(Channel) else "priority"

    assert render("{{ value|sign:kind }}", value=value, kind=kind) != "circle"


def test_what_somebody_typed_is_escaped_in_components() -> None:
    person = '{% cotton person name="{{ name }}" detail="{{ name }}" %}{% endcotton %}'
    badge = "{% cotton badge %}{{ name }}{% endcotton %}"

    assert "<script>" not in render(person + badge, name='"><script>alert(1)</script>')


def test_a_paused_promise_says_why() -> None:
    assert "waiting for the invoice copy" in render(
        '{% cotton due paused="{{ why }}" :short="True" %}{% endcotton %}', why="waiting for the invoice copy"
    )


def test_a_browser_is_named_by_its_words() -> None:
    windows = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
    )

    assert ui.browser(windows + " Edg/140.0") == "Edge on Windows"
    assert ui.browser(windows) == "Chrome on Windows"
    assert ui.browser("curl/8") == "Unknown browser"


def test_a_navigation_line_says_where_it_leads_and_what_it_counts() -> None:
    line = render("""{% nav_mark "/queue/" "Queue" "list" key="q" current=True count="999+" %}""")
    assert 'href="/queue/" aria-current="page" data-go="q"' in line
    assert '<span class="count" data-tone="plain">999+</span>' in line


def test_a_line_of_somebodys_words_is_never_taken_for_markup_that_was_drawn_before() -> None:
    words = "<b>Acme</b>"
    assert words in render("{% nav_mark '/' words %}", words=SafeString(words))
    assert "&lt;b&gt;Acme" in render("{% nav_mark '/' words %}", words=words)


def test_every_icon_that_a_template_names_can_be_drawn() -> None:
    named = re.compile(r"""(?:\{%\s*icon\s+|\sicon=)["']([a-z0-9-]+)["']""")
    sources = "".join(path.read_text() for path in (settings.BASE_DIR / "templates").rglob("*.html"))

    for name in set(named.findall(sources)):
        assert ui.icon(name), name
