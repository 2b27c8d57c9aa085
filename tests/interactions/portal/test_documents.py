"""All files on one page: what somebody may read of the own partner's, and nothing else."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interactions.domain import conversation
from interactions.domain.conversation import Saying
from interactions.enums import Side, Visibility
from interactions.models import Interaction
from interactions.payloads import File
from partners.enums import Channel
from partners.models import User
from tests.factories.world import (
    a_partner,
    a_person_of,
    a_representative,
    a_type,
    an_actor_for,
    an_interaction,
    signed_in,
)

pytestmark = pytest.mark.django_db
PAGE = "/portal/documents/"


@pytest.fixture
def paul() -> User:
    return a_person_of(a_partner("Acme Wholesale"), "Paul Acheson")


def a_file(name: str) -> File:
    return File(name=name, content=b"%PDF-1.4", content_type="application/pdf")


def sent(person: User, *names: str, **fields: Any) -> Interaction:
    partner = person.memberships.get().partner
    return an_interaction(partner, actor=an_actor_for(person), files=[a_file(name) for name in names], **fields)


def names(answer: Any) -> list[str]:
    return [file.name for file in answer.context["page"].rows]


def test_files_of_both_sides_are_found_by_name_and_opened(paul: User) -> None:
    matter = sent(paul, "Invoice 4711.pdf", "plan.pdf")
    saying = Saying(
        text="Corrected.", side=Side.ENTERPRISE, channel=Channel.WEB, files=[a_file("Corrected INVOICE.pdf")]
    )
    conversation.say(matter, saying, actor=an_actor_for(a_representative()), at=timezone.now())
    browser = signed_in(paul)

    assert names(browser.get(PAGE)) == ["Corrected INVOICE.pdf", "plan.pdf", "Invoice 4711.pdf"]
    assert names(browser.get(PAGE, {"q": "invoice corr"})) == ["Corrected INVOICE.pdf"]
    assert names(browser.get(PAGE, {"q": "100%"})) == []
    (file,) = browser.get(PAGE, {"q": "4711"}).context["page"].rows
    address = f"/portal/interactions/{matter.number}/files/{file.pk}/"
    assert address in browser.get(PAGE).text
    assert b"".join(browser.get(address).streaming_content) == b"%PDF-1.4"  # type: ignore[attr-defined]


def test_what_is_kept_to_others_or_behind_a_stronger_sign_in_is_not_listed(paul: User) -> None:
    acme = paul.memberships.get().partner
    petra = a_person_of(acme, "Petra Ames")
    sent(petra, "petra.pdf", visibility=Visibility.OWN)
    sent(a_person_of(a_partner("Globex Mobile"), "Mallory Voss"), "globex.pdf")
    a_type("guarded", minimum_level=2)
    sent(petra, "guarded.pdf", type="guarded")
    sent(paul, "paul.pdf")

    page = signed_in(paul).get(PAGE)

    assert names(page) == ["paul.pdf"]
    assert "stronger sign-in" in page.text


def test_pages_follow_each_other_for_the_same_queries(paul: User) -> None:
    browser = signed_in(paul)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            browser.get(PAGE)
        return len(captured)

    assert names(browser.get(PAGE)) == []
    sent(paul, "0.pdf")
    first = queries()
    sent(paul, *(f"{number}.pdf" for number in range(1, 30)))
    assert queries() == first

    page = browser.get(PAGE)
    older = names(browser.get(PAGE, {"after": page.context["page"].after}))
    assert len(names(page)) == 25
    assert sorted({*names(page), *older}) == sorted(f"{number}.pdf" for number in range(30))
