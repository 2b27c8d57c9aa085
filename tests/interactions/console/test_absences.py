from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from interactions.models import Team, TeamMember
from partners.models import Absence, User
from tests.factories.world import a_representative
from tests.interactions.console.pages import text_of

pytestmark = pytest.mark.django_db

PAGE = "/console/absences/"
TODAY = timezone.now().date()
TOMORROW = TODAY + timedelta(days=1)


def noted(browser: Client, user: User, **filled: object) -> int:
    given = {"user": user.pk, "first_date": TODAY, "last_date": TOMORROW, "substitute": "", **filled}
    return browser.post(PAGE, given).status_code


def test_somebody_notes_to_be_away_and_takes_it_back(browser: Client, rosa: User) -> None:
    tom = a_representative("Tom Okafor")
    assert "Everybody is there" in text_of(browser.get(PAGE))

    assert noted(browser, rosa, substitute=tom.pk) == 302

    page = text_of(browser.get(PAGE))
    assert "Tom Okafor" in page
    browser.post(f"{PAGE}{Absence.objects.get().pk}/withdraw/")
    assert not Absence.objects.exists()


def test_what_makes_no_sense_is_refused_at_the_field_and_kept(browser: Client, rosa: User) -> None:
    answer = browser.post(PAGE, {"user": rosa.pk, "first_date": TOMORROW, "last_date": TODAY, "substitute": rosa.pk})

    assert answer.status_code == 422
    assert "cannot end before it starts" in text_of(answer)
    assert f'value="{TOMORROW}"' in answer.content.decode()
    assert noted(browser, rosa, first_date="soon") == 422
    assert not Absence.objects.exists()


def test_only_a_lead_notes_the_absence_of_others(browser: Client, rosa: User, front_desk: Team) -> None:
    tom = a_representative("Tom Okafor", team=front_desk)
    assert noted(browser, tom) == 422

    TeamMember.objects.filter(user=rosa).update(is_lead=True)

    assert noted(browser, tom) == 302


def test_nobody_withdraws_the_absence_of_others(browser: Client) -> None:
    tom = a_representative("Tom Okafor")
    absence = Absence.objects.create(user=tom, first_date=TODAY, last_date=TODAY)

    assert browser.post(f"{PAGE}{absence.pk}/withdraw/").status_code == 404
    assert browser.post(f"{PAGE}99999999999999999999/withdraw/").status_code == 404
    assert Absence.objects.exists()
