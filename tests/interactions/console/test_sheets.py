"""What is laid over the page of an interaction: its small forms, the history of a field, the proof of its record."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from interactions.domain import lifecycle, ownership
from interactions.domain.lifecycle import Words
from interactions.enums import Move
from interactions.models import Interaction, Team
from partners.domain import record, seals
from partners.enums import Priority
from partners.models import Partner, User
from tests.factories.world import a_type, an_actor_for, an_interaction
from tests.interactions.console.pages import at, post, text_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Target": "sheet-content"}


@pytest.mark.parametrize("name", ["move-ask", "move-resolve", "move-cancel", "move-annul", "assign", "hand-over"])
def test_a_form_is_there_over_the_page_and_as_a_page(browser: Client, matter: Interaction, name: str) -> None:
    part = text_of(browser.get(at(matter, "sheet", name), headers=HTMX))
    whole = text_of(browser.get(at(matter, "sheet", name)))

    assert "<html" not in part
    assert 'name="version"' in part
    assert "<html" in whole
    assert "Leave it as it is" in whole


@pytest.mark.parametrize("name", ["move-reopen", "move-answer", "move-fly", "finish-1", "finish-99999", "nothing"])
def test_what_cannot_be_done_has_no_form(browser: Client, matter: Interaction, name: str) -> None:
    assert browser.get(at(matter, "sheet", name)).status_code == 404


def test_a_step_is_finished_through_its_form(browser: Client, acme: Partner, front_desk: Team) -> None:
    a_type("one-step", plan=[("Measure the line", front_desk)])
    interaction = an_interaction(acme, type="one-step")

    assert "Finish “Measure the line”" in text_of(browser.get(at(interaction, "sheet", "finish-1"), headers=HTMX))


def test_who_was_overtaken_is_told_what_others_did(browser: Client, matter: Interaction) -> None:
    seen = record.lock_heads([matter.stream])[matter.stream].length
    tom = an_actor_for(User.objects.create_user("tom@example.org", name="Tom Berger", is_representative=True))
    ownership.set_priority(matter, Priority.HIGH, actor=tom, at=timezone.now())
    lifecycle.make_move(matter, Move.ASK, actor=tom, at=timezone.now(), words=Words(waiting_for="A copy"))

    answer = post(browser, matter, "say", mode="reply", reply="My words", version=matter.version, seen=seen)

    assert answer.status_code == 409
    assert "Meanwhile:" in text_of(answer)
    assert "Priority changed from Normal to High" in text_of(answer)
    assert ">My words</textarea>" in text_of(answer)


def test_a_field_tells_its_history(browser: Client, matter: Interaction, rosa: User) -> None:
    ownership.set_priority(matter, Priority.HIGH, actor=an_actor_for(rosa), at=timezone.now())
    lifecycle.make_move(
        matter, Move.ASK, actor=an_actor_for(rosa), at=timezone.now(), words=Words(waiting_for="A copy")
    )

    priorities = text_of(browser.get(at(matter, "history", "priority"), headers=HTMX))
    statuses = text_of(browser.get(at(matter, "history", "status"), headers=HTMX))

    assert "Priority changed from Normal to High" in priorities
    assert "Waiting for an answer" not in priorities
    assert "Waiting for an answer" in statuses
    assert browser.get(at(matter, "history", "colour")).status_code == 404


def test_the_record_is_checked_while_one_looks_and_can_be_taken_along(browser: Client, matter: Interaction) -> None:
    page = text_of(browser.get(at(matter, "record")))
    lines = b"".join(browser.get(at(matter, "record_download")).streaming_content).decode().splitlines()  # type: ignore[attr-defined]

    seal = seals.check(matter.stream)
    assert seal is not None
    assert "Complete and unchanged" in page
    assert len(lines) == seal.length
    assert json.loads(lines[-1])["digest"] == seal.digest


def test_a_record_without_its_end_is_found_out(browser: Client, matter: Interaction) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE partners_recordstream SET length = length + 1 WHERE name = %s", [matter.stream])

    assert "The record is not as it was written" in text_of(browser.get(at(matter, "record")))
