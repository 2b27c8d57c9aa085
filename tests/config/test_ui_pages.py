"""The doors of the top layer: start page, preferences, gallery, sign-in and the pages for errors."""

import gzip
import logging
import os
import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from tests.factories.partners import RepresentativeFactory
from tests.factories.world import signed_in

INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\b(?:src=|type=\"application/json\"))")

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa() -> Client:
    return signed_in(RepresentativeFactory(name="Rosa Lind"))


def test_a_visitor_is_led_to_sign_in(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/account/login/?next=/"


def test_a_representative_starts_in_the_console(rosa: Client) -> None:
    assert rosa.get("/").headers["Location"].startswith(("/console/", "/admin/"))


def test_the_gallery_shows_every_component(rosa: Client) -> None:
    page = rosa.get("/console/components/").content.decode()
    pages = Path(settings.BASE_DIR, "templates")
    shown = "".join(path.read_text() for path in pages.joinpath("console").rglob("components*/**/*.html"))
    shown += pages.joinpath("console/components.html").read_text()
    inside_others = {"acting", "theme", "user_menu", "shortcuts", "messages", "command"}  # the shells show these

    missing = [
        path.stem
        for path in pages.joinpath("components").glob("*.html")
        if f"<c-{path.stem.replace('_', '-')}" not in shown and path.stem not in inside_others
    ]

    assert missing == []
    assert "<c-" not in page


@pytest.mark.parametrize("address", ["/console/components/", "/account/2fa/", "/account/sessions/", "/account/logout/"])
def test_no_page_carries_inline_script_or_style(rosa: Client, address: str) -> None:
    assert INLINE.findall(rosa.get(address).content.decode()) == []


@pytest.mark.parametrize("address", ["/account/login/", "/account/password/reset/", "/account/signup/"])
def test_the_front_door_opens_without_an_account(client: Client, address: str) -> None:
    page = client.get(address)

    assert page.status_code == 200
    assert INLINE.findall(page.content.decode()) == []
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_the_theme_is_kept_and_drawn_by_the_server(client: Client) -> None:
    answer = client.post("/preferences/", {"theme": "dark", "next": "/account/login/"})

    assert answer.headers["Location"] == "/account/login/"
    assert 'data-theme="dark"' in client.get("/account/login/").content.decode()


@pytest.mark.parametrize("fields", [{"theme": "plaid"}, {}, {"size": "9"}, {"theme": "dark", "density": "\x00"}])
def test_an_unknown_preference_is_refused_and_nothing_is_kept(client: Client, fields: dict[str, str]) -> None:
    answer = client.post("/preferences/", fields)

    assert answer.status_code == 400
    assert not answer.cookies


def test_folded_panes_follow_the_person_to_another_browser(client: Client) -> None:
    rosa = RepresentativeFactory()
    here, elsewhere = signed_in(rosa), signed_in(rosa)
    for pane in ("views-open", "list-folded", "views-folded"):
        assert here.post("/preferences/", {"pane": pane, "next": "/console/queue/"}).status_code == 302

    refused = here.post("/preferences/", {"pane": "list-gone"}), client.post("/preferences/", {"pane": "list-open"})

    assert [answer.status_code for answer in refused] == [400, 400]
    assert 'data-panes="list-folded views-folded"' in elsewhere.get("/console/queue/?view=open").content.decode()


def test_preferences_never_lead_to_another_site(client: Client) -> None:
    answer = client.post("/preferences/", {"theme": "light", "next": "https://elsewhere.example.org/"})

    assert answer.headers["Location"] == "/"


def test_a_forged_cookie_does_not_reach_the_page(client: Client) -> None:
    client.cookies["theme"] = 'dark"><script>'

    assert 'data-theme="system"' in client.get("/account/login/").content.decode()


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"])
def test_error_pages_need_no_context(name: str) -> None:
    page = render_to_string(name)

    assert "<h1>" in page
    assert INLINE.findall(page) == []


def test_a_page_that_is_not_there_says_so_in_our_voice(rosa: Client) -> None:
    page = rosa.get("/no/such/page/")

    assert page.status_code == 404
    assert "There is nothing here" in page.content.decode()


def test_a_failure_bears_a_reference_that_finds_its_line_in_the_log(
    rosa: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interactions.domain.mentions.unread", lambda _actor: 1 / 0)
    rosa.raise_request_exception = False
    written = StringIO()
    console = next(one for one in logging.getLogger().handlers if getattr(one, "name", "") == "console")
    assert isinstance(console, logging.StreamHandler)
    monkeypatch.setattr(console, "stream", written)

    broken, missing = rosa.get("/console/mentions/"), rosa.get("/no/such/page/")

    references = [answer.headers["X-Request-Id"] for answer in (broken, missing)]
    assert broken.status_code == 500
    assert [f"<code>{references[0]}</code>" in broken.content.decode(), references[1] in missing.content.decode()] == [
        True,
        True,
    ]
    assert f" ERROR django.request {references[0]} Internal Server Error: /console/mentions/" in written.getvalue()
    assert "ZeroDivisionError" in written.getvalue()
    assert references[0] != references[1]


def test_the_admin_wears_our_name_and_colours(rosa: Client) -> None:
    request = RequestFactory().get("/admin/login/")
    request.user = AnonymousUser()

    page = render_to_string("admin/base_site.html", {"enterprise_name": "Northwind Telecom"}, request)

    assert "css/admin.css" in page
    assert "admin/js/theme.js" not in page


def test_the_style_sheet_is_one_file_in_the_order_of_its_parts() -> None:
    sheet = Path(str(finders.find("css/main.css"))).read_text()

    assert "@import" not in sheet
    assert sheet.index("@layer tokens {") < sheet.index("@layer base {") < sheet.index("@layer helpers {")
    assert ".button" in sheet


def test_all_script_together_is_less_than_a_page_may_have() -> None:
    ours = list(Path(settings.BASE_DIR, "static/js").glob("*.js"))
    every = [*ours, Path(str(finders.find("django_htmx/htmx-2.min.js")))]

    assert ours
    assert sum(len(gzip.compress(script.read_bytes())) for script in every) < 100_000


def test_a_changed_part_is_in_the_sheet_at_once() -> None:
    sheet = Path(str(finders.find("css/main.css")))
    os.utime(sheet, (0, 0))

    finders.find("css/main.css")

    assert sheet.stat().st_mtime > 0
