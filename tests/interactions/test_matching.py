"""The newest with all of the words, whichever way they are looked for."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import Q

from interactions.domain import matching
from interactions.domain.conversation import Saying, say
from interactions.domain.matching import Hits, Place
from interactions.enums import Side
from interactions.models import Interaction
from partners.enums import Channel
from tests.factories.world import a_partner, a_person_of, a_representative, an_actor_for, signed_in
from tests.interactions.stages import MONDAY, a_matter, rosa

pytestmark = pytest.mark.django_db

NOTHING_IS_NEAR = {"NEAR": 0, "FURTHER": 0}
EACH_WAY = [  # what is near and what is few, so that one of them finds it
    {"FEW": 0, "NEAR": 10_000, "FURTHER": 10_000},
    {"FEW": 1_000, **NOTHING_IS_NEAR},
    {"FEW": 0, "NEAR": 0, "FURTHER": 10_000},
    {"FEW": 0, **NOTHING_IS_NEAR},
]


@pytest.fixture(params=EACH_WAY, ids=["near", "few", "further", "anywhere"])
def look(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Hits]:
    for name, value in request.param.items():
        monkeypatch.setattr(matching, name, value)
    return lambda text, **how: matching.interactions(text, named=[], actor=how.pop("actor", rosa()), enough=1, **how)


def test_every_way_finds_the_same_in_the_same_order(look: Callable[..., Hits]) -> None:
    acme, globex = a_partner("Acme Wholesale"), a_partner("Globex Mobile")
    first = a_matter(partner=acme, subject="Fibre cut in Hamburg")
    said = a_matter(partner=globex, subject="Something else")
    for _ in range(2):
        say(
            said,
            Saying(text="The fibre in Hamburg", side=Side.ENTERPRISE, channel=Channel.WEB),
            actor=rosa(),
            at=MONDAY,
        )
    last = a_matter(partner=acme, subject="Hamburg", text="No fibre there.")
    a_matter(partner=acme, subject="Fibre in Bremen")

    assert list(look("hamburg fibre").ids) == [last.pk, said.pk, first.pk]
    assert list(look("hamburg fibre", place=Place(id=last.pk)).ids) == [said.pk, first.pk]
    assert list(look("hamburg fibre", place=Place(id=first.pk, is_rising=True)).ids) == [said.pk, last.pk]
    assert list(look("hamburg fibre", narrow=Q(partner=globex)).ids) == [said.pk]
    assert list(look("hamburg fibre", actor=an_actor_for(a_person_of(acme))).ids) == [last.pk, first.pk]


def test_what_is_cut_is_said_to_be(look: Callable[..., Hits], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST", 3)
    matters: list[Interaction] = [a_matter(subject="Outage") for _ in range(4)]

    hits = look("outage")

    assert list(hits.ids) == [matter.pk for matter in matters[:0:-1]]
    assert not hits.is_all


def test_whoever_asks_for_what_takes_too_long_gets_what_is_near_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    matters = [a_matter(subject="Outage") for _ in range(3)]
    for name, value in {"FEW": 0, "NEAR": 1, "FURTHER": 2, "PATIENCE": 20}.items():
        monkeypatch.setattr(matching, name, value)
    monkeypatch.setattr(matching.Look, "anywhere", sleep)

    hits = matching.interactions("outage", named=[], actor=rosa(), enough=3)
    page = signed_in(a_representative("Tom Berger")).get("/console/search/?q=outage")

    assert list(hits.ids) == [matter.pk for matter in matters[:0:-1]]
    assert (hits.is_all, hits.is_cut) == (False, True)
    assert "Only the newest interactions were looked through" in page.text
    assert "Nothing found for" not in page.text
    assert "?q=outage&amp;period=month" in page.text
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("15s",), "it holds for that look alone"


def sleep(_look: matching.Look) -> Hits:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")
    raise AssertionError("it was to be stopped")
