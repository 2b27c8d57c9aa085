from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from partners.domain import absences
from partners.errors import NotSubstitute, SubstituteUnfit
from partners.models import Absence, RecordEntry, User
from tests.factories.world import a_partner, a_person_of, a_representative, an_actor_for

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)


@pytest.fixture
def rosa() -> User:
    return a_representative()


@pytest.fixture
def tom() -> User:
    return a_representative("Tom Okafor")


def away(user: User, substitute: User | None, *, first: date = TODAY, days: int = 5) -> Absence:
    return absences.announce(
        user,
        first_date=first,
        last_date=first + timedelta(days=days),
        substitute=substitute,
        actor=an_actor_for(user),
        at=timezone.now(),
    )


def test_a_substitute_acts_for_the_absent_person_and_the_record_says_so(rosa: User, tom: User) -> None:
    away(rosa, tom)

    actor = absences.acting_for(an_actor_for(tom), rosa.pk, on=TODAY)

    assert (actor.user_id, actor.behalf_of_id) == (tom.pk, rosa.pk)
    assert absences.away(TODAY) == {rosa.pk}
    entry = RecordEntry.objects.get(event="absence.announced")
    assert entry.facts["substitute"] == tom.pk


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=6)])
def test_outside_the_dates_nobody_acts_for_another(rosa: User, tom: User, day: date) -> None:
    away(rosa, tom)

    with pytest.raises(NotSubstitute):
        absences.acting_for(an_actor_for(tom), rosa.pk, on=day)


def test_a_substitute_who_is_away_stands_in_for_nobody(rosa: User, tom: User) -> None:
    away(rosa, tom)
    away(tom, None)

    assert absences.stood_in_for(tom.pk, on=TODAY) == []


def test_only_somebody_of_the_same_side_stands_in(rosa: User) -> None:
    acme, globex = a_partner("Acme Wholesale"), a_partner("Globex")
    paul, pia, olga = a_person_of(acme), a_person_of(acme, "Pia Acheson"), a_person_of(globex, "Olga")

    for absent, substitute in [(rosa, paul), (paul, rosa), (paul, olga)]:
        with pytest.raises(SubstituteUnfit):
            away(absent, substitute, first=timezone.now().date())

    assert away(paul, pia, first=timezone.now().date()).substitute == pia


def test_the_database_refuses_what_makes_no_sense(rosa: User) -> None:
    with pytest.raises(ValidationError, match="cannot end before it starts"):
        away(rosa, None, days=-1)
    with pytest.raises(ValidationError, match="somebody else"):
        away(rosa, rosa)
    with pytest.raises(IntegrityError, match="absence_ends_after_it_starts"):
        Absence.objects.create(user=rosa, first_date=TODAY, last_date=TODAY - timedelta(days=1))


def test_a_withdrawn_absence_counts_no_more_and_stays_on_the_record(rosa: User, tom: User) -> None:
    absence = away(rosa, tom)

    absences.withdraw(absence, actor=an_actor_for(rosa), at=timezone.now())

    assert absences.away(TODAY) == set()
    assert list(RecordEntry.objects.order_by("pk").values_list("event", flat=True)) == [
        "absence.announced",
        "absence.withdrawn",
    ]
