"""An act that needs a stronger sign-in asks for it, and goes on with what was written; nothing is done before."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from interactions.domain import lifecycle
from interactions.domain.lifecycle import Words
from interactions.enums import Direction, Move, Status
from interactions.models import Attachment, Interaction, Item, RequestDraft
from partners.domain import interruptions
from partners.enums import AssuranceLevel
from partners.models import RecordEntry, User
from tests.factories.factors import an_authenticator_app, code_of, let_pass, prove
from tests.factories.partners import MembershipFactory
from tests.factories.world import (
    PASSWORD,
    a_partner,
    a_person_of,
    a_representative,
    a_role,
    an_actor_for,
    an_interaction,
    signed_in,
)

pytestmark = pytest.mark.django_db

AGREED = "We agree to the settlement for May."


@pytest.fixture
def paul() -> User:
    return a_person_of(a_partner("Sunny Mobile", role="mvno"), "Paul Acheson", password=PASSWORD)


@pytest.fixture
def approval(paul: User) -> Interaction:
    """A settlement that we ask Paul's company to agree to."""
    rosa = an_actor_for(a_representative())
    matter = an_interaction(
        actor=rosa,
        subject="Settlement for May",
        type="settlement-approval",
        direction=Direction.OUTBOUND,
        partner_id=paul.memberships.get().partner_id,
    )
    words = Words(waiting_for="Your approval")
    matter = lifecycle.make_move(matter, Move.START, actor=rosa, at=timezone.now())
    return lifecycle.make_move(matter, Move.ASK, actor=rosa, at=timezone.now(), words=words)


def page_of(matter: Interaction) -> str:
    return f"/portal/interactions/{matter.number}/"


def answer(browser: Client, matter: Interaction, **more: Any) -> Any:
    version = Interaction.objects.get(pk=matter.pk).version
    return browser.post(f"{page_of(matter)}answer/", {"text": AGREED, "version": version, **more})


def asked_at(response: Any) -> str:
    """The page that asks for more, without a word of what was written in its address."""
    address = str(response.headers["Location"])
    assert response.status_code == 302
    assert address.startswith("/account/step-up/")
    assert "?" not in address
    return address


def test_what_needs_more_is_opened_once_more_is_proven(paul: User, approval: Interaction) -> None:
    browser = signed_in(paul)

    asking = asked_at(browser.get(page_of(approval)))
    page = browser.get(asking).content.decode()
    prove(browser)
    after = browser.get(asking)

    assert "Set up an authenticator app" in page
    assert approval.subject not in page
    assert (after.status_code, after.headers["Location"]) == (302, page_of(approval))
    assert approval.subject in browser.get(page_of(approval)).content.decode()


def test_an_answer_waits_with_its_file_until_a_code_was_typed_and_is_given_once(
    paul: User, approval: Interaction
) -> None:
    secret = an_authenticator_app(paul)
    browser = signed_in(paul, level=AssuranceLevel.DOUBLE)
    let_pass(browser, minutes=20)
    file = SimpleUploadedFile("statement.txt", b"100 EUR", "text/plain")

    asking = asked_at(answer(browser, approval, attachment=file))
    before = Item.objects.filter(text=AGREED).count()
    asked = browser.get(asking).content.decode()
    shown = browser.post(f"/account/2fa/reauthenticate/?next={asking}", {"code": code_of(secret), "next": asking})
    confirming = browser.get(asking).content.decode()
    done = browser.post(asking)
    again = browser.post(asking)

    assert before == 0
    assert "Enter a code" in asked
    assert (shown.status_code, shown.headers["Location"]) == (302, asking)
    assert AGREED in confirming
    assert "statement.txt" in confirming
    assert done.status_code == 302
    assert Item.objects.filter(text=AGREED).count() == 1
    with Attachment.objects.get(name="statement.txt").file.open() as stored:
        assert stored.read() == b"100 EUR"
    assert Interaction.objects.get(pk=approval.pk).status == Status.IN_PROGRESS
    assert again.status_code == 404
    assert list(interrupted_files()) == []


def interrupted_files() -> list[str]:
    return default_storage.listdir(interruptions.PLACE)[1] if default_storage.exists(interruptions.PLACE) else []


def test_the_record_says_that_somebody_proved_more(paul: User) -> None:
    secret = an_authenticator_app(paul)
    browser = signed_in(paul)

    browser.post("/account/2fa/reauthenticate/", {"code": code_of(secret)})

    entry = RecordEntry.objects.get(event="access.stepped_up")
    assert (entry.actor_id, entry.facts["credential"]) == (paul.pk, "totp")
    assert entry.partner_id == paul.memberships.get().partner_id


def test_nothing_is_done_before_enough_is_proven(paul: User, approval: Interaction) -> None:
    browser = signed_in(paul)
    asking = asked_at(browser.get(page_of(approval)))

    still = browser.post(asking)

    assert still.status_code == 200
    assert "One more proof" in still.content.decode()


def test_confirming_needs_a_token_of_the_page(paul: User, approval: Interaction) -> None:
    browser = signed_in(paul, level=AssuranceLevel.DOUBLE)
    let_pass(browser, minutes=20)
    asking = asked_at(answer(browser, approval))
    prove(browser)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies

    refused = strict.post(asking)

    assert refused.status_code == 403
    assert not Item.objects.filter(text=AGREED).exists()


def test_what_waits_is_for_who_began_it(paul: User, approval: Interaction) -> None:
    browser = signed_in(paul, level=AssuranceLevel.DOUBLE)
    let_pass(browser, minutes=20)
    asking = asked_at(answer(browser, approval))
    mallory = signed_in(a_person_of(a_partner("Initech", role="mvno"), "Mallory Vane"), level=AssuranceLevel.DOUBLE)

    assert mallory.get(asking).status_code == 404
    assert mallory.post(asking).status_code == 404


def test_what_was_begun_in_one_role_is_not_done_in_another(paul: User, approval: Interaction) -> None:
    membership = paul.memberships.get()
    membership.roles.add(a_role(membership.partner, "wholesaler"))
    browser = signed_in(paul, level=AssuranceLevel.DOUBLE)
    let_pass(browser, minutes=20)
    asking = asked_at(answer(browser, approval))
    other = membership.roles.get(kind__code="wholesaler")
    prove(browser)
    browser.post("/portal/acting/", {"choice": f"{membership.pk}:{other.pk}"})

    page = browser.get(asking).content.decode()
    browser.post(asking)

    assert "You act in another role now" in page
    assert not Item.objects.filter(text=AGREED).exists()


def test_what_was_filled_in_for_one_partner_is_not_sent_as_another_and_goes_on_after_switching_back(paul: User) -> None:
    sunny, place = paul.memberships.get(), MembershipFactory.create(user=paul, partner=a_partner("Globex Mobile"))
    choices = {name: f"{one.pk}:{one.roles.get().pk}" for name, one in (("sunny", sunny), ("globex", place))}
    form, browser = "/portal/interactions/new/general-query/", signed_in(paul)
    browser.post("/portal/acting/", {"choice": choices["sunny"]})
    assert f'name="acting" value="{choices["sunny"]}"' in browser.get(form).text
    browser.post("/portal/acting/", {"choice": choices["globex"]})  # in another window

    filled = {"subject": "Our terms", "text": "For Sunny alone", "visibility": "company", "acting": choices["sunny"]}
    kept = browser.post(f"{form}draft/", filled, headers={"Sec-Fetch-Dest": "empty"})
    assert (kept.status_code, RequestDraft.objects.exists()) == (409, False)
    asking = asked_at(browser.post(form, filled))
    page = browser.get(asking).text
    assert all(told in page for told in ("You began this for Sunny Mobile", "For Sunny alone"))
    assert not Interaction.objects.exists()
    back = browser.post("/portal/acting/", {"choice": choices["sunny"], "waiting": asking.split("/")[-2]})
    assert back.headers["Location"] == asking
    browser.post(asking)

    assert Interaction.objects.get().partner == sunny.partner


def test_a_part_of_a_page_leads_the_whole_page_on(paul: User, approval: Interaction) -> None:
    response = signed_in(paul).get(page_of(approval), headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert response.headers["HX-Redirect"].startswith("/account/step-up/")


def test_files_of_acts_that_nobody_resumed_are_forgotten(paul: User, approval: Interaction) -> None:
    browser = signed_in(paul, level=AssuranceLevel.DOUBLE)
    let_pass(browser, minutes=20)
    answer(browser, approval, attachment=SimpleUploadedFile("statement.txt", b"100 EUR", "text/plain"))
    (name,) = interrupted_files()

    now = timezone.now()
    kept = interruptions.forget(at=now)
    gone = interruptions.forget(at=now + 3 * interruptions.KEPT_FOR)

    assert (kept, gone) == (0, 1)
    assert Path(name).suffix == ""


def test_no_more_than_a_few_acts_wait_in_a_session(paul: User, approval: Interaction) -> None:
    browser = signed_in(paul)
    first, *others = [asked_at(browser.get(page_of(approval))) for _ in range(interruptions.MOST + 1)]

    assert browser.get(first).status_code == 404
    assert {browser.get(other).status_code for other in others} == {200}


def test_a_second_factor_is_changed_only_with_the_one_there_is(paul: User) -> None:
    an_authenticator_app(paul)
    browser = signed_in(paul)

    asked = browser.get("/account/2fa/webauthn/add/")

    assert asked_at(asked)


def test_a_form_that_was_sent_too_late_is_not_lost(paul: User) -> None:
    matter = an_interaction(paul.memberships.get().partner, actor=an_actor_for(paul), subject="Link down in Kiel")
    browser = signed_in(paul)
    let_pass(browser, minutes=121)
    by_itself = browser.get("/portal/", headers={"Sec-Fetch-Dest": "empty"})  # as the page's scripts ask

    late = answer(browser, matter)
    address = late.headers["Location"]
    signing_in = browser.get(address)
    asking = address.partition("next=")[2].replace("%2F", "/")
    back = browser.post("/account/login/", {"login": paul.email, "password": PASSWORD, "next": asking})
    page = browser.get(asking).content.decode()
    browser.post(asking)

    assert by_itself.headers["Location"].startswith("/account/login/")
    assert address.startswith("/account/login/?next=%2Faccount%2Fstep-up%2F")
    assert "You were signed out" in signing_in.content.decode()
    assert back.headers["Location"] == asking
    assert AGREED in page
    assert Item.objects.filter(text=AGREED).count() == 1


def test_a_page_that_was_asked_for_too_late_is_shown_after_signing_in_again(paul: User) -> None:
    browser = signed_in(paul)
    let_pass(browser, minutes=121)

    late = browser.get("/portal/interactions/")

    assert late.headers["Location"] == "/account/login/?next=/portal/interactions/"
    assert RecordEntry.objects.get(event="access.ran_out").facts["limit"] == "idle"
    assert browser.get("/portal/").status_code == 302
