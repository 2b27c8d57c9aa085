"""Writing to us without an account: pages that anybody may open, and that tell nothing about anybody."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from interactions.enums import FieldKind
from interactions.models import Enquiry, Interaction
from tests.factories.enquiries import an_enquiry, link_of
from tests.factories.world import a_partner, a_person_of, a_representative, a_type, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/ask/open-question/"
GOOD = {
    "name": "Nadia Rahman",
    "organisation": "Newcomer Mobile",
    "email": "nadia@newcomer.example",
    "subject": "May we resell?",
    "text": "We have forty shops.",
    "field_region": "North",
}
SECRETS = re.compile(r"[A-Za-z0-9]{64}")  # those that forms carry
FIELDS = [{"name": "region", "label": "Region", "kind": FieldKind.TEXT.value, "required": True}]


@pytest.fixture(autouse=True)
def an_open_type() -> None:
    a_type("open-question", name="Open question", login_needed=False, fields=FIELDS)


def write(**changes: Any) -> Any:
    return Client().post(PAGE, GOOD | changes)


def test_anybody_chooses_among_what_is_open(client: Client) -> None:
    a_type("with-login", name="Behind the door")

    told = client.get("/ask/").text

    assert "Open question" in told
    assert "Behind the door" not in told
    assert client.get("/ask/with-login/").status_code == 404


def test_who_acts_for_a_partner_is_led_to_the_portal() -> None:
    paul = signed_in(a_person_of(a_partner()))

    assert paul.get("/ask/").headers["Location"] == "/portal/interactions/new/"


def test_what_is_filled_in_waits_for_the_address_to_be_confirmed() -> None:
    answer = write(attachment=[SimpleUploadedFile("plan.txt", b"Forty shops")])

    assert "We wrote to nadia@newcomer.example" in answer.text
    enquiry = Enquiry.objects.get()
    assert (enquiry.subject, enquiry.values, enquiry.files.get().name) == (
        "May we resell?",
        {"region": "North"},
        "plan.txt",
    )
    assert not Interaction.objects.exists()


def test_the_answer_is_the_same_whoever_has_the_address() -> None:
    a_person_of(a_partner(), email="paul@acme.example")
    a_representative(email="rosa@example.org")

    answers = [write(email=address) for address in ("paul@acme.example", "rosa@example.org", "nobody@x.example")]

    assert {answer.status_code for answer in answers} == {200}
    assert len({SECRETS.sub("", answer.text.replace(answer.context["address"], "")) for answer in answers}) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": "nobody"}, "Enter a valid email address"),
        ({"email": ""}, "This field is required"),
        ({"subject": " "}, "This field is required"),
        ({"field_region": ""}, "This field is required"),
        ({"name": "x" * 200}, "at most 150 characters"),
        ({"text": "\x00"}, "Null characters"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(changes: dict[str, str], said: str) -> None:
    answer = write(**changes)

    assert answer.status_code == 422
    assert said in answer.text
    assert not Enquiry.objects.exists()


def test_too_many_files_are_refused_before_any_is_kept() -> None:
    answer = write(attachment=[SimpleUploadedFile(f"{number}.txt", b"x") for number in range(6)])

    assert answer.status_code == 422
    assert "At most 5 files" in answer.text


def test_a_program_that_fills_in_everything_is_thanked_and_forgotten() -> None:
    assert "We wrote to" in write(website="https://spam.example").text
    assert not Enquiry.objects.exists()


def test_one_address_gets_four_letters_an_hour_and_then_a_clear_word() -> None:
    browser = Client(REMOTE_ADDR="2001:db8:77::1")

    answers = [browser.post(PAGE, GOOD | {"email": "often@newcomer.example"}) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert "Please wait an hour" in answers[-1].text
    assert "We have forty shops." in answers[-1].text
    assert Enquiry.objects.count() == 4


def test_looking_at_the_link_changes_nothing_and_the_button_does(client: Client) -> None:
    now = timezone.now()
    link = link_of(an_enquiry(at=now), at=now)

    looked = client.get(link)
    assert (looked.status_code, "May we resell?" in looked.text, Interaction.objects.exists()) == (200, True, False)
    assert "no-store" in looked.headers["Cache-Control"]

    pressed = client.post(link)
    assert Interaction.objects.get().number in pressed.text
    assert Interaction.objects.get().number in client.get(link).text


def test_the_button_is_not_pressed_from_another_site() -> None:
    now = timezone.now()
    link = link_of(an_enquiry(at=now), at=now)

    assert Client(enforce_csrf_checks=True).post(link).status_code == 403
    assert not Interaction.objects.exists()


def test_a_link_that_is_over_says_so(client: Client) -> None:
    old = timezone.now() - timedelta(hours=25)
    link = link_of(an_enquiry(at=old), at=old)

    for answer in (client.get(link), client.post(link), client.get("/ask/confirm/1-no/")):
        assert answer.status_code == 404
        assert "no longer leads anywhere" in answer.text


def test_the_console_says_that_nobody_was_signed_in(client: Client) -> None:
    now = timezone.now()
    client.post(link_of(an_enquiry(at=now), at=now))
    rosa = signed_in(a_representative())

    told = rosa.get(f"/console/interactions/{Interaction.objects.get().number}/").text

    assert "Handed in without signing in" in told
