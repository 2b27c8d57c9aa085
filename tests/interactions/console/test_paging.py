from datetime import timedelta

import pytest
from django.utils import timezone

from interactions.domain import lifecycle, paging
from interactions.domain.lifecycle import Words
from interactions.domain.paging import Order, Place
from interactions.enums import Move
from interactions.models import Interaction
from partners.enums import Priority
from partners.models import Partner, User
from tests.factories.world import an_actor_for, an_interaction


@pytest.fixture
def everything(acme: Partner, rosa: User) -> list[int]:
    """Seven interactions in the order of their deadlines: some share one, the last two have none."""
    actor, now = an_actor_for(rosa), timezone.now()
    hours = [5, 4, 4, 4, 1, 3, 2]
    made = [an_interaction(acme, actor=actor, at=now - timedelta(hours=hour)) for hour in hours]
    for waiting in made[5:]:
        lifecycle.make_move(waiting, Move.ASK, actor=actor, at=now, words=Words(waiting_for="a copy"))
    return [interaction.pk for interaction in made]


def walk(order: Order, size: int) -> list[list[int]]:
    """All pages from the first to the last."""
    pages, place = [], None
    while True:
        page = paging.page(Interaction.objects.all(), order, after=place, size=size)
        pages.append([row.pk for row in page.rows])
        place = page.after
        if place is None:
            return pages


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_walking_on_shows_everything_once_in_order(everything: list[int], size: int) -> None:
    assert [row for page in walk(Order.DUE, size) for row in page] == everything
    assert [row for page in walk(Order.NEWEST, size) for row in page] == sorted(everything, reverse=True)
    assert [row for page in walk(Order.OLDEST, size) for row in page] == sorted(everything)
    Interaction.objects.filter(pk__in=everything[3:5]).update(priority=Priority.URGENT)
    urgent, usual = sorted(everything[3:5]), sorted({*everything} - {*everything[3:5]})
    assert [row for page in walk(Order.PRIORITY, size) for row in page] == [*urgent, *usual]
    changed = Interaction.objects.order_by("-updated_at", "-id").values_list("pk", flat=True)
    assert [row for page in walk(Order.CHANGED, size) for row in page] == list(changed)


@pytest.mark.django_db
@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("size", [1, 2, 3])
def test_walking_back_shows_the_same_pages(everything: list[int], order: Order, size: int) -> None:
    forward = walk(order, size)
    last = Interaction.objects.get(pk=forward[-1][0])
    back, place = [], Place.of(last, order)
    for _ in forward[1:]:
        page = paging.page(Interaction.objects.all(), order, before=place, size=size)
        back.append([row.pk for row in page.rows])
        assert page.after is not None
        place = page.before or place

    assert back == forward[-2::-1]
    assert page.before is None


@pytest.mark.django_db
def test_a_row_that_comes_in_meanwhile_repeats_nothing(everything: list[int], acme: Partner) -> None:
    first = paging.page(Interaction.objects.all(), Order.NEWEST, size=3)
    an_interaction(acme)

    second = paging.page(Interaction.objects.all(), Order.NEWEST, after=first.after, size=3)

    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}


@pytest.mark.parametrize("place", [Place(id=7), Place(id=7, value=1_777_627_801_000_005)])
def test_a_place_is_read_as_it_was_written(place: Place) -> None:
    assert paging.place_in(str(place)) == place


@pytest.mark.parametrize(
    "text", ["", ".", "1", "x.1", "1.x", "-1.1", "1.-1", "99999999999999999999.1", "1." + "9" * 30, "²." + "1"]
)
def test_anything_else_is_no_place(text: str) -> None:
    assert paging.place_in(text) is None
