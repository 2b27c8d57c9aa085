"""The interface describes itself, and anybody may read the description."""

import re
import warnings
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from interactions.api import schema, searching
from interactions.domain.outward import representation, words
from tests.factories.machines import INTERACTIONS, Machine
from tests.factories.world import a_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def document() -> Any:
    with warnings.catch_warnings(), GENERATOR_STATS.silence():
        return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]


def test_the_document_is_valid_and_was_made_without_a_warning() -> None:
    GENERATOR_STATS.reset()
    document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]

    validate_schema(document)  # type: ignore[no-untyped-call]
    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache


def test_every_resource_stands_in_it(document: Any) -> None:
    assert {(path, method) for path, methods in document["paths"].items() for method in methods} >= {
        (INTERACTIONS, "get"),
        (INTERACTIONS, "post"),
        (f"{INTERACTIONS}/{{number}}", "get"),
        ("/api/attachments/{number}", "get"),
        ("/api/devices/reports", "post"),
        ("/api/telephony/events", "post"),
    }


def test_every_filter_stands_in_it(document: Any) -> None:
    parameters = {one["name"] for one in document["paths"][INTERACTIONS]["get"]["parameters"]}

    assert set(searching.FILTERS) | {"fields", "offset", "limit", "sort", "after", "before"} <= parameters


def test_what_is_answered_is_what_is_described() -> None:
    body = Machine(a_partner()).create(
        note=[{"text": "x"}],
        attachment=[{"name": "a", "content": "YQ=="}],
        interactionItem=[{"item": {"id": "C-1", "role": "subject"}}],
        externalIdentifier=[{"id": "1"}],
    )

    assert set(body) == set(schema.PartyInteraction().fields) == set(representation.SHOWN)
    described = {
        "channel": schema.RelatedChannel,
        "note": schema.Note,
        "attachment": schema.Attachment,
        "relatedParty": schema.RelatedParty,
        "interactionItem": schema.InteractionItem,
        "externalIdentifier": schema.ExternalIdentifier,
    }
    for name, kind in described.items():
        assert body[name]
        for row in body[name]:
            assert set(row) <= set(kind().fields), name


def test_addresses_that_are_answered_resolve() -> None:
    assert resolve(words.BASE).view_name == "api-interactions:interactions"
    assert resolve(f"{words.ATTACHMENTS}/1").view_name == "api-interactions:attachment"
    assert representation.href_of(42).endswith(f"{words.BASE}/BPI-0000042")


@pytest.mark.parametrize("accept", ["application/vnd.oai.openapi+json", "application/yaml", "*/*"])
def test_anybody_may_read_the_document(accept: str) -> None:
    answer = Client().get("/api/schema/", headers={"Accept": accept})

    assert answer.status_code == 200
    assert b"3.1.0" in answer.content


def test_the_browser_page_needs_no_inline_script_or_style() -> None:
    page = Client().get("/api/docs/")
    script = Client().get("/api/docs/?script=")

    text = page.content.decode()
    assert page.status_code == script.status_code == 200
    assert script["Content-Type"].startswith("application/javascript")
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert "<style" not in text
    assert " style=" not in text
    assert all('src="' in tag for tag in re.findall(r"<script[^>]*>", text))
    assert 'url: "/api/schema/"' in script.content.decode()
