"""What a phone is given to install, and that nothing of anybody stays in it."""

import re
import struct
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from config.ui import SURFACE

TOKENS = (Path(settings.BASE_DIR) / "static" / "css" / "tokens" / "colour.css").read_text()


@pytest.mark.django_db
def test_a_phone_finds_name_colours_and_icons_of_the_size_they_say() -> None:
    told = Client().get("/manifest.webmanifest").json()

    assert told["name"].startswith(settings.ENTERPRISE_NAME)
    assert (told["start_url"], told["display"]) == ("/", "standalone")
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        found = finders.find(icon["src"].removeprefix(settings.STATIC_URL))
        assert isinstance(found, str)
        width, height = struct.unpack(">II", Path(found).read_bytes()[16:24])
        assert icon["sizes"] == f"{width}x{height}"
    assert re.findall(r"--surface: light-dark\((#\w+), (#\w+)\)", TOKENS) == [(SURFACE["light"], SURFACE["dark"])]


@pytest.mark.django_db
def test_the_worker_keeps_one_page_and_its_looks_and_no_more() -> None:
    answer = Client().get("/worker.js")

    assert answer["Content-Type"] == "text/javascript"
    assert re.findall(r"^const KEPT = (.*);$", answer.text, re.MULTILINE) == [
        '["/offline/", "/static/css/main.css", "/static/logo.svg"]'
    ]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert Client().get("/offline/").status_code == 200
