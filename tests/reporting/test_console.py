"""The page of figures, and its file."""

import csv
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from reporting.console import charts
from reporting.domain import exports, snapshots
from tests.factories.world import a_partner, a_person_of, a_representative, an_interaction, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/console/reports/"
FILE = "/console/reports/figures.csv"


def test_the_page_says_when_nothing_was_counted() -> None:
    page = signed_in(a_representative()).get(PAGE)

    assert "Nothing has been counted yet" in page.text


def test_page_and_file_show_the_same_figures() -> None:
    acme = a_partner("Acme Wholesale")
    for _ in range(3):
        an_interaction(acme, at=timezone.now() - timedelta(days=1))
    snapshots.recount(at=timezone.now())
    rosa = signed_in(a_representative("Rita Brandt"))

    page = rosa.get(PAGE)
    rows = list(csv.DictReader(rosa.get(FILE).text.splitlines()))

    assert page.context["report"].total.received == 3
    assert [row["received"] for row in rows if row["dimension"] == "total"] == ["3"]
    assert sum(int(row["received"]) for row in rows if row["dimension"] == "day") == 3
    assert "3 interactions received" in page.text
    german = signed_in(a_representative("Grete Brandt", language="de")).get(PAGE).text
    assert "Vertical" not in german


@pytest.mark.parametrize("days", ["7", "30", "90", "nonsense", "-1", "\x00", "9" * 400])
def test_any_period_asked_for_gets_an_answer(days: str) -> None:
    rosa = signed_in(a_representative("Rita Brandt"))

    assert rosa.get(PAGE, {"days": days}).status_code == 200
    assert rosa.get(FILE, {"days": days}).status_code == 200


def test_partners_and_strangers_see_no_figures() -> None:
    paul = signed_in(a_person_of(a_partner("Acme Wholesale"), "Paul Acheson"))

    assert paul.get(PAGE).status_code == 403
    assert paul.get(FILE).status_code == 403
    assert Client().get(PAGE).status_code == 302


def test_the_number_of_queries_does_not_grow_with_the_figures(django_assert_max_num_queries: object) -> None:
    acme = a_partner("Acme Wholesale")
    for number in range(3):
        an_interaction(acme, at=timezone.now() - timedelta(days=number))
    snapshots.recount(at=timezone.now())
    rosa = signed_in(a_representative("Rita Brandt"))

    with django_assert_max_num_queries(12):  # type: ignore[operator]
        rosa.get(PAGE)


def test_the_chart_ends_at_a_round_number() -> None:
    assert [charts.round_top(value) for value in (0, 1, 3, 9, 12, 51, 2001)] == [1, 1, 3, 10, 20, 60, 3000]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_a_cell_is_never_a_formula(cell: str) -> None:
    assert exports.neutral(cell) == f"'{cell}"
