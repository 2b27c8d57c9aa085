"""Every failure is JSON in the one shape, wherever it happens."""

import json
import logging
from typing import Any

import pytest
from django.test import Client

from tests.factories.machines import INTERACTIONS, Machine, minimal
from tests.factories.world import a_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine() -> Machine:
    return Machine(a_partner())


def problem(answer: Any, status: int) -> dict[str, str]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith("application/json")
    error = answer.json()
    assert {"@type", "code", "reason", "message", "status"} <= set(error)
    assert error["@type"] == "Error"
    assert error["status"] == str(status)
    return dict(error)


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/nothing",
        "/tmf-api",
        "/tmf-api/partyInteraction/v4/",
        "/tmf-api/partyInteraction/v5/hub",
        "/tmf-api/partyInteraction/v5/partyInteraction",
        "/tmf-api/party/v4/organization/1",
        f"{INTERACTIONS}/",
        f"{INTERACTIONS}/BPI-0000001/x",
        "/api/attachments/x",
        "/tmf-api/%00",
    ],
)
@pytest.mark.parametrize("method", ["get", "post", "patch", "delete"])
def test_unknown_addresses_are_not_found_in_json(path: str, method: str) -> None:
    error = problem(getattr(Client(), method)(path), 404)

    assert error["code"] == "60"


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_method_that_a_resource_lacks_is_refused_with_those_it_has(machine: Machine, method: str) -> None:
    headers = {"Authorization": f"Bearer {machine.token}"}
    body = machine.create()

    on_list = getattr(machine.client, method)(INTERACTIONS, headers=headers)
    on_one = getattr(machine.client, method)(body["href"], headers=headers)

    assert problem(on_list, 405)["code"] == "61"
    assert on_list["Allow"] == "GET, POST, HEAD, OPTIONS"
    assert problem(on_one, 405)["code"] == "61"
    assert on_one["Allow"] == "GET, HEAD, OPTIONS"
    assert problem(machine.post({}, body["href"]), 405)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "Send a JSON object"),
        (b"   ", "Send a JSON object"),
        (b"{", "not JSON"),
        (b"[]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b"7", "not a JSON object"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": Infinity}', "Infinity"),
        (b'{"a": 1e999}', "too large"),
        (b'{"a": ' + b"9" * 5000 + b"}", "can be read here"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": {"b": 1, "b": 2}}', "twice"),
        (b'{"a": "\xff"}', "UTF-8"),
        ('{"a": "ü"}'.encode("latin-1"), "UTF-8"),
        ('{"a": "x"}'.encode("utf-16"), "UTF-8"),
        (b'\xef\xbb\xbf{"a": 1}', "not JSON"),
        (b'{"a": "\x00"}', "not JSON"),
        (b'{"a": "\\u0000"}', "NUL"),
        (b'{"a": [{"b": "\\ud800"}]}', "a[0].b"),
        (b'{"\\ud800": 1}', "half of a character"),
        (b'{"a\\u0000": 1}', "NUL"),
        (b'{"a": ' + b"[" * 31 + b"]" * 31 + b"}", "30 levels"),
        (b"[" * 100_000, "can be read here"),
        (b"[" + b"0," * 200_001 + b"0]", "200000 values"),
        (b"{'a': 1}", "not JSON"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_body_that_is_not_strict_json_is_refused(machine: Machine, body: bytes, words: str) -> None:
    error = problem(machine.post(body), 400)

    assert words in error["message"]
    assert error["code"] in {"21", "22", "24"}


@pytest.mark.parametrize("depth", [29])
def test_what_is_nested_within_bounds_is_read(machine: Machine, depth: int) -> None:
    body = json.dumps(minimal())[:-1].encode() + b', "x": ' + b"[" * depth + b"]" * depth + b"}"

    assert machine.post(body).status_code == 201


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 201),
        ("application/json; charset=utf-8", 201),
        ('application/json;charset="UTF-8"', 201),
        ("application/json; charset=iso-8859-1", 415),
        ("application/json; charset=utf-16", 415),
        ("text/plain", 415),
        ("application/xml", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/merge-patch+json", 415),
        ("nonsense", 415),
        ("", 415),
    ],
)
def test_only_json_in_utf_8_is_read(machine: Machine, content_type: str, status: int) -> None:
    body = json.dumps(minimal())

    answer = machine.client.post(
        INTERACTIONS, body, content_type=content_type, headers={"Authorization": f"Bearer {machine.token}"}
    )

    assert answer.status_code == status
    if status != 201:
        problem(answer, 415)


def test_an_answer_comes_in_json_or_not_at_all(machine: Machine) -> None:
    assert problem(machine.get(Accept="text/html"), 406)
    assert machine.get(Accept="application/json;charset=utf-8").status_code == 200
    assert machine.get(Accept="text/html, */*;q=0.1").status_code == 200
    assert problem(machine.get(f"{INTERACTIONS}?format=xml"), 400)["attribute"] == "format"


def test_a_body_that_is_too_large_is_refused_before_it_is_read(machine: Machine, settings: Any) -> None:
    settings.API_MAX_BODY_BYTES = 1000

    assert problem(machine.post(b"x" * 1001), 413)
    assert problem(machine.post(b"x" * 1000), 400)


def test_what_nobody_foresaw_says_nothing_of_the_inside(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise RuntimeError("the password is swordfish")

    monkeypatch.setattr("interactions.domain.submissions.submit", fail)

    with caplog.at_level(logging.ERROR):
        answer = machine.post(minimal())

    error = problem(answer, 500)
    reference = error["message"].rsplit(" ", 1)[-1].rstrip(".")
    assert b"swordfish" not in answer.content
    assert reference == answer.headers["X-Request-Id"]
    assert reference in caplog.text
    assert "swordfish" in caplog.text


def test_too_many_parameters_are_the_clients_mistake(machine: Machine) -> None:
    assert problem(machine.get(f"{INTERACTIONS}?" + "&".join(f"a{n}=1" for n in range(1500))), 400)
    assert problem(machine.get(f"{INTERACTIONS}?" + "&".join(f"reason{n}=1" for n in range(50))), 400)


def test_answers_are_not_stored_on_the_way(machine: Machine) -> None:
    for answer in [machine.get(), machine.post(minimal()), Client().get(INTERACTIONS)]:
        assert answer["Cache-Control"] == "no-store"
