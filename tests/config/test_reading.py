"""The language and the time zone that somebody reads us in."""

import pytest
from django.test import Client

from partners.models import User
from tests.factories.world import a_representative, signed_in

pytestmark = pytest.mark.django_db


def test_whoever_chooses_german_is_answered_in_german_from_then_on() -> None:
    rosa = a_representative("Rosa Lind")
    browser = signed_in(rosa)

    answer = browser.post("/account/reading/", {"language": "de", "time_zone": "Europe/Berlin"}, follow=True)

    rosa.refresh_from_db()
    assert (rosa.language, rosa.time_zone) == ("de", "Europe/Berlin")
    assert answer.headers["Content-Language"] == "de"
    page = answer.content.decode()
    assert '<html lang="de"' in page
    assert "Sprache und Zeitzone gelten ab jetzt." in page
    assert "Sprache und Zeit" in browser.get("/account/reading/", headers={"accept-language": "en"}).content.decode()


def test_nobody_chooses_what_there_is_not() -> None:
    rosa = a_representative("Rosa Lind")

    answer = signed_in(rosa).post("/account/reading/", {"language": "tlh", "time_zone": "Qo/noS"})

    assert answer.status_code == 422
    assert User.objects.get(pk=rosa.pk).language == "en"


@pytest.mark.parametrize(("asked", "heading"), [("de-AT,de;q=0.9", "Anmelden"), ("en", "Sign in"), ("tlh", "Sign in")])
def test_before_signing_in_the_browser_says_the_language(client: Client, asked: str, heading: str) -> None:
    page = client.get("/account/login/", headers={"accept-language": asked}).content.decode()

    assert f"{heading}</h1>" in page
