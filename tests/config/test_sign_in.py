"""The front door under attack: guessing, probing, borrowed sessions and links that lead elsewhere."""

import runpy
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import get_hasher
from django.core.mail import EmailMessage
from django.test import Client
from redis import Redis

from tests.factories.world import PASSWORD, a_representative

pytestmark = pytest.mark.django_db

EVIL = ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "///evil.example"]


def an_address() -> str:
    """An internet address of nobody, so that no test uses up the attempts of another."""
    return f"2001:db8:{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}::1"


def sign_in(client: Client, email: str, password: str, **told: str) -> Any:
    return client.post("/account/login/", {"login": email, "password": password, **told})


def test_signing_in_gives_a_session_of_its_own() -> None:
    rosa = a_representative("Rosa Lindqvist", password=PASSWORD)
    client = Client(REMOTE_ADDR=an_address())
    client.cookies[settings.SESSION_COOKIE_NAME] = "known-to-the-attacker"

    sign_in(client, rosa.email, PASSWORD)

    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie.value != "known-to-the-attacker"
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert client.get("/console/work/").status_code == 200


def test_a_wrong_password_and_an_unknown_address_are_told_alike_and_take_as_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rosa = a_representative("Rosa Lindqvist", password=PASSWORD)
    client, hashed = Client(REMOTE_ADDR=an_address()), list[None]()
    hasher = type(get_hasher())
    for name in ("verify", "encode"):
        monkeypatch.setattr(hasher, name, counted(getattr(hasher, name), hashed))

    stranger = f"nobody-{uuid.uuid4().hex}@example.org"  # attempts at one address are counted wherever they come from
    known = sign_in(client, rosa.email, "wrong")
    for_known = len(hashed)
    unknown = sign_in(client, stranger, "wrong")

    told = [answer.context["form"].errors for answer in (known, unknown)]
    assert told[0] == told[1] != {}
    assert known.status_code == unknown.status_code == 200
    assert for_known == len(hashed) - for_known > 0  # hashing is what takes the time


def counted(act: Callable[..., Any], calls: list[None]) -> Callable[..., Any]:
    def inside(*args: Any, **given: Any) -> Any:
        calls.append(None)
        return act(*args, **given)

    return inside


def test_whoever_guesses_is_stopped_with_a_page_in_our_voice() -> None:
    client = Client(REMOTE_ADDR=an_address())

    answers = [sign_in(client, f"somebody{number}@example.org", "wrong") for number in range(31)]

    assert answers[-1].status_code == 429
    assert "Too many attempts" in answers[-1].content.decode()


def test_a_mail_about_signing_in_asks_programs_not_to_answer(mailoutbox: list[EmailMessage]) -> None:
    rosa = a_representative("Rosa Lindqvist", password=PASSWORD)
    client = Client(REMOTE_ADDR=an_address())

    answers = [client.post("/account/password/reset/", {"email": one}) for one in (rosa.email, "nobody@example.org")]

    assert [answer.headers["Location"] for answer in answers] == ["/account/password/reset/done/"] * 2
    assert [mail.extra_headers["Auto-Submitted"] for mail in mailoutbox] == ["auto-generated"] * 2


@pytest.mark.parametrize("following", EVIL)
def test_signing_in_leads_to_no_other_site(following: str) -> None:
    rosa = a_representative("Rosa Lindqvist", password=PASSWORD)

    answer = sign_in(Client(REMOTE_ADDR=an_address()), rosa.email, PASSWORD, next=following)

    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(("behind", "counted"), [("true", 1), ("false", 0)])
def test_behind_a_proxy_attempts_are_counted_by_the_address_that_it_names(
    behind: str, counted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEHIND_PROXY", behind)

    read = runpy.run_path(str(settings.BASE_DIR / "config" / "settings.py"))

    assert read["ALLAUTH_TRUSTED_PROXY_COUNT"] == counted


def test_attempts_are_counted_for_all_processes_and_by_each_one_while_the_shared_cache_is_silent(settings: Any) -> None:
    rosa = a_representative("Rosa Lindqvist", password=PASSWORD)
    sign_in(Client(REMOTE_ADDR=an_address()), rosa.email, "wrong")
    counted = Redis.from_url(settings.CACHES["default"]["LOCATION"]).keys(b"*login_failed*")
    settings.CACHES = settings.CACHES | {"default": settings.CACHES["default"] | {"LOCATION": "unix:///nowhere.sock"}}

    answers = [
        sign_in(Client(REMOTE_ADDR=an_address()), rosa.email, password) for password in [*["wrong"] * 5, PASSWORD]
    ]

    assert counted
    assert [answer.status_code for answer in answers] == [200] * 6
    assert "Too many failed" in answers[-1].text
    ines = a_representative("Ines Moreau", password=PASSWORD, email=f"ines-{uuid.uuid4().hex}@example.org")
    assert sign_in(Client(REMOTE_ADDR=an_address()), ines.email, PASSWORD).status_code == 302
