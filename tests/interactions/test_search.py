"""Finding interactions, inside the fence, whatever is typed."""

import pytest

from interactions.domain import search
from interactions.domain.conversation import Saying, say
from interactions.enums import Side, Status
from interactions.models import ExternalIdentifier, Interaction, Reference
from partners.enums import Channel
from partners.models import Partner
from partners.payloads import NOBODY, SYSTEM, Actor
from tests.factories.world import a_partner, a_person_of, an_actor_for
from tests.interactions.stages import MONDAY, a_matter, rosa

pytestmark = pytest.mark.django_db


def found(text: str, actor: Actor | None = None) -> set[Interaction]:
    return set(search.find(text, actor=actor or rosa()))


def numbered(interaction: Interaction, value: str) -> None:
    ExternalIdentifier.objects.create(interaction=interaction, partner=interaction.partner, value=value)


def of(partner: Partner) -> Actor:
    return an_actor_for(a_person_of(partner, f"Person of {partner.name}"))


@pytest.mark.parametrize("spelling", ["BPI-{0:07d}", "bpi{0}", "BPI{0:07d}", " {0} ", "bpi-{0}", "{0:012d}"])
def test_a_number_is_found_however_it_is_spelled(spelling: str) -> None:
    interaction, _other = a_matter(), a_matter()

    assert found(spelling.format(interaction.pk)) == {interaction}


@pytest.mark.parametrize("text", ["BPI-", "BPI-12a", "X-12", "1" * 19, "", "12 13"])
def test_what_is_no_number(text: str) -> None:
    assert search.number_in(text) is None


def test_numbers_of_other_systems_are_found_whole() -> None:
    interaction, _other = a_matter(), a_matter()
    numbered(interaction, "ORD/2026/17")
    Reference.objects.create(interaction=interaction, kind="bill", value="INV 4711")

    assert found("ORD/2026/17") == found("INV 4711") == {interaction}


def test_all_words_are_found_in_subject_text_and_what_was_said() -> None:
    interaction = a_matter(subject="Fibre cut in Hamburg", text="The duct was hit.")
    say(
        interaction,
        Saying(text="A splicer is coming", side=Side.ENTERPRISE, channel=Channel.WEB),
        actor=rosa(),
        at=MONDAY,
    )
    a_matter(subject="Fibre order")

    assert found("hamburg fibre") == found("duct") == found("SPLICER coming") == {interaction}
    assert found("hamburg order") == set()


def test_each_sees_its_own_hits_and_annulled_ones_nobody_outside() -> None:
    acme, globex = a_partner("Acme Wholesale"), a_partner("Globex Mobile")
    own, other = a_matter(partner=acme, subject="Outage"), a_matter(partner=globex, subject="Outage")
    annulled = a_matter(Status.ANNULLED, partner=acme, subject="Outage")
    for interaction in (own, other, annulled):
        numbered(interaction, f"T-{interaction.pk}")

    assert found("Outage") == {own, other, annulled}
    assert found("Outage", of(acme)) == {own}
    mallory = of(globex)
    for text in (own.number, str(own.pk), f"T-{own.pk}"):
        assert found(text, mallory) == set()


def test_other_partners_numbers_do_not_push_out_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_HITS", 3)
    acme, globex = a_partner("Acme Wholesale"), a_partner("Globex Mobile")
    for _ in range(5):
        other = a_matter(partner=globex, subject="Outage")
        Reference.objects.create(interaction=other, kind="order", value="4711-A")
    own = a_matter(partner=acme, subject="Outage")
    Reference.objects.create(interaction=own, kind="order", value="4711-A")
    for _ in range(5):
        other = a_matter(partner=globex, subject="Outage")
        Reference.objects.create(interaction=other, kind="order", value="4711-A")

    paul = of(acme)

    assert found("4711-A", paul) == found("outage", paul) == {own}


@pytest.mark.parametrize("actor", [NOBODY, SYSTEM])
def test_nobody_finds_nothing(actor: Actor) -> None:
    interaction = a_matter()

    assert found(interaction.number, actor) == found("invoice", actor) == set()


MARKS = [
    "%",
    "_",
    "100%",
    "a_b%",
    "'",
    '"',
    '"unclosed phrase',
    "\\",
    "-",
    "--",
    "a & | ! ( :*",
    "<->",
    "';DROP TABLE x;--",
]
ODD = ["\x00", "\ud800", "\U0001f600", "or", "٣", "-outage", "x" * 10_000, "word " * 5_000]


@pytest.mark.parametrize("text", [*MARKS, *ODD])
def test_whatever_is_typed_is_only_words(text: str) -> None:
    a_matter(subject="Quite another thing", text="Nothing to see.")

    search.find(text, actor=rosa()).count()

    if "-outage" not in text:
        assert found(text) == set()


def test_a_nul_inside_is_passed_over() -> None:
    interaction = a_matter(subject="Outage")

    assert found("Out\x00age") == {interaction}


def test_hits_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_HITS", 3)
    matters = [a_matter(subject="Outage", text="Outage") for _ in range(5)]

    assert found("outage") == set(matters[-3:])


def test_the_latest_are_found_first() -> None:
    first, second = a_matter(subject="Outage"), a_matter(subject="Outage")

    assert list(search.find("outage", actor=rosa()).order_by("-id")) == [second, first]
