from typing import Any

import pytest
from django.test import Client

from interactions.domain import linking
from interactions.enums import Direction
from interactions.models import Interaction
from partners.models import Partner
from tests.factories.world import a_partner, a_type, an_interaction
from tests.interactions.console.pages import at, post, text_of
from tests.interactions.stages import MONDAY, rosa

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(acme: Partner) -> Interaction:
    return an_interaction(acme, subject="The same invoice again")


def errors(response: Any, name: str) -> dict[str, Any]:
    """What is wrong in one form of the page."""
    return next(dict(form.errors) for way, form in response.context["ways"] if way.name == name)


def test_two_matters_become_one_and_two_again(browser: Client, matter: Interaction, other: Interaction) -> None:
    merged = post(browser, matter, "join", "merge", other=other.number, reason="The same invoice")
    assert merged["Location"] == at(other)

    page = text_of(browser.get(at(matter)))
    assert f"This goes on in {other.number}" in page
    ways = browser.get(at(matter, "belonging")).context["ways"]
    assert [way.name for way, _form in ways] == ["unmerge"]

    assert errors(post(browser, matter, "join", "unmerge"), "unmerge").keys() == {"reason"}
    post(browser, matter, "join", "unmerge", reason="Two invoices after all")
    matter.refresh_from_db()
    assert matter.status == "in_progress"
    assert "This goes on in" not in text_of(browser.get(at(matter)))


@pytest.mark.parametrize(
    ("number", "words"), [("", "required"), ("soon", "Give the number"), ("9999999", "no interaction")]
)
def test_a_matter_is_merged_only_into_one_that_there_is(
    browser: Client, matter: Interaction, number: str, words: str
) -> None:
    refused = post(browser, matter, "join", "merge", other=number, reason="The same invoice")

    assert refused.status_code == 422
    assert words in str(errors(refused, "merge")["other"])
    assert "The same invoice" in text_of(refused)


def test_nobody_merges_over_two_partners_or_what_another_changed(browser: Client, matter: Interaction) -> None:
    elsewhere = an_interaction(a_partner("Globex"))

    foreign = post(browser, matter, "join", "merge", other=elsewhere.number, reason="x")
    assert "another partner" in str(errors(foreign, "merge")["other"])
    assert post(browser, matter, "join", "merge", other="1", reason="x", version=99).status_code == 409
    assert post(browser, matter, "join", "nothing-of-the-kind", reason="x").status_code == 404


def test_a_part_is_begun_and_the_whole_shows_how_it_stands(browser: Client, matter: Interaction) -> None:
    a_type("fault-report", name="Fault report")
    assert errors(post(browser, matter, "join", "begin-part", type="other"), "begin-part").keys() == {"type", "text"}

    post(browser, matter, "join", "begin-part", type="fault-report", subject="Measure it", text="Measure the circuit.")

    part = Interaction.objects.get(subject="Measure it")
    page = text_of(browser.get(at(matter)))
    assert "0 of 1 part has ended" in page
    assert part.number in page
    assert "Part of" in text_of(browser.get(at(part)))
    refused = post(browser, matter, "move", "resolve", resolution="Done")
    assert part.number in refused.context["problem"].text

    link = part.links.get()
    assert post(browser, matter, "end_part", link.pk).status_code == 302
    assert post(browser, matter, "end_part", link.pk).status_code == 404
    assert post(browser, matter, "join", "part-of", other=part.number)["Location"] == at(part)


def test_a_matter_goes_on_as_one_of_another_vertical_with_its_history(browser: Client, matter: Interaction) -> None:
    a_type("dispute", name="Dispute")
    a_type("only-outbound", directions=[Direction.OUTBOUND])
    types = str(browser.get(at(matter, "belonging")).context["ways"][3][1].fields["type"].choices)
    assert "dispute" in types
    assert "only-outbound" not in types

    post(browser, matter, "join", "pass-on", type="dispute", reason="It is about money")

    following = Interaction.objects.get(type__code="dispute")
    assert (following.subject, following.status) == (matter.subject, "received")
    assert f"This goes on in {following.number}" in text_of(browser.get(at(matter)))
    assert "Taken over from" in text_of(browser.get(at(following)))


def test_what_ended_by_itself_can_join_nothing(browser: Client, matter: Interaction, other: Interaction) -> None:
    linking.make_part(other, matter, actor=rosa(), at=MONDAY)
    post(browser, matter, "move", "cancel", reason="Not needed")

    assert "Nothing can be joined here" in text_of(browser.get(at(matter, "belonging")))
