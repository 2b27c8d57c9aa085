"""The newest with all of the words, whichever way they are looked for."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle, product

import pytest
from django.db import connection
from django.db.models import Q

from interactions import rules
from interactions.domain import matching, search
from interactions.domain.conversation import Saying, say
from interactions.domain.matching import Hits, Place
from interactions.enums import Side, Status, Visibility
from interactions.models import Interaction, Reader, Reference
from interactions.models.slices import Slice
from partners.domain import fence
from partners.enums import MONEY, ActorKind, AssuranceLevel, Channel, Permission
from partners.payloads import NOBODY, Actor
from tests.factories.world import a_partner, a_person_of, a_representative, a_type, an_actor_for, signed_in
from tests.interactions.stages import MONDAY, a_matter, rosa

pytestmark = pytest.mark.django_db

NOTHING_IS_NEAR = {"NEAR": 0, "OWN": 0}
EACH_WAY = [  # what is near and what is few, so that one of them finds it
    {"FEW": 0, "NEAR": 10_000, "OWN": 10_000},
    {"FEW": 1_000, **NOTHING_IS_NEAR},
    {"FEW": 0, **NOTHING_IS_NEAR},
]
ONE_AFTER_THE_OTHER = {"FEW": 2, "NEAR": 4, "OWN": 2}


@pytest.fixture(params=EACH_WAY, ids=["near", "few", "anywhere"])
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


def test_what_is_cut_is_said_to_be(look: Callable[..., Hits]) -> None:
    matters: list[Interaction] = [a_matter(subject="Outage") for _ in range(4)]

    hits = look("outage", most=3)

    assert list(hits.ids) == [matter.pk for matter in matters[:0:-1]]
    assert not hits.is_all


def test_each_finds_what_they_may_see_and_nothing_else_whichever_way_it_is_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    matters, actors = a_mixed_world()
    texts = ("fibre", "fibre cut", "X-1", str(matters[3].pk))
    fitting = {text: [one for one in reversed(matters) if bears(one, text)] for text in texts}

    monkeypatch.setattr(Slice, "template", "(%(expressions)s >> 2)")  # four in a slice, so that there are some
    monkeypatch.setattr(matching, "slice_of", lambda found: found >> 2)
    for actor, way in product(actors, [*EACH_WAY, ONE_AFTER_THE_OTHER]):
        for name, value in way.items():
            monkeypatch.setattr(matching, name, value)
        with fence.standing_for(fence.side_of(actor)):
            for text in texts if way == ONE_AFTER_THE_OTHER else texts[:1]:
                seen = [one for one in fitting[text] if rules.can_see(actor, one)]
                most = 5 if way == ONE_AFTER_THE_OTHER else 100
                assert read_through(text, actor, Q(), most=most) == [one.pk for one in seen], (actor, way, text)
            cut = [one.pk for one in fitting["fibre"] if rules.can_see(actor, one) and one.subject == "Fibre cut"]
            assert read_through("fibre", actor, Q(subject="Fibre cut"), most=100) == cut


def a_mixed_world() -> tuple[list[Interaction], list[Actor]]:
    """Matters of two partners, shared with all, some or nobody of them, about money or not, some annulled."""
    acme, globex = a_partner("Acme Wholesale"), a_partner("Globex Mobile")
    paul, grace = a_person_of(acme, "Paul Acheson"), a_person_of(acme, "Grace Whitlock")
    anna = a_person_of(acme, "Anna Acheson", is_administrator=True)
    machine = Actor(kind=ActorKind.MACHINE, partner_id=acme.pk, client_id="erp", level=AssuranceLevel.SINGLE)
    a_type("plain-query")
    money = a_type("credit", permission=Permission.APPROVE_CREDIT)
    subjects = cycle(["Fibre cut", "Copper cut", "Fibre", "Cut"])
    for partner, visibility in [*product([acme, globex], Visibility), (acme, Visibility.COMPANY)] * 2:
        one = a_matter(partner=partner, subject=next(subjects), text="No light.")
        Interaction.objects.filter(pk=one.pk).update(visibility=visibility, created_by=paul.pk)
        if visibility == Visibility.NAMED:
            Reader.objects.create(interaction=one, user=grace)
        say(one, Saying(text="The fibre is cut", side=Side.ENTERPRISE, channel=Channel.WEB), actor=rosa(), at=MONDAY)
        Reference.objects.create(interaction=one, kind="order", value=f"X-{one.pk % 2}")
    a_matter(Status.ANNULLED, partner=acme, subject="Fibre cut")
    Interaction.objects.filter(pk=a_matter(partner=acme, subject="Fibre cut").pk).update(type=money)
    own = a_matter(partner=acme, subject="Fibre cut").pk
    Interaction.objects.filter(pk=own).update(created_by_client="erp", visibility=Visibility.OWN)
    people = [an_actor_for(one) for one in (paul, anna, a_person_of(globex, "Mallory Voss"))]
    poor, rich = (replace(an_actor_for(grace), permissions=some) for some in (frozenset(), MONEY))
    return list(Interaction.objects.order_by("id")), [rosa(), *people, poor, rich, machine, NOBODY]


def bears(interaction: Interaction, text: str) -> bool:
    """Whether all of the words stand in one place of it, or it bears the number."""
    places = [f"{interaction.subject} {interaction.description}", *interaction.items.values_list("text", flat=True)]
    numbers = {str(interaction.pk), *interaction.references.values_list("value", flat=True)}
    words = set(text.lower().split())
    return text in numbers or any(words <= set(re.findall(r"\w+", place.lower())) for place in places)


def read_through(text: str, actor: Actor, narrow: Q, *, most: int) -> list[int]:
    """Page after page to the end, and back again to the first."""
    found: list[int] = []
    place = None
    while len(ids := search.newest(text, actor=actor, narrow=narrow, place=place, most=most).ids) == most:
        found += ids
        place = Place(id=ids[-1])
    found += ids
    if len(found) > most:
        back = search.newest(text, actor=actor, narrow=narrow, place=Place(id=found[-1], is_rising=True), most=most)
        assert list(back.ids) == found[-2 : -2 - most : -1]
    return found


def test_whoever_asks_for_what_takes_too_long_gets_what_is_near_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    matters = [a_matter(subject="Outage") for _ in range(3)]
    for name, value in {"FEW": 0, "NEAR": 1, "OWN": 1, "FURTHER": 2, "PATIENCE": 20}.items():
        monkeypatch.setattr(matching, name, value)
    monkeypatch.setattr(matching.Look, "anywhere", sleep)

    hits = matching.interactions("outage", named=[], actor=rosa(), enough=3)
    page = signed_in(a_representative("Tom Berger")).get("/console/search/?q=outage")
    of_partner = signed_in(a_person_of(matters[0].partner)).get("/portal/interactions/?q=outage")

    assert list(hits.ids) == [matter.pk for matter in matters[:0:-1]]
    assert (hits.is_all, hits.is_cut) == (False, True)
    assert "Only the newest interactions were looked through" in page.text
    assert "Nothing found for" not in page.text
    assert "Only the newest interactions were looked through" in of_partner.text
    assert [row.interaction.pk for row in of_partner.context["rows"]] == [matter.pk for matter in matters[:0:-1]]
    assert "?q=outage&amp;period=month" in page.text
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("15s",), "it holds for that look alone"


def sleep(_look: matching.Look) -> Hits:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")
    raise AssertionError("it was to be stopped")
